import type { EvidenceDocument } from '../../../src/formats/model/document.js';
import { describeSamples, normalised, sampleJson } from './samples.js';

const licences = ({ components }: EvidenceDocument): [string, string | null][] =>
  components.map(({ licence }) => [licence.state, licence.expression]);

describeSamples('CycloneDX samples', () => {
  it('walks nested components: 430, of which 345 on top', () => {
    const document = normalised('cyclonedx/goldens/cyclonedx-npm-1.6.json');
    expect(document).toMatchObject({
      format: 'cyclonedx',
      formatVersion: '1.6',
      kinds: ['sbom'],
      state: 'COMPLETE',
    });
    expect(document.counts.components).toBe(430);
    expect(document.components).toHaveLength(430);
    expect(sampleJson('cyclonedx/goldens/cyclonedx-npm-1.6.json').components).toHaveLength(345);
    const named = (id: string): number =>
      document.components.flatMap(({ licence }) => licence.raw).filter((raw) => raw === id).length;
    expect([named('MIT'), named('ISC'), named('Apache-2.0')]).toEqual([296, 60, 24]);
    expect(document.components.filter(({ licence }) => licence.raw.join() === 'MIT,MIT')).toHaveLength(2);
    expect(document.components.every(({ purl }) => purl?.startsWith('pkg:npm/'))).toBe(true);
  });

  it.each([
    ['goldens/cdxgen-1.7.json', [['OK', 'ISC']]],
    ['tools/bom-invalid-license-expression.json', [['UNKNOWN', null]]],
    ['tools/bom-license-expression.json', [['OK', 'EPL-2.0 OR GPL-2.0-only WITH Classpath-exception-2.0']]],
  ])('%s has the licences %j', (file, expected) => {
    expect(licences(normalised(`cyclonedx/${file}`))).toEqual(expected);
  });

  it('calls free-text and blank names unknown', () => {
    const states = licences(normalised('cyclonedx/tools/bom-custom-license.json')).map(([state]) => state);
    expect(states.length).toBeGreaterThan(0);
    expect(new Set(states)).toEqual(new Set(['UNKNOWN']));
  });

  it('reads a nested 1.4 BOM: 2 components, 8 vulnerabilities under investigation', () => {
    const document = normalised('cyclonedx/tools/nested-component-log4j.json');
    expect(document.counts).toEqual({ findings: 0, components: 2, vulnerabilities: 8 });
    // Each is somebody's analysis of one: what is not listed is not known to be absent.
    expect(document.kinds).toEqual(['sbom']);
    expect(document.reasons.map(({ code }) => code)).toContain('cyclonedx.some-vulnerabilities');
    expect(new Set(document.vulnerabilities.map(({ status }) => status))).toEqual(
      new Set(['under_investigation']),
    );
  });

  it('rates by its vector what nobody rated in words, and takes not_affected for what it says', () => {
    expect(normalised('cyclonedx/tools/no-severity.json').vulnerabilities).toMatchObject([
      { severity: 'critical', severityFrom: 'cvss' },
    ]);
    expect(normalised('cyclonedx/spec/1.6/valid-vulnerability-1.6.json').vulnerabilities).toMatchObject([
      { status: 'not_affected' },
    ]);
  });

  it('takes the concluded licences of 1.7 and keeps the declared as evidence', () => {
    const document = normalised('cyclonedx/spec/1.7/valid-license-declared-concluded-mix-1.7.json');
    expect(document.components).toHaveLength(5);
    const mixed = document.components.find(({ licence }) => licence.from === 'concluded');
    expect(mixed?.licence.raw.length).toBeGreaterThan(1);
  });

  it('reads a component without a version', () => {
    const document = normalised('cyclonedx/spec/1.7/valid-component-external-with-versionRange.json');
    expect(document.components.map(({ version }) => version)).toContain(null);
  });
});

const OTHERS: readonly (readonly [file: string, format: string])[] = [
  ['spdx/spdx_3_unsupported.json', 'spdx-3'],
];

describeSamples('other samples: named, not read', () => {
  it.each(OTHERS)('%s is %s', (file, format) => {
    expect(normalised(file)).toMatchObject({
      state: 'UNKNOWN',
      kinds: [],
      reasons: [{ code: 'format.not-supported', params: { format } }],
    });
  });

  it.each(['secrets/gitleaks/no_findings.json', 'secrets/gitleaks/gitleaks-report-clean.json'])(
    '%s could be of several tools',
    (file) => {
      expect(normalised(file)).toMatchObject({ state: 'UNKNOWN', reasons: [{ code: 'format.ambiguous' }] });
      expect(normalised(file, { declaredFormat: 'gitleaks' })).toMatchObject({
        ...{ state: 'COMPLETE', kinds: ['secrets'], reasons: [], findings: [] },
      });
    },
  );

  it('takes 0 bytes for a crash: only an exit status could tell otherwise', () => {
    expect(normalised('vulns/osv-scanner/no_findings-0-bytes.json')).toMatchObject({
      state: 'ERROR',
      reasons: [{ code: 'format.empty' }],
    });
  });
});
