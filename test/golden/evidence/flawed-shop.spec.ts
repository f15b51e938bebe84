import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceDocument } from '../../../src/formats/model/document.js';
import { maskingKey } from '../../../src/evidence/masking/mask.js';
import { SecretMasker } from '../../../src/evidence/masking/secret-masker.js';
import { normaliseEvidence } from '../../../src/formats/normalise.js';

const SHOP = join(import.meta.dirname, '../../fixtures/flawed-shop');

/** As the service reads it: masked first. */
function read(file: string): EvidenceDocument {
  const masker = new SecretMasker(maskingKey(Buffer.alloc(32), 'org'));
  return normaliseEvidence(Buffer.concat([masker.push(readFileSync(join(SHOP, file))), masker.end()]));
}

const levels = ({ findings }: EvidenceDocument): number[] =>
  ['error', 'warning', 'note'].map((level) => findings.filter((one) => one.level === level).length);

describe('what real tools say about the flawed shop', () => {
  it.each([
    ['bandit.sarif', 'sast', [2, 0, 2]],
    ['eslint.sarif', 'sast', [2, 2, 0]],
    ['gitleaks.sarif', 'secrets', [0, 0, 0]],
  ])('%s speaks to %s and has %j of error, warning, note', (file, kind, expected) => {
    const document = read(`reports/${file}`);
    expect(document).toMatchObject({ format: 'sarif', kinds: [kind], state: 'COMPLETE', reasons: [] });
    expect(levels(document)).toEqual(expected);
    expect(document.findings.every(({ path }) => path !== null)).toBe(true);
  });

  it('knows the licences of all 18 components', () => {
    const { state, components } = read('reports/sbom.cdx.json');
    expect(state).toBe('COMPLETE');
    expect(components).toHaveLength(18);
    const licenceOf = (name: string): unknown => components.find((one) => one.name === name)?.licence;
    expect(licenceOf('ua-parser-js')).toMatchObject({ alternatives: [['AGPL-3.0-or-later']] });
    expect(licenceOf('jszip')).toMatchObject({ alternatives: [['GPL-3.0-or-later'], ['MIT']] });
    expect(licenceOf('pako')).toMatchObject({ alternatives: [['MIT', 'Zlib']] });
    expect(components.every(({ licence }) => licence.state === 'OK')).toBe(true);
  });

  it.each([
    ['coverage.json', 'coverage.py', 19, 35],
    ['go.coverprofile', 'go-coverprofile', 7, 16],
  ])('%s is %s: %i of %i', (file, format, covered, total) => {
    expect(read(`reports/${file}`)).toMatchObject({
      format,
      state: 'COMPLETE',
      coverage: { covered, total },
    });
  });

  it.each([
    ['truncated.sarif', 'ERROR', 'json.malformed'],
    ['truncated.cdx.json', 'ERROR', 'json.malformed'],
    ['truncated-coverage.json', 'ERROR', 'json.malformed'],
    ['runs-null.sarif', 'ERROR', 'sarif.runs-null'],
    ['runs-not-a-list.sarif', 'ERROR', 'sarif.runs-not-a-list'],
    ['results-null.sarif', 'ERROR', 'sarif.results-null'],
    ['crashed.sarif', 'ERROR', 'sarif.execution-failed'],
    ['rule-failed.sarif', 'INCOMPLETE', 'sarif.tool-notification-error'],
    ['components-not-a-list.cdx.json', 'ERROR', 'cyclonedx.components-not-a-list'],
    ['no-files-coverage.json', 'ERROR', 'coverage.py.no-files'],
    ['nothing-measured-coverage.json', 'NOT_MEASURED', 'coverage.nothing-measured'],
    ['short-line.coverprofile', 'ERROR', 'go-coverprofile.malformed-line'],
    ['contradicting-blocks.coverprofile', 'ERROR', 'go-coverprofile.statements-conflict'],
    ['no-blocks.coverprofile', 'NOT_MEASURED', 'coverage.nothing-measured'],
    ['not-a-report.json', 'UNKNOWN', 'format.ambiguous'],
    ['empty.json', 'ERROR', 'format.empty'],
  ])('bad/%s is %s because of %s', (file, state, code) => {
    const document = read(`bad/${file}`);
    expect(document.state).toBe(state);
    expect(document.reasons.map((reason) => reason.code)).toContain(code);
  });

  it('tells apart what the broken reports were meant to speak to', () => {
    const kinds = ['truncated.sarif', 'truncated.cdx.json', 'truncated-coverage.json'].map(
      (file) => read(`bad/${file}`).kinds,
    );
    expect(kinds).toEqual([['sast'], ['sbom'], ['coverage']]);
  });

  it('reads a bill of materials whose licences nobody can know', () => {
    const { state, components } = read('bad/unknown-licences.cdx.json');
    expect(state).toBe('COMPLETE');
    expect(components.map(({ licence }) => licence.state)).toEqual(Array(4).fill('UNKNOWN'));
  });
});
