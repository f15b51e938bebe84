import { cvssOf } from '../../../src/formats/vulnerability/cvss.js';
import type { EvidenceDocument } from '../../../src/formats/model/document.js';
import { SEVERITIES, type Severity } from '../../../src/formats/model/finding.js';
import { describeSamples, normalised, sampleJson } from './samples.js';
import { VULNERABILITY_ROWS } from './vulnerability-rows.js';

const bySeverity = ({ vulnerabilities }: EvidenceDocument): Record<Severity, number> => {
  const open = vulnerabilities.filter(({ toolSuppression }) => toolSuppression !== 'accepted');
  return Object.fromEntries(
    SEVERITIES.map((severity) => [severity, open.filter((one) => one.severity === severity).length]),
  ) as Record<Severity, number>;
};
const NONE = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>;

describeSamples('reports on vulnerabilities', () => {
  it.each(VULNERABILITY_ROWS)('$file: $shows', (row) => {
    const document = normalised(row.file);
    expect(document.format).toBe(row.format);
    expect(document.state).toBe(row.state ?? 'COMPLETE');
    expect(document.reasons.map(({ code }) => code)).toEqual(row.reason ? [row.reason] : []);
    expect(document.kinds).toEqual(row.kinds ?? ['vulnerabilities']);
    expect(bySeverity(document)).toEqual({ ...NONE, ...row.open });
    const suppressed = document.vulnerabilities.filter((one) => one.toolSuppression === 'accepted');
    expect(suppressed).toHaveLength(row.suppressed ?? 0);
    expect(document.findings).toHaveLength(row.findings ?? 0);
    const merged = document.dropped.find(({ why }) => why === 'the-same-under-another-id-or-path');
    expect(merged?.count ?? 0).toBe(row.merged ?? 0);
    expect(document.counts.vulnerabilities).toBe(document.vulnerabilities.length);
    expect(document.dataDate?.slice(0, 10)).toBe(row.dataDate);
  });

  it('keeps every status of Trivy in terms of the artefact', () => {
    const statuses = normalised('vulns/trivy/all_statuses.json').vulnerabilities.map(({ status }) => status);
    expect([...statuses].sort()).toEqual(
      ['unknown', 'not_affected', 'under_investigation', ...Array<string>(5).fill('affected')].sort(),
    );
    const suppressed = normalised('vulns/trivy/npm-with-suppressed.json').vulnerabilities;
    expect(suppressed.map(({ status, fixedIn }) => [status, fixedIn[0]])).toEqual([
      ['affected', '3.1.0'],
      ['not_affected', '2.6.9'],
    ]);
  });

  it('names packages by their purl, whatever the tool calls them', () => {
    const purls = (file: string): (string | null)[] =>
      normalised(file).vulnerabilities.map(({ purl }) => purl);
    expect(purls('vulns/osv-scanner/some_findings.json')).toEqual(['pkg:npm/flot-axis@0.0.0']);
    expect(purls('vulns/npm-audit/v7-one_vuln.json')).toEqual(['pkg:npm/debug', 'pkg:npm/debug']);
    expect(purls('vulns/pip-audit/many_vulns_new.json')[0]).toBe('pkg:pypi/aiohttp@3.6.2');
    expect(purls('vulns/npm-audit/v6-many_vuln.json')[0]).toBe('pkg:npm/negotiator@0.5.3');
  });

  it('gives every row an identity of its own within its file', () => {
    for (const { file } of VULNERABILITY_ROWS) {
      const keys = normalised(file).vulnerabilities.map(({ identity }) =>
        [identity.scheme, identity.value, identity.occurrence].join(' '),
      );
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('scores the vectors of the severity table, and no broken one', () => {
    const rows: { index: number; score: number | 'compute' | null; version?: string }[] =
      sampleJson('vulns/osv/severity.json').rows;
    const entries: { score?: string }[] = sampleJson('vulns/osv/vulnerability-invalid-cvss.json').severity;
    const scored = entries.map(({ score }) => (score === undefined ? null : cvssOf(score, null)));
    for (const row of rows) {
      if (row.score === 'compute') expect(scored[row.index]?.score).toBe(8.8);
      else expect(scored[row.index]?.score ?? null).toBe(row.score);
      if (row.version) expect(scored[row.index]?.version).toBe(row.version);
    }
  });
});
