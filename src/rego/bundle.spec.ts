import { sha256 } from '../kernel/digest.js';
import { bundleDigest, listBundle, sourceDigest, wasmMember } from './bundle.js';

const member = (name: string, text: string): { name: string; bytes: Buffer } => ({
  name,
  bytes: Buffer.from(text),
});
const [a, b, wasm] = [
  member('a.rego', 'package a'),
  member('lib/b.rego', 'package b'),
  member('policy.wasm', '\0asm'),
];

describe('a bundle', () => {
  it('is named by what it holds, whatever the order', () => {
    expect(bundleDigest(listBundle([wasm, b, a]))).toBe(bundleDigest(listBundle([a, b, wasm])));
    expect(bundleDigest(listBundle([a, b, wasm]))).not.toBe(bundleDigest(listBundle([a, wasm])));
    expect(bundleDigest(listBundle([member('b.rego', 'package a')]))).not.toBe(bundleDigest(listBundle([a])));
  });

  it('is named by the SHA-256 of its listing, so that the listing is a blob like any other', () => {
    const listing = listBundle([wasm]);
    expect(listing).toBe(`[{"digest":"${sha256('\0asm')}","length":4,"name":"policy.wasm"}]`);
    expect(bundleDigest(listing)).toBe(sha256(listing));
  });

  it('says which blob is its compiled module', () => {
    expect(wasmMember(listBundle([a, wasm]))).toBe(sha256('\0asm'));
    expect(() => wasmMember(listBundle([a]))).toThrow('no compiled module');
  });

  it('has no two members of one name', () => {
    expect(() => listBundle([a, a])).toThrow('one name');
  });
});

describe('the digest of sources', () => {
  const files = [
    { path: 'a.rego', text: 'package a' },
    { path: 'b.rego', text: 'package b' },
  ];

  it('is the same for the same sources in any order, and another when a letter changes', () => {
    expect(sourceDigest(files.toReversed())).toBe(sourceDigest(files));
    expect(sourceDigest([{ path: 'a.rego', text: 'package A' }])).not.toBe(
      sourceDigest([files[0] ?? { path: '', text: '' }]),
    );
  });
});
