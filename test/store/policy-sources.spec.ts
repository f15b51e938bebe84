import { describe, expect, it } from '@jest/globals';
import { BlobBundles, MODULES } from '../../src/app/compose/policy-sources.js';
import { sha256 } from '../../src/kernel/digest.js';
import { listBundle } from '../../src/rego/bundle.js';
import { MemoryBlobStore } from '../support/memory-blobs.js';

const MODULE = Buffer.from('the module');
const SOURCES = { 'a/b.rego': 'package a.b', 'z.rego': 'package z' };

/** A stored bundle with some of its members left out. */
async function stored(data: string, missing: readonly string[] = []) {
  const blobs = new MemoryBlobStore();
  const members = Object.entries({ ...SOURCES, 'policy.wasm': MODULE, 'data.json': data }).map(
    ([name, text]) => ({ name, bytes: Buffer.from(text) }),
  );
  for (const { name, bytes } of members) if (!missing.includes(name)) await blobs.put(MODULES, bytes);
  const bundle = await blobs.put(MODULES, Buffer.from(listBundle(members)));
  return { bundles: new BlobBundles(blobs), bundle };
}

describe('a stored bundle', () => {
  it('is answered with its base document and its sources', async () => {
    const { bundles, bundle } = await stored('{"limits":[1,2]}');
    const loaded = await bundles.get(bundle);
    expect(Buffer.from(loaded?.wasm ?? []).toString()).toBe('the module');
    expect(loaded?.data?.text).toBe('{"limits":[1,2]}');
    const content = await bundles.sourcesOf(bundle);
    expect(content?.files).toEqual(Object.entries(SOURCES).map(([path, text]) => ({ path, text })));
    expect(content?.data?.text).toBe('{"limits":[1,2]}');
  });

  it.each(['{}', '{}\n'])('with the empty base document %j has none, stored or not', async (empty) => {
    const { bundles, bundle } = await stored(empty, ['data.json']);
    expect(Object.keys((await bundles.get(bundle)) ?? {})).toEqual(['wasm']);
    expect(Object.keys((await bundles.sourcesOf(bundle)) ?? {})).toEqual(['files']);
  });

  it('is not there while something it needs is not', async () => {
    const { bundles } = await stored('{}');
    expect(await bundles.get(sha256('no such bundle'))).toBeUndefined();
    expect(await bundles.sourcesOf(sha256('no such bundle'))).toBeUndefined();
    for (const missing of ['policy.wasm', 'data.json']) {
      const lacking = await stored('{"a":1}', [missing]);
      expect(await lacking.bundles.get(lacking.bundle)).toBeUndefined();
    }
    const sourceless = await stored('{}', ['z.rego']);
    expect(await sourceless.bundles.sourcesOf(sourceless.bundle)).toBeUndefined();
    expect(await sourceless.bundles.get(sourceless.bundle)).toBeDefined();
  });

  it('that was changed, or whose base document two readers could read differently, is refused', async () => {
    const blobs = new MemoryBlobStore();
    const twice = '{"a":1,"a":2}';
    for (const bytes of [MODULE, Buffer.from(twice)]) await blobs.put(MODULES, bytes);
    const listing = listBundle([
      { name: 'policy.wasm', bytes: MODULE },
      { name: 'data.json', bytes: Buffer.from(twice) },
    ]);
    const bundle = await blobs.put(MODULES, Buffer.from(listing));
    await expect(new BlobBundles(blobs).get(bundle)).rejects.toThrow(/not strict JSON/);
    const changed = { get: () => Promise.resolve(Buffer.from('changed')) };
    await expect(new BlobBundles(changed as never).get(bundle)).rejects.toThrow(/was changed/);
  });
});
