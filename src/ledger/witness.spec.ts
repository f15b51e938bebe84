import { createHash, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { aWitness, type TestWitness } from '../../test/support/witness.js';
import { signNote } from './signed-note.js';
import { cosignatureLine, parseWitnessKey } from './witness-key.js';
import { parseWitnessPolicy } from './witness-policy.js';

const TEXT = 'ledger.test\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n';
const NOTE = signNote(TEXT, { name: 'ledger.test', privateKey: generateKeyPairSync('ed25519').privateKey });

function keyOf({ vkey }: TestWitness) {
  const parsed = parseWitnessKey(vkey);
  if (!parsed.ok) throw new Error(parsed.problem.detail);
  return parsed.value;
}

describe('a cosignature', () => {
  const witness = aWitness('witness.test/w1');

  it('counts when the witness made it over this note at the time it says, whatever else the answer holds', () => {
    const line = witness.cosign(TEXT);
    const other = aWitness('witness.test/w2').cosign(TEXT);
    const renewed = aWitness('witness.test/w1').cosign(TEXT); // same name, new key
    for (const answer of [`${line}\n`, `${other}\n${line}\n`, `${renewed}\n${line}\n${other}\n`])
      expect(cosignatureLine(NOTE, answer, keyOf(witness))).toBe(line);
  });

  it('does not count for another note, under another key or name, or when it is no line', () => {
    const elsewhere = TEXT.replace('\n7\n', '\n8\n');
    for (const answer of [
      witness.cosign(elsewhere),
      aWitness('witness.test/w1').cosign(TEXT),
      aWitness('witness.test/w2').cosign(TEXT),
      NOTE.slice(TEXT.length + 1),
      '',
      'ok',
      `${witness.cosign(TEXT)} `,
      witness.cosign(TEXT).replace('— ', '- '),
    ])
      expect(cosignatureLine(NOTE, `${answer}\n`, keyOf(witness))).toBeUndefined();
  });

  it('does not survive the change of any one bit, time included', () => {
    const [, , encoded = ''] = witness.cosign(TEXT).split(' ');
    const bytes = Buffer.from(encoded, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const line = `— witness.test/w1 ${changed.toString('base64')}\n`;
      expect(cosignatureLine(NOTE, line, keyOf(witness))).toBeUndefined();
    }
  });
});

describe('the key of a witness', () => {
  it('is refused when its id, type, length or encoding is not right', () => {
    const { vkey } = aWitness('w');
    const [name = '', id = '', key = ''] = vkey.split('+');
    const log = `${name}+${id}+${Buffer.concat([Buffer.of(1), Buffer.from(key, 'base64').subarray(1)]).toString('base64')}`;
    for (const wrong of [`${name}+00000000+${key}`, `x${vkey}`, `${vkey}A`, vkey.slice(0, -4), log, '', 'w'])
      expect(parseWitnessKey(wrong)).toMatchObject({ ok: false });
    expect(parseWitnessKey(vkey)).toMatchObject({ ok: true });
  });
});

/** The same key for another witness. */
const underName = (name: string, vkey: string): string => {
  const key = vkey.split('+').slice(2).join('+');
  const id = createHash('sha256').update(`${name}\n`).update(Buffer.from(key, 'base64')).digest('hex');
  return `${name}+${id.slice(0, 8)}+${key}`;
};

describe('a policy', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => aWitness(`witness.test/${name}`).vkey) as [
    string,
    string,
    string,
  ];
  const witnesses = `# who\nwitness a ${a} https://a.test/\nwitness b ${b} https://b.test/x\n\n witness\tc ${c} http://localhost:1 \n`;
  const policy = (rest: string) => {
    const parsed = parseWitnessPolicy(witnesses + rest);
    if (!parsed.ok) throw new Error(`${String(parsed.problem.line)}: ${parsed.problem.detail}`);
    return parsed.value;
  };

  it.each([
    ['quorum none', 0, true],
    ['quorum a', 0, false],
    ['group g any a b c\nquorum g', 1, true],
    ['group g 2 a b c\nquorum g', 2, true],
    ['group g all a b c\nquorum g', 3, true],
  ])('of %j is met by so many witnesses: %d', (rest, needed, anyWillDo) => {
    const { isMetBy, hasQuorum } = policy(`${rest}\n`);
    expect(hasQuorum).toBe(rest !== 'quorum none');
    for (let mask = 0; mask < 8; mask += 1) {
      const names = ['a', 'b', 'c'].filter((_, i) => mask & (1 << i));
      expect(isMetBy(new Set(names))).toBe(anyWillDo ? names.length >= needed : names.includes('a'));
    }
  });

  it('may nest groups', () => {
    const { isMetBy } = policy('group inner any b c\ngroup outer all a inner\nquorum outer\n');
    const met = ['a', 'b', 'c', 'ab', 'ac', 'bc', 'abc'].filter((names) => isMetBy(new Set(names)));
    expect(met).toEqual(['ab', 'ac', 'abc']);
  });

  it('says where to submit to', () => {
    expect(policy('quorum none\n').witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['a', 'https://a.test'],
      ['b', 'https://b.test/x'],
      ['c', 'http://localhost:1'],
    ]);
  });

  it.each([
    ['', 'a quorum line is required'],
    ['quorum d', 'd is not defined above'],
    ['quorum a\nquorum b', 'a second quorum line'],
    ['group g 4 a b c\nquorum g', 'expected all, any, or a number from 1 to 3'],
    ['group g 0 a\nquorum g', 'expected all, any, or a number from 1 to 1'],
    ['group g 1.5 a b\nquorum g', 'expected all, any, or a number from 1 to 2'],
    ['group g any g\nquorum g', 'g is not defined above'],
    ['group g any a a\nquorum g', 'a member is named twice'],
    ['group a any b\nquorum a', 'a is defined twice'],
    [`witness d ${a}\nquorum d`, 'the same key twice: one witness would count as two'],
    [
      `witness d ${underName('witness.test/d', a)}\nquorum d`,
      'the same key twice: one witness would count as two',
    ],
    ['group g any a b\ngroup h any a c\nquorum h', 'a is in another group: one witness would count as two'],
    ['group all any a\nquorum all', 'all cannot be a name'],
    ['group g#1 any a\nquorum g#1', 'g#1 cannot be a name'],
    [`witness none ${aWitness('d').vkey}\nquorum none`, 'none cannot be a name'],
    ['witness d vkey\nquorum d', 'not a vkey: expected <name>+<8 hex digits>+<base64>'],
    ['nonsense', 'unknown keyword nonsense'],
    ['log x\nquorum none', 'the log has no Ed25519 vkey'],
  ])('is refused with its reason: %j', (rest, detail) => {
    expect(parseWitnessPolicy(witnesses + rest)).toMatchObject({ ok: false, problem: { detail } });
  });

  it('is refused or read, but never breaks the reader', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('log', 'witness', 'group', 'quorum', 'any', 'a', a, '2', ' ', '\n')),
        (words) => {
          expect(typeof parseWitnessPolicy(words.join(' ')).ok).toBe('boolean');
        },
      ),
    );
  });
});
