import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { JsonValue } from '../../../src/kernel/canonical-json.js';
import {
  decodeDocument,
  encodeDocument,
  evidenceDocumentSchema,
} from '../../../src/formats/model/document.js';
import { normaliseEvidence } from '../../../src/formats/normalise.js';
import { READERS } from '../../../src/formats/registry.js';
import { encodeScanRecord } from '../../../src/formats/scan/scan-record.js';
import { goldenTable } from './golden-tables.js';

/** Slow machines share two cores; what takes longer than this grows faster than its input. */
const HANG_MS = 5_000;
const RUNS = Number(process.env['ASSAY_FUZZ_RUNS'] ?? 25);
const FORMATS = [...new Set(READERS.map(({ format }) => format))].sort();

const fixture = (...path: string[]): string =>
  readFileSync(join(import.meta.dirname, '../../fixtures', ...path), 'utf8');
const golden = (format: string): string => {
  const found = (['coverage', 'tests', 'performance'] as const)
    .flatMap((name) => goldenTable<{ state: string }>(name))
    .filter((variant) => variant.format === format)
    .flatMap(({ cases }) => cases)
    .find(({ expect: { state } }) => state === 'COMPLETE');
  if (!found) throw new Error(`no golden row of ${format} is complete`);
  return found.content;
};
const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'a', digest: { sha256: 'a'.repeat(64) } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: { builder: { id: 'b' } },
};
const dsse = {
  payloadType: 'application/vnd.in-toto+json',
  payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
  signatures: [{ sig: 'AAAA' }],
};
const osv = {
  ...{ schema_version: '1.7.0', id: 'GHSA-a', modified: '2026-01-01T00:00:00Z', aliases: ['CVE-2026-1'] },
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      package: { ecosystem: 'npm', name: 'x' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }],
    },
  ],
};
const spdx = [
  'SPDXVersion: SPDX-2.3',
  'DataLicense: CC0-1.0',
  'SPDXID: SPDXRef-DOCUMENT',
  'DocumentName: d',
  'PackageName: a',
  'SPDXID: SPDXRef-a',
  'PackageVersion: 1',
  'PackageLicenseDeclared: MIT',
  'PackageLicenseConcluded: NOASSERTION',
];
const run = {
  ...{ tool: { name: 'bandit', version: '1' }, kinds: ['sast'], outcome: 'NOT_RUN', exitStatus: null },
  ...{ reasons: [], emptyIsClean: false, dataDate: null, data: null, parameters: [], durationMs: 1 },
};

/** A small report of every format that is read, near enough to the real thing to be recognised. */
const SEEDS: Readonly<Record<string, string | object>> = {
  sarif: fixture('flawed-shop', 'reports', 'bandit.sarif'),
  cyclonedx: fixture('flawed-shop', 'reports', 'sbom.cdx.json').slice(0, 200_000),
  'assay-scan': Buffer.from(encodeScanRecord(run as never, 'boom')).toString(),
  'spdx-json': {
    ...{ spdxVersion: 'SPDX-2.3', dataLicense: 'CC0-1.0', SPDXID: 'SPDXRef-DOCUMENT', name: 'd' },
    packages: [{ name: 'a', SPDXID: 'SPDXRef-a', versionInfo: '1', licenseDeclared: 'MIT OR Apache-2.0' }],
  },
  'spdx-tag-value': spdx.join('\n'),
  'license-checker': { 'a@1.0.0': { licenses: 'MIT', repository: 'https://example.org/a' } },
  'coverage.py': golden('coverage.py'),
  'istanbul-summary': golden('istanbul-summary'),
  'istanbul-final': golden('istanbul-final'),
  lcov: golden('lcov'),
  cobertura: golden('cobertura'),
  clover: golden('clover'),
  jacoco: golden('jacoco'),
  'go-coverprofile': golden('go-coverprofile'),
  gcov: golden('gcov'),
  gcovr: golden('gcovr'),
  'llvm-cov': golden('llvm-cov'),
  simplecov: golden('simplecov'),
  opencover: golden('opencover'),
  'sonar-coverage': golden('sonar-coverage'),
  junit: golden('junit'),
  k6: fixture('load-tests', 'reports', 'k6-summary.json'),
  autocannon: fixture('load-tests', 'reports', 'autocannon.json'),
  locust: fixture('load-tests', 'reports', 'locust_stats.csv'),
  patch: 'diff --git a/a.js b/a.js\n--- a/a.js\n+++ b/a.js\n@@ -1,2 +1,3 @@\n one\n+two\n three\n',
  'assay.expected-files/1': { format: 'assay.expected-files/1', files: ['src/a.js'] },
  'assay.acceptance/1': {
    format: 'assay.acceptance/1',
    criteria: [{ id: 'AC-1', title: 't', tests: [{ name: 'n' }] }],
  },
  'assay.attestation/1': {
    ...{ format: 'assay.attestation/1', checklistId: 'CHK_X', by: 'somebody', at: '2026-11-21T10:00:00Z' },
    items: [{ itemId: 'backup', answer: 'yes', note: 'seen' }],
  },
  'assay.agent-run/1': {
    ...{ format: 'assay.agent-run/1', agentId: 'a', modelName: 'm', modelVersion: '1', temperature: '0' },
    ...{ presetId: 'p', promptHash: `sha256:${'a'.repeat(64)}` },
  },
  'in-toto': statement,
  dsse,
  'sigstore-bundle': {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {},
    dsseEnvelope: dsse,
  },
  gitleaks: [
    { RuleID: 'generic', File: 'a.js', StartLine: 1, StartColumn: 1, Secret: '[masked]', Match: '' },
  ],
  'gitleaks-7': [{ rule: 'generic', offender: '[masked]', file: 'a.js', lineNumber: 1, line: '' }],
  trufflehog: {
    ...{ SourceMetadata: { Data: { Filesystem: { file: 'a.js', line: 1 } } }, DetectorName: 'Github' },
    ...{ DecoderName: 'PLAIN', Verified: false, Raw: '[masked]' },
  },
  'detect-secrets': {
    ...{ version: '1.5.0', plugins_used: [], filters_used: [] },
    results: { 'a.py': [{ type: 'Secret Keyword', filename: 'a.py', hashed_secret: 'x', line_number: 1 }] },
  },
  secretlint: [
    {
      filePath: 'a.js',
      messages: [{ ruleId: '@secretlint/x', message: 'found', loc: { start: { line: 1, column: 0 } } }],
    },
  ],
  semgrep: {
    version: '1.182.0',
    results: [
      {
        ...{ check_id: 'r', path: 'a.js', start: { line: 1, col: 1 }, end: { line: 1, col: 2 } },
        extra: { message: 'm', severity: 'ERROR', fingerprint: 'abc_0', lines: 'eval(x)' },
      },
    ],
    errors: [],
    paths: { scanned: ['a.js'] },
  },
  zap: {
    '@version': '2.15.0',
    site: [
      {
        '@name': 'https://example.org',
        alerts: [{ pluginid: '1', alert: 'a', riskcode: '2', instances: [{ uri: 'https://example.org/a' }] }],
      },
    ],
  },
  'sonar-issues': {
    issues: [
      {
        ...{ engineId: 'e', ruleId: 'r', severity: 'MAJOR', type: 'BUG' },
        primaryLocation: { message: 'm', filePath: 'a.js', textRange: { startLine: 1 } },
      },
    ],
  },
  snyk: {
    ...{ packageManager: 'npm', ok: false, dependencyCount: 1, summary: '1 vulnerable' },
    vulnerabilities: [
      {
        id: 'SNYK-1',
        packageName: 'x',
        version: '1.0.0',
        severity: 'high',
        identifiers: { CVE: ['CVE-2026-1'] },
      },
    ],
  },
  trivy: {
    ...{ SchemaVersion: 2, ArtifactName: 'a', ArtifactType: 'filesystem' },
    Results: [
      {
        ...{ Target: 'package-lock.json', Type: 'npm' },
        Vulnerabilities: [
          { VulnerabilityID: 'CVE-2026-1', PkgName: 'x', InstalledVersion: '1', Severity: 'HIGH' },
        ],
      },
    ],
  },
  grype: {
    matches: [
      {
        vulnerability: { id: 'CVE-2026-1', severity: 'High', fix: { versions: ['2'], state: 'fixed' } },
        artifact: { name: 'x', version: '1', type: 'npm', purl: 'pkg:npm/x@1' },
      },
    ],
    descriptor: { name: 'grype', version: '0.80.0', db: { built: '2026-11-20T00:00:00Z' } },
  },
  'npm-audit': {
    auditReportVersion: 2,
    vulnerabilities: {
      x: {
        ...{ name: 'x', severity: 'high', range: '<2', nodes: ['node_modules/x'] },
        via: [
          { source: 1, name: 'x', title: 't', url: 'https://github.com/advisories/GHSA-a', severity: 'high' },
        ],
      },
    },
    metadata: { vulnerabilities: { total: 1 } },
  },
  'npm-audit-6': {
    advisories: {
      1: {
        id: 1,
        module_name: 'x',
        severity: 'high',
        title: 't',
        findings: [{ version: '1', paths: ['x'] }],
      },
    },
    metadata: { vulnerabilities: { high: 1 } },
  },
  'pip-audit': {
    dependencies: [{ name: 'x', version: '1', vulns: [{ id: 'PYSEC-1', fix_versions: ['2'], aliases: [] }] }],
  },
  osv,
  'osv-scanner': {
    results: [
      {
        source: { path: 'package-lock.json', type: 'lockfile' },
        packages: [
          { package: { name: 'x', version: '1.0.0', ecosystem: 'npm' }, vulnerabilities: [osv], groups: [] },
        ],
      },
    ],
  },
  govulncheck: [
    {
      config: {
        protocol_version: 'v1.0.0',
        scanner_name: 'govulncheck',
        db_last_modified: '2026-11-20T00:00:00Z',
      },
    },
    { osv: { ...osv, id: 'GO-2026-1' } },
    { finding: { osv: 'GO-2026-1', trace: [{ module: 'x', version: 'v1.0.0' }] } },
  ]
    .map((line) => JSON.stringify(line))
    .join('\n'),
  retire: {
    version: '5.2.0',
    data: [
      {
        file: 'a.js',
        results: [
          {
            ...{ component: 'jquery', version: '1.6.1' },
            vulnerabilities: [
              { below: '1.6.3', severity: 'medium', identifiers: { CVE: ['CVE-2011-4969'] } },
            ],
          },
        ],
      },
    ],
  },
};

const textOf = (seed: string | object): string => (typeof seed === 'string' ? seed : JSON.stringify(seed));

/** Never throws, never hangs; the document holds together, survives being stored, and has a reason for what it is. */
function sound(text: string, declaredFormat?: string): ReturnType<typeof normaliseEvidence> {
  const start = performance.now();
  const document = normaliseEvidence(
    Buffer.from(text.toWellFormed()),
    declaredFormat === undefined ? {} : { declaredFormat },
  );
  expect(performance.now() - start).toBeLessThan(HANG_MS);
  expect(evidenceDocumentSchema.safeParse(document).error).toBeUndefined();
  expect(decodeDocument(encodeDocument(document))).toEqual(document);
  if (document.state !== 'COMPLETE') expect(document.reasons).not.toEqual([]);
  return document;
}

const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const odd = fc.oneof(
  anything,
  fc.constantFrom<JsonValue>(null, [], {}, '', -1, 1e308, 2 ** 53, '__proto__', '\u0000', 'x'.repeat(5_000)),
);

/** One value somewhere in it is another; `at` is folded into the tree. */
function changed(value: JsonValue, at: readonly number[], by: JsonValue): JsonValue {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const [step, ...rest] = at;
  if (step === undefined || keys.length === 0) return by;
  const key = keys[step % keys.length] ?? '';
  const inner = (value as Record<string, JsonValue>)[key] ?? null;
  const copy = Array.isArray(value) ? [...(value as JsonValue[])] : { ...(value as object) };
  (copy as Record<string, JsonValue>)[key] = changed(inner, rest, by);
  return copy;
}

it('there is a report to begin from for every format that is read', () => {
  expect(FORMATS.filter((format) => !Object.hasOwn(SEEDS, format))).toEqual([]);
});

describe.each(FORMATS.filter((format) => Object.hasOwn(SEEDS, format)))('%s', (format) => {
  const text = textOf(SEEDS[format] ?? '');
  const json = ((): JsonValue | undefined => {
    try {
      return JSON.parse(text) as JsonValue;
    } catch {
      return undefined;
    }
  })();

  it('is read from its report', () => {
    const document = sound(text, format);
    expect(document.format).toBe(format);
    expect(document.reasons.map(({ code }) => code)).not.toContain('format.not-as-declared');
  });

  it('takes its report cut, spliced and with other characters', () => {
    const place = fc.nat(text.length);
    fc.assert(
      fc.property(place, place, fc.string({ unit: 'binary', maxLength: 8 }), (a, b, piece) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        for (const each of [text.slice(0, from), text.slice(0, from) + piece + text.slice(to)]) {
          sound(each);
          sound(each, format);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('takes its report with any value in the place of any other', () => {
    if (json === undefined) return;
    const steps = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(steps, odd, (at, by) => {
        sound(JSON.stringify(changed(json, at, by)), format);
      }),
      { numRuns: RUNS * 2 },
    );
  });

  it('takes any text and any JSON that is declared to be one', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          odd.map((each) => JSON.stringify(each)),
        ),
        (each) => {
          expect(sound(each, format).state === 'COMPLETE' && each.trim() === '').toBe(false);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
