import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nodeCrypto } from '../../src/verifier/crypto.io.js';
import { openTar } from '../../src/verifier/tar.io.js';
import { verifyPack } from '../../src/verifier/verify-pack.js';
import { changed, judge, MANIFEST, resigned, sample, signedEnvelope, type Sample } from './kit.js';

const LONG = process.env['ASSAY_LONG'] === '1';
const RUNS = LONG ? 100_000 : 150;

let given: Sample;
let root = '';
beforeAll(async () => {
  given = await sample(2);
  root = mkdtempSync(join(tmpdir(), 'assay-random-'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** Bytes of a real file with some of them replaced, so that a reader gets far before it stumbles. */
const mangled = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.tuple(fc.nat(bytes.length), fc.nat(20), fc.uint8Array({ maxLength: 24 })), {
      minLength: 1,
      maxLength: 4,
    })
    .map((edits) =>
      edits.reduce<Uint8Array>(
        (old, [at, drop, put]) => Buffer.concat([old.subarray(0, at), put, old.subarray(at + drop)]),
        bytes,
      ),
    );

/** Some valid JSON of any shape, deep and odd keys included. */
const anyJson = fc.oneof(
  fc.json(),
  fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.constantFrom('{"__proto__":1}', '"\\ud800"', '1e400', '-0', '{"a":1,"a":2}', 'null', '""', '[]', '{}'),
);

describe('whatever the bytes are', () => {
  it('a whole file of chance is a refusal and never a crash, whichever file it is', async () => {
    const names = [...given.files.keys()];
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      anyJson.map((text) => Buffer.from(text)),
      fc.string().map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), content, fc.boolean(), async (name, bytes, sign) => {
        const files = changed(given.files, name, bytes);
        const free = ['summary.html', 'VERIFY.md', 'oscal-ar.json', MANIFEST].includes(name);
        const verdict = await judge(sign && !free ? resigned(files, given) : files, given.pins);
        expect(verdict.findings.length).toBeGreaterThan(0);
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);

  it('a mangled file is a refusal and never a crash', async () => {
    const arbitrary = fc
      .constantFrom(...given.files.keys())
      .chain((name) => fc.tuple(fc.constant(name), mangled(given.files.get(name) ?? new Uint8Array())));
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([name, bytes]) => {
        const same = Buffer.compare(bytes, given.files.get(name) ?? new Uint8Array()) === 0;
        const verdict = await judge(changed(given.files, name, bytes), given.pins);
        expect(verdict.accepted).toBe(same);
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);

  it('a signed manifest of chance is a refusal and never a crash', async () => {
    const payload = fc.oneof(
      anyJson,
      anyJson.map(
        (predicate) =>
          `{"_type":"https://in-toto.io/Statement/v1","predicate":${predicate},"predicateType":"urn:assay:evidence-pack:v1",` +
          `"subject":[{"digest":{"sha256":"${'0'.repeat(64)}"},"name":"checkpoint"}]}`,
      ),
    );
    await fc.assert(
      fc.asyncProperty(payload, async (text) => {
        const envelope = signedEnvelope(Buffer.from(text), given.world.keys.export);
        const verdict = await judge(changed(given.files, MANIFEST, envelope), given.pins);
        expect(verdict.accepted).toBe(false);
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);

  it('an archive of chance is a refusal and never a crash', async () => {
    const path = join(root, 'random.tar');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        writeFileSync(path, bytes);
        const source = await openTar(path);
        const verdict = await verifyPack(source, nodeCrypto()).finally(() => {
          source.close();
        });
        expect(verdict.findings[0]?.code).toBe('archive-malformed');
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
