import { createHash } from 'node:crypto';
import type { FakeSecret } from './fake-secrets.js';

/**
 * Reports of one secret, in every format in which a scanner or a test may hand one in. `whole`: wherever the
 * value stands in it, it is known to be one; the others print it in passing, which only a pattern can see.
 */
export const SECRET_REPORTS: Readonly<
  Record<string, { readonly whole: boolean; readonly of: (secret: FakeSecret, line: number) => string }>
> = {
  gitleaks: {
    whole: true,
    of: ({ value }, line) =>
      json([
        {
          RuleID: 'generic-api-key',
          Description: 'x',
          StartLine: line,
          Match: `key = '${value}'`,
          Secret: value,
          File: 'src/a.py',
        },
      ]),
  },
  'gitleaks 7': {
    whole: true,
    of: ({ value }, lineNumber) =>
      json([{ line: `key = '${value}'`, lineNumber, offender: value, rule: 'Generic', file: 'src/a.py' }]),
  },
  'gitleaks SARIF': { whole: true, of: ({ value }, line) => sarif('gitleaks', `key = "${value}"`, line) },
  TruffleHog: {
    whole: true,
    of: ({ value }, line) =>
      json({
        SourceMetadata: { Data: { Filesystem: { file: 'src/a.py', line } } },
        DetectorName: 'Generic',
        Verified: true,
        VerificationError: `401 for ${value}`,
        Raw: value,
        RawV2: `${value}:${value}`,
        Redacted: value.slice(0, 14),
        ExtraData: { account: value },
        StructuredData: { TlsPrivateKey: [{ key: value }] },
        SecretParts: { key: value },
      }),
  },
  'TruffleHog, base64': {
    whole: true,
    of: ({ value }, line) =>
      json({
        SourceMetadata: {
          Data: { Git: { file: 'src/a.py', line, email: 'ann@example.com', commit: 'c0ffee' } },
        },
        DetectorName: 'Generic',
        Raw: Buffer.from(value).toString('base64'),
      }),
  },
  'detect-secrets': {
    whole: true,
    of: ({ value }, line_number) =>
      json({
        plugins_used: [{ name: 'X' }],
        results: { 'src/a.py': [{ type: 'Secret Keyword', hashed_secret: sha1(value), line_number }] },
      }),
  },
  secretlint: {
    whole: true,
    of: ({ value }, line) =>
      json([
        {
          filePath: 'src/a.py',
          sourceContent: `${'\n'.repeat(line - 1)}key = ${value}\nlast line\n`,
          messages: [
            {
              message: 'found: ****',
              ruleId: 'rule',
              loc: { start: { line, column: 0 }, end: { line, column: 9 } },
            },
          ],
        },
      ]),
  },
  Trivy: {
    whole: true,
    of: ({ value }, line) =>
      json({
        SchemaVersion: 2,
        ArtifactName: 'x',
        Results: [
          {
            Target: 'src/a.py',
            Class: 'secret',
            Secrets: [
              {
                RuleID: 'generic',
                Severity: 'HIGH',
                Title: 'x',
                StartLine: line,
                Match: 'key = ****',
                Code: {
                  Lines: [{ Number: line + 1, Content: `other = ${value}`, Highlighted: `other = ${value}` }],
                },
              },
            ],
          },
        ],
      }),
  },
  semgrep: {
    whole: true,
    of: ({ value }, line) =>
      json({
        version: '1.100.0',
        errors: [],
        results: [
          {
            check_id: 'generic.secrets.key',
            path: 'src/a.py',
            start: { line, col: 1 },
            extra: {
              message: 'hard-coded',
              severity: 'ERROR',
              lines: `key = "${value}"`,
              metavars: { $KEY: { abstract_content: value } },
            },
          },
        ],
      }),
  },
  ZAP: {
    whole: true,
    of: ({ value }) =>
      json({
        '@version': '2.16.0',
        site: [
          {
            '@name': 'https://x.test',
            alerts: [
              {
                pluginid: '10062',
                name: 'disclosure',
                riskcode: '3',
                instances: [
                  {
                    uri: 'https://x.test/a',
                    method: 'GET',
                    param: '',
                    evidence: value,
                    attack: value,
                    'request-header': `Cookie: s=${value}`,
                  },
                ],
              },
            ],
          },
        ],
      }),
  },
  'SARIF of a linter': {
    whole: false,
    of: ({ value }, line) => sarif('ESLint', `const key = "${value}";`, line),
  },
  'SonarQube issues': {
    whole: false,
    of: ({ value }) =>
      json({
        issues: [
          {
            engineId: 'x',
            ruleId: 'r',
            severity: 'MAJOR',
            type: 'BUG',
            primaryLocation: { message: `found ${value}`, filePath: 'src/a.py' },
          },
        ],
      }),
  },
  CycloneDX: {
    whole: false,
    of: ({ value }) =>
      json({
        bomFormat: 'CycloneDX',
        specVersion: '1.6',
        components: [{ type: 'library', name: 'x', version: '1', description: value }],
      }),
  },
  JUnit: {
    whole: false,
    of: ({ value }) =>
      `<testsuite name="s" tests="1" failures="1"><testcase classname="c" name="n"><failure message="x">got ${value}</failure></testcase></testsuite>`,
  },
  'no known format': { whole: false, of: ({ value }) => `INFO starting\nDEBUG key ${value} used\n` },
  'broken JSON': {
    whole: true,
    of: ({ value }) => `[{"RuleID":"r","Secret":${JSON.stringify(value)},"File":"a`,
  },
};

const json = (value: unknown): string => JSON.stringify(value);
const sha1 = (value: string): string => createHash('sha1').update(value).digest('hex');

const sarif = (name: string, text: string, startLine: number): string =>
  json({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name, version: '1' } },
        results: [
          {
            ruleId: 'key',
            message: { text: 'hard-coded' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'src/a.py' },
                  region: { startLine, snippet: { text } },
                },
              },
            ],
          },
        ],
      },
    ],
  });
