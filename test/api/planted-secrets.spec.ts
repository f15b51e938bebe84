import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorker } from '../../src/app/doors/open-worker.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { PackTaker } from '../support/export.js';
import { FakeSecrets, LeakFinder, type FakeSecret } from '../support/fake-secrets.js';
import { SECRET_REPORTS } from '../support/secret-reports.js';
import { evaluate, registerBuild, uploadAll, type Build } from '../support/shop.js';

// Hundreds of uploads, and a pack.
jest.setTimeout(300_000);

const fakes = new FakeSecrets(process.env['ASSAY_TEST_SEED'] ?? randomBytes(6).toString('hex'));
const secrets = fakes.all(36);
const finder = new LeakFinder(secrets);

/** Each secret in one report, each format with every class that can be seen in it. */
const FORMATS = Object.entries(SECRET_REPORTS);
const planted: readonly { readonly format: string; readonly secret: FakeSecret; readonly report: string }[] =
  secrets.map((secret, index) => {
    const usable = FORMATS.filter(([, { whole }]) => whole || secret.secretClass !== 'opaque');
    const [format = '', { of } = { of: (): string => '' }] = usable[index % usable.length] ?? [];
    return { format, secret, report: of(secret, 1 + (index % 50)) };
  });

let app: TestApplication;
let build: Build;
let receipts: Answer[];
let errors: unknown[];
let decision: Answer;

beforeAll(async () => {
  process.stderr.write(`planted secrets: seed ${fakes.seed}\n`);
  app = await openTestApplication();
  build = await registerBuild(app);
  const worker = await openWorker(app.platform.config);
  try {
    const batches = Array.from({ length: 12 }, (_, lane) =>
      planted.filter((_, index) => index % 12 === lane),
    );
    receipts = (
      await Promise.all(
        batches.map((batch) =>
          uploadAll(
            app,
            build,
            batch.map(({ report }) => report),
          ),
        ),
      )
    ).flat();
    errors = await refusals();
    for (;;) {
      const [{ left }] = await app.database.admin.query(
        `SELECT count(*)::int AS left FROM assay.evidence e
          WHERE NOT EXISTS (SELECT FROM assay.evidence_report r WHERE r.evidence_id = e.evidence_id)`,
      );
      if (left === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await worker.close();
  }
  decision = await evaluate(app, build);
  await app.integrate();
});
afterAll(() => app.close());

/** Everything wrong at once: secrets in refused reports, and where names and digests belong. */
async function refusals(): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const { value } of secrets.filter((_, index) => index % 12 === 0)) {
    const text = value.split('\n').join(' ');
    const report = `[{"Secret": "${text}" oops`;
    answers.push(
      (await app.upload('x', build, { source: text })).body,
      (await app.upload(report, build, { declaredFormat: text })).body,
      (await app.upload(report, { ...build, digest: text })).body,
      (await app.upload(Buffer.from(`${report}\0`), build)).body,
      await app.graphql('service', 'submit-evidence', {
        input: { idempotencyKey: text, ...build, source: 'ci/x', text: report },
      }),
    );
    // It answers with the id it was asked for, to whoever asked; nobody else is told.
    await app.graphql('service', 'submit-evidence', {
      input: {
        idempotencyKey: randomUUID(),
        artId: text,
        digest: build.digest,
        source: 'ci/x',
        text: report,
      },
    });
  }
  return answers;
}

describe(`${String(secrets.length)} planted secrets`, () => {
  it('are at least 500, of every class, in every format', () => {
    expect(planted.length).toBeGreaterThanOrEqual(500);
    expect(new Set(planted.map(({ secret }) => secret.value)).size).toBe(planted.length);
    expect(new Set(planted.map(({ format }) => format)).size).toBe(FORMATS.length);
    for (const { secret, report } of planted) {
      // The search would find each of them as it was sent.
      const sent = report.replaceAll('\\n', '\n');
      expect([secret.secretClass, finder.leaksIn(sent).length > 0]).toEqual([secret.secretClass, true]);
    }
    expect(receipts.filter(({ maskedCount }) => maskedCount === 0)).toEqual([]);
  });

  it('are in no file of the service', () => {
    const { dataDir } = app.platform.config;
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
    expect(texts.filter((text) => text.includes('[masked:')).length).toBeGreaterThanOrEqual(
      planted.length - 36,
    );
    expect(texts.flatMap((text) => finder.leaksIn(text))).toEqual([]);
  });

  it('are in no column of no table: evidence, queue, ledger and all', async () => {
    const { admin } = app.database;
    const tables: { name: string }[] = await admin.query(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    let characters = 0;
    for (const { name } of tables) {
      const rows: { row: object }[] = await admin.query(`SELECT to_jsonb(t) AS row FROM ${name} t`);
      const text = rows.map(({ row }) => JSON.stringify(row)).join('\n');
      const bytes = text.replace(/\\\\x([0-9a-f]*)/g, (_all, hex: string) =>
        Buffer.from(hex, 'hex').toString('latin1'),
      );
      characters += text.length;
      expect([name, finder.leaksIn(text), finder.leaksIn(bytes)]).toEqual([name, [], []]);
    }
    expect(tables.some(({ name }) => name.startsWith('bullmq.'))).toBe(true);
    expect(characters).toBeGreaterThan(1_000_000);
  });

  it('are in no answer, in no error and in no line of the log', async () => {
    const artefact = await app.ask('auditor', 'artefact', { digest: build.digest });
    const ledger = await app.ask('auditor', 'ledger', { first: 200 });
    expect(errors.length).toBeGreaterThan(200);
    const told = { receipts, decision, artefact, ledger, errors, log: app.log };
    for (const [what, answers] of Object.entries(told))
      expect([what, finder.leaksIn(JSON.stringify(answers))]).toEqual([what, []]);
  });

  it('are in no evidence pack', async () => {
    const { files } = await new PackTaker(app).packOf({});
    const texts = [...files.values()].map((bytes) => bytes.toString('latin1'));
    const payloads = texts.flatMap((text) =>
      [...text.matchAll(/"payload":"([A-Za-z0-9+/=]+)"/g)].map(([, payload = '']) =>
        Buffer.from(payload, 'base64').toString('latin1'),
      ),
    );
    expect(payloads.length).toBeGreaterThan(0);
    expect([...texts, ...payloads].flatMap((text) => finder.leaksIn(text))).toEqual([]);
  });
});
