import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { CLEAN, evaluate, registerBuild, uploadAll, type Build } from '../support/shop.js';

/** Put together at run time, so that nothing that looks like a secret stands in the repository. */
const SECRETS = {
  github: ['gh', 'p_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join(''),
  aws: ['AK', 'IA', 'QZ7WX3EDC5RFV4TG'].join(''),
  unknownShape: ['zx81', 'TheOldKey', 'ToTheShed'].join('-'),
};

const sarifWithSnippet = (snippet: string): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'ESLint', version: '10.15.0' } },
        invocations: [{ executionSuccessful: true }],
        results: [
          {
            ruleId: 'no-hard-coded-key',
            level: 'error',
            message: { text: `A key: ${snippet}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'storefront/pay.js' },
                  region: { startLine: 3, snippet: { text: `const key = "${snippet}";` } },
                },
              },
            ],
          },
        ],
      },
    ],
  });
/** Gitleaks knows that what it found is a secret, whatever its shape. */
const gitleaksJson = (secret: string): string =>
  JSON.stringify([
    {
      RuleID: 'generic-api-key',
      Description: 'Detected a Generic API Key',
      StartLine: 7,
      EndLine: 7,
      StartColumn: 9,
      EndColumn: 40,
      Match: `key = '${secret}'`,
      Secret: secret,
      File: 'storefront/pay.js',
      SymlinkFile: '',
      Commit: '',
      Entropy: 3.9,
      Author: '',
      Email: '',
      Date: '',
      Message: '',
      Tags: [],
      Fingerprint: 'storefront/pay.js:generic-api-key:7',
    },
  ]);
const coverageOf = (path: string): string => `mode: set\n${path}:1.1,2.2 10 1\n`;

let app: TestApplication;
let build: Build;
let receipts: Answer[];
let decision: Answer;
beforeAll(async () => {
  app = await openTestApplication();
  build = await registerBuild(app);
  receipts = await uploadAll(app, build, [
    sarifWithSnippet(SECRETS.github),
    gitleaksJson(SECRETS.unknownShape),
    coverageOf(`example.org/shop/${SECRETS.aws}/stock.go`),
    CLEAN.sbom,
  ]);
  await app.normalise();
  decision = await evaluate(app, build);
  await app.integrate();
});
afterAll(() => app.close());

/** What of the secrets a text holds, also as its base64 may show it. */
const leaksIn = (text: string): string[] =>
  Object.values(SECRETS).filter((secret) => text.includes(secret) || text.includes(coreOfBase64(secret)));

/** The part of a text's base64 that does not depend on what stands around it, for one of the three alignments. */
const coreOfBase64 = (text: string): string =>
  Buffer.from(text.slice(0, text.length - (text.length % 3))).toString('base64');

describe('a secret in a report', () => {
  it('is counted and masked', () => {
    expect(receipts.map(({ maskedCount }) => maskedCount > 0)).toEqual([true, true, true, false]);
    for (const { digest, receivedDigest } of receipts.slice(0, 3)) expect(digest).not.toBe(receivedDigest);
  });

  it('is in no file of the service', () => {
    const { dataDir } = app.platform.config;
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
    expect(texts.flatMap(leaksIn)).toEqual([]);
    // The search finds what is there: each masked report, with its mask.
    expect(texts.filter((text) => text.includes('[masked:')).length).toBeGreaterThanOrEqual(3);
  });

  it('is in no column of no table', async () => {
    const { admin } = app.database;
    const tables: { name: string }[] = await admin.query(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname IN ('assay', 'ledger', 'bullmq')`,
    );
    let rows = 0;
    for (const { name } of tables) {
      const found: { row: object }[] = await admin.query(`SELECT to_jsonb(t) AS row FROM ${name} t`);
      for (const { row } of found) {
        rows += 1;
        const text = JSON.stringify(row);
        const bytes = text.replace(/\\\\x([0-9a-f]*)/g, (_all, hex: string) =>
          Buffer.from(hex, 'hex').toString('latin1'),
        );
        expect([name, leaksIn(text), leaksIn(bytes)]).toEqual([name, [], []]);
      }
    }
    expect(rows).toBeGreaterThan(50);
  });

  it('is in no answer and in no line of the log', async () => {
    const artefact = await app.ask('auditor', 'artefact', { digest: build.digest });
    const ledger = await app.ask('auditor', 'ledger', { first: 200 });
    expect(leaksIn(JSON.stringify([receipts, decision, artefact, ledger, app.log]))).toEqual([]);
    expect(JSON.stringify(artefact)).toContain('[masked:');
  });

  it('is still a finding: the gate fails, and names where it stood', () => {
    const rule = decision.rules.find(({ ruleId }: Answer) => ruleId === 'no-secrets');
    expect(decision.verdict).toBe('FAIL');
    expect(rule.outcome).not.toBe('PASS');
  });

  it('handed in as text, or split by the network, is masked all the same', async () => {
    const { artId, digest } = build;
    const text = sarifWithSnippet(SECRETS.aws);
    const evidence = await app.command('service', 'submit-evidence', {
      artId,
      digest,
      text,
      source: 'ci/text',
    });
    expect(evidence.maskedCount).toBeGreaterThan(0);
    const twice = await uploadAll(app, build, [text, text]);
    expect(new Set([evidence, ...twice].map((each: Answer) => each.digest)).size).toBe(1);
  });

  it('is told from another secret, and recognised again', async () => {
    const other = SECRETS.github.replace('A1b2', 'Z9y8');
    const [first, second] = await uploadAll(app, build, [
      sarifWithSnippet(SECRETS.github),
      sarifWithSnippet(other),
    ]);
    expect(first.digest).toBe(receipts[0].digest);
    expect(second.digest).not.toBe(first.digest);
  });
});
