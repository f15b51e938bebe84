import fc from 'fast-check';
import { evidenceDocumentSchema } from '../model/document.js';
import { normaliseEvidence } from '../normalise.js';
import { normaliseLicenseChecker } from './license-checker.js';

const at = (name: string) => `/src/node_modules/${name}`;
const LISTED = {
  'shop@1.0.0': { licenses: 'UNLICENSED', path: '/src' },
  '@scope/desk@1.0.0': { licenses: '(MIT OR GPL-3.0-only)', path: at('@scope/desk') },
  'lamp@1.0.0': { licenses: ['MIT', 'GPL-2.0'], path: at('lamp') },
  'rack@1.0.0': { licenses: 'MIT*', path: at('rack') },
  'shelf@2.0.0-rc.1': { licenses: 'MIT', path: at('shelf'), publisher: 'Ann', email: 'ann@example.test' },
  'table@1.0.0': { licenses: 'Custom: x', path: at('table') },
  'chair@1.0.0': { licenses: 'UNKNOWN', path: at('shelf/node_modules/chair') },
  'stool@1.0.0': { licenses: ['ISC', 'ISC'], path: at('stool') },
};

const read = (value: object) => normaliseEvidence(Buffer.from(JSON.stringify(value)), {});

describe('a list of license-checker', () => {
  const document = read(LISTED);

  it('is recognised, and is a bill of materials of what is installed', () => {
    expect(document).toMatchObject({ format: 'license-checker', kinds: ['sbom'], state: 'COMPLETE' });
    expect(document.counts.components).toBe(7);
    expect(document.dropped).toEqual([{ what: 'packages', count: 1, why: 'the project itself' }]);
  });

  it.each([
    ['pkg:npm/%40scope/desk@1.0.0', 'OK', 'MIT OR GPL-3.0-only'],
    ['pkg:npm/lamp@1.0.0', 'UNKNOWN', null],
    ['pkg:npm/rack@1.0.0', 'UNKNOWN', null],
    ['pkg:npm/shelf@2.0.0-rc.1', 'OK', 'MIT'],
    ['pkg:npm/table@1.0.0', 'UNKNOWN', null],
    ['pkg:npm/chair@1.0.0', 'UNKNOWN', null],
    ['pkg:npm/stool@1.0.0', 'OK', 'ISC'],
  ])('says of %s that its licence is %s %s', (purl, state, expression) => {
    const found = document.components.find((one) => one.purl === purl);
    expect(found?.licence).toMatchObject({ state, expression });
  });

  it('keeps no author', () => {
    expect(JSON.stringify(document)).not.toMatch(/ann/i);
  });

  it('has measured nothing where only the project is listed', () => {
    expect(read({ 'shop@1.0.0': { licenses: 'MIT', path: '/src' } })).toMatchObject({
      state: 'NOT_MEASURED',
      reasons: [{ code: 'license-checker.nothing-listed' }],
    });
  });

  it.each([
    ['an empty object', {}],
    ['a package without licences', { 'a@1.0.0': { path: '/src' } }],
    ['a name without a version', { a: { licenses: 'MIT' } }],
  ])('is not taken for one: %s', (_, value) => {
    expect(read(value).format).not.toBe('license-checker');
    expect(normaliseLicenseChecker(value).state).toBe('ERROR');
  });

  it('is an error when there are more packages than are read', () => {
    const many = Object.fromEntries(
      Array.from({ length: 100_001 }, (_, at) => [`p@${String(at)}.0.0`, { licenses: 'MIT' }]),
    );
    expect(normaliseLicenseChecker(many)).toMatchObject({
      state: 'ERROR',
      counts: { components: 100_001 },
      reasons: [{ code: 'license-checker.too-many-packages', params: { count: 100_001, limit: 100_000 } }],
    });
  });

  it('never throws, whatever names and licences are', () => {
    const name = fc.string({ unit: 'binary' });
    const entry = fc.record({ licenses: fc.jsonValue(), path: fc.option(fc.string()) });
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.tuple(name, name).map(([one, other]) => `${one}@${other}`),
          entry,
        ),
        (value) => {
          for (const document of [read(value), normaliseLicenseChecker(value as never)])
            expect(evidenceDocumentSchema.safeParse(document).error).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });
});
