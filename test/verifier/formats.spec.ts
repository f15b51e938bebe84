import { readFileSync } from 'node:fs';
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fromBase64, fromHex, toBase64, toHex } from '../../src/verifier/bytes.js';
import { parseCheckpoint, requireLogSignature } from '../../src/verifier/checkpoint.js';
import { nodeCrypto } from '../../src/verifier/crypto.io.js';
import { CODES, Findings } from '../../src/verifier/finding.js';
import { canonical, parseCanonical, type Json } from '../../src/verifier/json.js';
import { parseTileName, tileName } from '../../src/verifier/names.js';
import { parseVkey } from '../../src/verifier/note.js';
import { checkCosignatures, parsePolicy } from '../../src/verifier/policy.js';
import { hashLeaf, TileNodes, Tree } from '../../src/verifier/tree.js';
import { rootOf } from '../../src/ledger/merkle.js';
import { sha256 } from './kit.js';

const crypto = nodeCrypto();

describe('canonical JSON (RFC 8785)', () => {
  it('writes the example of section 3.2.2', () => {
    const source =
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';
    expect(canonical(JSON.parse(source) as Json)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 code units (section 3.2.3)', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const text = canonical(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(Object.keys(JSON.parse(text) as object).filter((key) => key !== '1')).toEqual([
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\u{1f600}',
      '\ufb33',
    ]);
  });

  it.each([
    ['white space', '{"a": 1}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['keys out of order', '{"b":1,"a":1}'],
    ['a needless escape', '"\\u0061"'],
    ['an upper-case escape', '"\\u000F"'],
    ['another form of a number', '1.0'],
    ['minus zero', '-0'],
    ['a number beyond the doubles', '1e400'],
    ['an integer that is rounded', '9007199254740993'],
    ['a lone surrogate', '"\\ud800"'],
    ['a byte order mark', '\ufeff1'],
    ['text behind the document', '1 '],
    ['nothing', ''],
    ['nesting without end', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('refuses %s', (_, text) => {
    expect(() => parseCanonical(text, 'x')).toThrow(/encoding-json x/);
  });
});

describe('base64', () => {
  it('is read and written as by others, and in no second form', () => {
    for (let length = 0; length < 200; length += 1) {
      const bytes = sha256(Buffer.of(length)).subarray(0, length % 33);
      const text = bytes.toString('base64');
      expect(toBase64(bytes)).toBe(text);
      expect(toHex(fromBase64(text) ?? Buffer.of(1))).toBe(bytes.toString('hex'));
      expect(toHex(fromHex(bytes.toString('hex')) ?? Buffer.of(1))).toBe(bytes.toString('hex'));
    }
    for (const wrong of [
      'A',
      'AA',
      'AAA',
      'AB==',
      'AAB=',
      'A===',
      '====',
      'AA=A',
      'AA==AA==',
      ' AAA',
      'AA-_',
      'AAAA\n',
    ]) {
      expect({ wrong, bytes: fromBase64(wrong) }).toEqual({ wrong, bytes: undefined });
    }
  });
});

describe('a tree (RFC 6962)', () => {
  const hash = (bytes: Uint8Array): Uint8Array => crypto.sha256(bytes);
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const roots: Record<number, string> = {
    0: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    1: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    2: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    3: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    5: '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    7: 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  };

  it.each(Object.entries(roots))('has the published root at size %s', (size, root) => {
    const hashes = leaves
      .slice(0, Number(size))
      .map((hex) => hashLeaf(hash, fromHex(hex) ?? new Uint8Array()));
    const tree = new Tree(hash);
    if (hashes.length > 0) tree.add(Buffer.concat(hashes));
    expect(toHex(tree.rootAt(tree.size))).toBe(root);
  });

  it.each([1, 2, 255, 256, 257, 511, 513, 1000, 65_537])(
    'proves inclusion and earlier roots as the definition does: size %d',
    (size) => {
      const hashes = Array.from({ length: size }, (_, i) => sha256(Buffer.from(String(i))));
      const earlier = [1, 2, 3, 100, 255, 256, 257, 300, 512, 768, 999, 65_536, size].filter(
        (m) => m <= size,
      );
      const tree = new Tree(hash, earlier);
      for (let at = 0; at < size; at += 256) tree.add(Buffer.concat(hashes.slice(at, at + 256)));
      for (const m of earlier)
        expect(toHex(tree.rootAt(m))).toBe(rootOf(hashes, { start: 0, end: m }).toString('hex'));
      const root = toHex(tree.rootAt(size));
      for (const leaf of new Set(
        [0, 1, size >> 1, size - 2, size - 1, 255, 256].filter((i) => i >= 0 && i < size),
      )) {
        const tile = leaf - (leaf % 256);
        const path = tree.path(leaf, new TileNodes(hash, Buffer.concat(hashes.slice(tile, tile + 256))));
        expect(rootFrom({ leaf, size, hash: hashes[leaf] ?? Buffer.alloc(0) }, path)).toBe(root);
      }
    },
  );

  /** RFC 9162 §2.1.3.2, to the letter. */
  function rootFrom(
    { leaf, size, hash: first }: { leaf: number; size: number; hash: Buffer },
    path: readonly Uint8Array[],
  ): string {
    let [fn, sn, r] = [leaf, size - 1, first];
    for (const p of path) {
      expect(sn).not.toBe(0);
      if (fn % 2 === 1 || fn === sn) {
        r = sha256(Buffer.concat([Buffer.of(1), p, r]));
        while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
      } else r = sha256(Buffer.concat([Buffer.of(1), r, p]));
      [fn, sn] = [fn >> 1, sn >> 1];
    }
    expect(sn).toBe(0);
    return r.toString('hex');
  }
});

describe('tile names (C2SP tlog-tiles)', () => {
  it('are those of the specification, and no others are read', () => {
    expect(tileName({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(parseTileName('tile/entries/x001/234.p/8')).toEqual({ level: 'entries', index: 1234, width: 8 });
    for (const wrong of [
      'tile/00/000',
      'tile/0/1',
      'tile/0/x000/001',
      'tile/0/000.p/256',
      'tile/0/000.p/01',
      'tile/0/x001',
      'tile/64x/000',
    ])
      expect({ wrong, tile: parseTileName(wrong) }).toEqual({ wrong, tile: undefined });
  });
});

const NOTE = `ledger.example
1000
7OmuOtDoQWlAW+QlEgzQUWTFNY+ZoMeJqd8vvmP6mrY=

— ledger.example GQN6gefJiE0BWN0DCtBxNC0J5KLTkGiRwrRWUDX0U8D9F7rbyMOBEg4A3Wh/0xtm4cFJsXAs6iFGu3Gs/XFYCSbSkgU=
`;
const VKEY = 'ledger.example+19037a81+AdeSd/NY4FnBeMK/wltU1Qn6OfRy4HCGdulNbuFdePdT';
const sha = (bytes: Uint8Array): Uint8Array => crypto.sha256(bytes);

describe('checkpoints (C2SP)', () => {
  const key = parseVkey(VKEY, sha)!;
  const by = { key, origin: 'checkpoint-origin', signature: 'checkpoint-signature' } as const;

  it('of another implementation verify', async () => {
    const checkpoint = parseCheckpoint(NOTE, 'checkpoint');
    expect(checkpoint).toMatchObject({ origin: 'ledger.example', size: 1000 });
    await expect(requireLogSignature(crypto, checkpoint, by, 'checkpoint')).resolves.toBeUndefined();
  });

  it.each([
    ['a leading zero', NOTE.replace('\n1000', '\n01000')],
    ['an extension line', NOTE.replace('mrY=\n', 'mrY=\nmore\n')],
    ['a carriage return', NOTE.replace('1000', '1000\r')],
    ['a hyphen for the dash', NOTE.replace('—', '-')],
    ['two spaces', NOTE.replace('— ', '—  ')],
    ['no last newline', NOTE.slice(0, -1)],
    ['a second empty line', NOTE.replace('\n\n', '\n\n\n')],
    ['base64 with spare bits', NOTE.replace('mrY=', 'mrZ=')],
  ])('are refused with %s', async (_, note) => {
    const opened = (async () =>
      requireLogSignature(crypto, parseCheckpoint(note, 'checkpoint'), by, 'checkpoint'))();
    await expect(opened).rejects.toThrow(/checkpoint-(malformed|signature)/);
  });
});

describe('a policy with witnesses (C2SP tlog-policy, tlog-cosignature)', () => {
  const witness = (name: string) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(12);
    const typed = Buffer.concat([Buffer.of(4), raw]);
    const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).subarray(0, 4);
    const cosign = (text: string, time = 1_700_000_000n): string => {
      const at = Buffer.alloc(8);
      at.writeBigUInt64BE(time);
      const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${String(time)}\n${text}`), privateKey);
      return `— ${name} ${Buffer.concat([id, at, signature]).toString('base64')}\n`;
    };
    return { vkey: `${name}+${id.toString('hex')}+${typed.toString('base64')}`, cosign };
  };
  /** The same key for another witness: with its name the key id changes, and that only. */
  const renamed = (vkey: string): string => {
    const typed = Buffer.from(vkey.split('+').slice(2).join('+'), 'base64');
    const id = sha256(Buffer.concat([Buffer.from('w.example/d\n'), typed])).subarray(0, 4);
    return `w.example/d+${id.toString('hex')}+${typed.toString('base64')}`;
  };
  const [a, b, c] = ['w.example/a', 'w.example/b', 'w.example/c'].map(witness);
  const policyText = [
    `log ${VKEY}`,
    ...[`witness a ${a!.vkey} https://w.example/a`, `witness b ${b!.vkey}`, `witness c ${c!.vkey}`],
    ...['group bc any b c', 'group all all a bc', 'quorum all', ''],
  ].join('\n');
  const text = `${NOTE.split('\n\n')[0]!}\n`;

  async function codesOf(lines: string, policy = policyText): Promise<string[]> {
    const findings = new Findings();
    const checkpoint = parseCheckpoint(NOTE + lines, 'checkpoint');
    await checkCosignatures(crypto, checkpoint, parsePolicy(policy, 'policy.tlog', sha), findings);
    return findings.list().map(({ code }) => code);
  }

  it('is met by the cosignatures that it asks for, and by no fewer', async () => {
    expect(await codesOf(a!.cosign(text) + b!.cosign(text))).toEqual([]);
    expect(await codesOf(a!.cosign(text) + b!.cosign(text) + c!.cosign(text))).toEqual([]);
    expect(await codesOf(a!.cosign(text))).toEqual(['quorum']);
    expect(await codesOf(b!.cosign(text) + c!.cosign(text))).toEqual(['quorum']);
    expect(await codesOf('')).toEqual(['quorum']);
  });

  it('is not met by a cosignature of another text, of a stranger, or twice', async () => {
    const good = a!.cosign(text);
    expect(await codesOf(good + b!.cosign(text.replace('1000', '1001')))).toEqual(['cosignature', 'quorum']);
    expect(await codesOf(good + good + c!.cosign(text))).toEqual(['cosignature']);
    expect(await codesOf(good + b!.cosign(text) + witness('w.example/a').cosign(text))).toEqual([
      'checkpoint-unknown-signature',
    ]);
  });

  it('may name its witnesses in any alphabet', async () => {
    const policy = policyText.replaceAll(/\bbc\b/g, 'zweite_Prüfer');
    expect(await codesOf(a!.cosign(text) + b!.cosign(text), policy)).toEqual([]);
    expect(await codesOf(a!.cosign(text), policy)).toEqual(['quorum']);
  });

  it.each([
    ['a member that is not defined above', 'group x any d', 'quorum x'],
    ['a threshold above its members', 'group x 3 a b', 'quorum x'],
    ['a threshold with a leading zero', 'group x 01 a b', 'quorum x'],
    ['a member twice', 'group x any a a', 'quorum x'],
    ['a name that is taken', 'group a any b', 'quorum a'],
    ['a member of two groups', 'group x any a\ngroup y any a b', 'quorum y'],
    ['a key under a second name', `witness d ${renamed(a!.vkey)}`, 'quorum d'],
    ['two quorums', 'quorum a', 'quorum b'],
    ['no quorum', 'group x any a', ''],
    ['an unknown line', 'threshold 1', 'quorum a'],
    ['two spaces', 'group x  any a', 'quorum x'],
  ])('is refused with %s', (_, ...end) => {
    const lines = policyText.split('\n').slice(0, 4);
    const policy = `${[...lines, ...end.filter((line) => line !== '')].join('\n')}\n`;
    expect(() => parsePolicy(policy, 'policy.tlog', sha)).toThrow(/^policy policy.tlog/);
  });
});

describe('the table of codes in docs/AUDITING.md', () => {
  it('has every code with its step and meaning, and no other', () => {
    const docs = readFileSync(new URL('../../docs/AUDITING.md', import.meta.url), 'utf8');
    const section = docs.slice(docs.indexOf('## Verifying an evidence pack: assay verify'));
    const rows = [...section.matchAll(/^\| (\d)\s+\| `([a-z0-9-]+)`\s+\| (.*?)\s+\|$/gm)].map(
      ([, step, code, meaning]) => [code, [Number(step), meaning]],
    );
    expect(Object.fromEntries(rows)).toEqual(CODES);
  });
});
