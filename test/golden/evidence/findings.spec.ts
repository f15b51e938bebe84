import fc from 'fast-check';
import { SecretMasker } from '../../../src/evidence/masking/secret-masker.js';
import type { EvidenceDocument } from '../../../src/formats/model/document.js';
import { SEVERITIES, type Severity } from '../../../src/formats/model/finding.js';
import { normaliseEvidence, type NormaliseOptions } from '../../../src/formats/normalise.js';
import { CODE_ROWS, SECRET_ROWS } from './finding-rows.js';
import { describeSamples, normalised, sampleBytes, sampleJson } from './samples.js';

const KEY = Buffer.from('assay-sample-key-not-a-secret');

function masked(bytes: Buffer, options?: NormaliseOptions): EvidenceDocument {
  const masker = new SecretMasker(KEY);
  return normaliseEvidence(Buffer.concat([masker.push(bytes), masker.end()]), options);
}
const NONE = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>;
const counted = ({ findings }: EvidenceDocument): Record<Severity, number> =>
  findings.reduce((sums, { severity }) => ({ ...sums, [severity]: sums[severity] + 1 }), NONE);
const values = ({ findings }: EvidenceDocument): string[] =>
  findings.map(({ identity }) => `${identity.scheme} ${identity.value}`);

describeSamples('reports on secrets and code', () => {
  it.each([...SECRET_ROWS, ...CODE_ROWS])('$file: $shows', (row) => {
    const options = row.declaredFormat === undefined ? {} : { declaredFormat: row.declaredFormat };
    for (const document of [normalised(row.file, options), masked(sampleBytes(row.file), options)]) {
      expect(document.format).toBe(row.format);
      expect(document.state).toBe(row.state ?? 'COMPLETE');
      if (row.reason) expect(document.reasons.map(({ code }) => code)).toContain(row.reason);
      else expect(document.reasons).toEqual([]);
      expect(document.kinds).toEqual(row.kinds ?? (SECRET_ROWS.includes(row) ? ['secrets'] : ['sast']));
      expect(counted(document)).toEqual({ ...NONE, ...row.severities });
      expect(document.counts.findings).toBe(document.findings.length);
    }
    if (row.distinct !== undefined)
      expect(new Set(values(masked(sampleBytes(row.file), options))).size).toBe(row.distinct);
  });

  it('no reader shows a value, masked or not', () => {
    const planted: string[] = sampleJson('secrets/goldens/gitleaks-dir.json').map(
      (one: { Secret: string }) => one.Secret,
    );
    for (const { file } of SECRET_ROWS) {
      const text = JSON.stringify(normalised(file));
      for (const secret of planted) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/gmail|John Doe|Some User/);
    }
  });

  it('knows one secret again whichever tool found it', () => {
    const [gitleaks, trufflehog] = [
      'secrets/goldens/gitleaks-dir.json',
      'secrets/goldens/trufflehog.jsonl',
    ].map((file) => values(masked(sampleBytes(file))));
    expect(trufflehog?.filter((identity) => gitleaks?.includes(identity))).toHaveLength(2); // the token, in both files
  });

  it('gives the identities of the identity samples', () => {
    const expected: Record<string, { class: string; path: string; hmac: string }[]> = sampleJson(
      'secrets/identity/expected.json',
    ).files;
    for (const [file, rows] of Object.entries(expected)) {
      const bytes = sampleBytes(`secrets/identity/${file}`);
      const masker = new SecretMasker(KEY);
      const text = Buffer.concat([masker.push(bytes), masker.end()]).toString();
      for (const row of rows) expect(text).toContain(`[masked:${row.class}:${row.hmac.slice(0, 16)}]`);
      expect(masked(bytes).findings.map(({ path }) => path)).toEqual(rows.map(({ path }) => path));
    }
    const of = (file: string): string[] => values(masked(sampleBytes(`secrets/identity/${file}.json`)));
    const contents = (file: string): (string | null)[] =>
      masked(sampleBytes(`secrets/identity/${file}.json`)).findings.map(({ identity }) => identity.content);
    expect(of('2-line-moved')).toEqual(of('1-before'));
    expect(of('3-file-renamed')).not.toEqual(of('1-before'));
    expect(contents('3-file-renamed')).toEqual(contents('1-before'));
    expect(of('4-value-changed-same-line')).not.toEqual(of('1-before'));
    expect(contents('4-value-changed-same-line')).not.toEqual(contents('1-before'));
    expect(of('5-copied-to-second-file')[0]).toBe(of('1-before')[0]);
    expect(new Set(of('5-copied-to-second-file')).size).toBe(2);
  });

  it('semgrep: the same finding on another line is the same, another one is not', () => {
    const [first, second, third] = ['line31', 'second_run_line24', 'third_run_different_unique_id'].map(
      (name) => values(normalised(`semgrep/close_old_findings_report_${name}.json`)),
    );
    expect(second).toEqual(first);
    expect(third).not.toEqual(first);
  });
});

describe('the identity of a secret', () => {
  const token = fc.string({
    unit: fc.constantFrom(
      ...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-'),
    ),
    minLength: 8,
    maxLength: 60,
  });
  const reports: Record<string, (secret: string, line: number) => string> = {
    gitleaks: (Secret, StartLine) =>
      JSON.stringify([{ RuleID: 'generic-api-key', Secret, Match: `k=${Secret}`, File: 'a.py', StartLine }]),
    'gitleaks-7': (offender, lineNumber) =>
      JSON.stringify([{ rule: 'generic', offender, line: `k=${offender}`, file: 'a.py', lineNumber }]),
    trufflehog: (Raw, line) =>
      JSON.stringify({
        SourceMetadata: { Data: { Filesystem: { file: 'a.py', line } } },
        DetectorName: 'X',
        Raw,
      }),
    'detect-secrets': (secret, line_number) =>
      JSON.stringify({
        plugins_used: [],
        results: { 'a.py': [{ type: 'T', hashed_secret: secret, line_number }] },
      }),
    secretlint: (secret, line) =>
      JSON.stringify([
        {
          filePath: 'a.py',
          sourceContent: `${'x\n'.repeat(line - 1)}key = ${secret}\n`,
          messages: [
            {
              message: 'found ***',
              ruleId: 'r',
              loc: { start: { line, column: 0 }, end: { line, column: 9 } },
            },
          ],
        },
      ]),
    sarif: (text, startLine) =>
      JSON.stringify({
        version: '2.1.0',
        runs: [
          {
            tool: { driver: { name: 'gitleaks' } },
            results: [
              {
                ruleId: 'generic',
                message: { text: 'm' },
                locations: [
                  {
                    physicalLocation: {
                      artifactLocation: { uri: 'a.py' },
                      region: { startLine, snippet: { text } },
                    },
                  },
                ],
              },
            ],
          },
        ],
      }),
  };

  it.each(Object.keys(reports))(
    'in %s survives every move and dies with every change of the value',
    (format) => {
      const report = reports[format] ?? ((): string => '');
      const identity = (secret: string, line: number): unknown =>
        masked(Buffer.from(report(secret, line))).findings.map((one) => one.identity)[0];
      fc.assert(
        fc.property(
          token,
          token,
          fc.integer({ min: 1, max: 200 }),
          fc.integer({ min: 1, max: 200 }),
          (one, other, line, moved) => {
            expect(identity(one, line)).toMatchObject({ scheme: 'class+path+secret/1', strength: 'strong' });
            expect(identity(one, moved)).toEqual(identity(one, line));
            if (one !== other) expect(identity(other, line)).not.toEqual(identity(one, line));
          },
        ),
        { numRuns: 100 },
      );
    },
  );
});
