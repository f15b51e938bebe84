import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.js';
import { formatVkey, openNote, parseNote, parseVkey, signNote, type NoteVerifier } from './signed-note.js';

/** The example of ledger.md §4. */
const EXAMPLE = `ledger.example
1000
7OmuOtDoQWlAW+QlEgzQUWTFNY+ZoMeJqd8vvmP6mrY=

— ledger.example GQN6gefJiE0BWN0DCtBxNC0J5KLTkGiRwrRWUDX0U8D9F7rbyMOBEg4A3Wh/0xtm4cFJsXAs6iFGu3Gs/XFYCSbSkgU=
`;
const EXAMPLE_VKEY = 'ledger.example+19037a81+AdeSd/NY4FnBeMK/wltU1Qn6OfRy4HCGdulNbuFdePdT';

function verifier(vkey: string): NoteVerifier {
  const parsed = parseVkey(vkey);
  if (!parsed.ok) throw new Error(parsed.problem.kind);
  return parsed.value;
}
const { privateKey } = generateKeyPairSync('ed25519');
const signer = { name: 'log.test', privateKey };
const own = verifier(formatVkey('log.test', privateKey));
const example = verifier(EXAMPLE_VKEY);

describe('a checkpoint', () => {
  it('is read as in the published example', () => {
    expect(openCheckpoint(EXAMPLE, example)).toMatchObject({
      ok: true,
      value: { origin: 'ledger.example', size: 1000 },
    });
    expect(formatVkey('ledger.example', example.publicKey)).toBe(EXAMPLE_VKEY);
  });

  it('is refused after any change of any byte', () => {
    const bytes = Buffer.from(EXAMPLE);
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
        expect(openCheckpoint(changed.toString('utf8'), example).ok).toBe(false);
      }
    }
  });

  it('is the same note whoever signs it again', () => {
    const checkpoint = { origin: 'log.test', size: 7, root: Buffer.alloc(32, 3) };
    const note = signCheckpoint(checkpoint, signer);
    expect(signCheckpoint(checkpoint, signer)).toBe(note);
    expect(openCheckpoint(note, own)).toEqual({ ok: true, value: checkpoint });
  });

  it.each(['01', '-1', '1e3', '', '9007199254740993', '99999999999999999999'])('has no size %p', (size) => {
    const root = Buffer.alloc(32).toString('base64');
    expect(parseCheckpoint(`log.test\n${size}\n${root}\n`)).toMatchObject({
      problem: { kind: 'CheckpointMalformed' },
    });
  });

  it('of another origin is refused though the key is right', () => {
    const note = signNote(`other.test\n0\n${Buffer.alloc(32).toString('base64')}\n`, signer);
    expect(openCheckpoint(note, own)).toMatchObject({ problem: { kind: 'CheckpointOfOtherLog' } });
  });
});

describe('a signed note', () => {
  const note = signNote('hello\n\nworld\n', signer);
  const line = note.slice(note.lastIndexOf('—'));

  it('splits at the last empty line', () => {
    expect(parseNote(note)).toMatchObject({
      value: { text: 'hello\n\nworld\n', signatures: [{ name: 'log.test' }] },
    });
  });

  it('ignores signatures of unknown keys, and wants one of a known key', () => {
    const stranger = { name: 'w.test', privateKey: generateKeyPairSync('ed25519').privateKey };
    const strange = signNote('hello\n\nworld\n', stranger).slice('hello\n\nworld\n\n'.length);
    expect(openNote(note + strange, [own]).ok).toBe(true);
    expect(openNote(`hello\n\nworld\n\n${strange}`, [own])).toMatchObject({
      problem: { kind: 'NoteKeyUnknown' },
    });
  });

  it('is rejected by one failing signature of a known key', () => {
    const forged = signNote('hello\n', signer).replace('hello', 'hullo');
    expect(openNote(forged, [own])).toMatchObject({ problem: { kind: 'NoteSignatureInvalid' } });
  });

  it('has at most 16 signatures', () => {
    expect(parseNote(`a\n\n${line.repeat(16)}`).ok).toBe(true);
    expect(parseNote(`a\n\n${line.repeat(17)}`).ok).toBe(false);
  });

  it.each([
    '',
    'a\n',
    'a\n\n',
    `a\n\n${line.trimEnd()}`,
    `a\t\n\n${line}`,
    `a\n\n${line.replace('log', 'l+g')}`,
  ])('is not %p', (text) => {
    expect(parseNote(text)).toMatchObject({ problem: { kind: 'NoteMalformed' } });
  });

  it('carries any text without control characters', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((t) => !/\p{Cc}/u.test(t));
    fc.assert(
      fc.property(text, (t) => {
        expect(openNote(signNote(`${t}\n`, signer), [own])).toMatchObject({ value: { text: `${t}\n` } });
      }),
    );
  });
});
