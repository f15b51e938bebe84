import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerificationReport } from '../../src/ledger/verify.js';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { evaluate, judgeableBuild, waiverFor, type Build } from '../support/shop.js';

/** By which column a row is found again, table by table. */
const KEYS: Readonly<Record<string, string>> = {
  'ledger.entry': 'seq',
  'ledger.fact': 'seq',
  'assay.decision': 'decision_id',
  'assay.waiver': 'waiver_id',
  'assay.waiver_approval': 'waiver_id',
  'assay.evidence': 'evidence_id',
  'assay.evidence_report': 'evidence_id',
  'assay.access_grant': 'grant_id',
  'assay.principal': 'principal_id',
  'assay.gate': 'gate_id',
  'assay.artefact_version': 'digest',
  'assay.policy_version': 'digest',
  'assay.checklist_version': 'digest',
  'assay.checklist_activation': 'entry_key',
};

/** A second version of a checklist, so that a row can name another one than it did. */
const anotherDefinitionOfDone = (app: TestApplication): Promise<unknown> =>
  app.command('officer', 'publish-checklist', {
    chkId: 'CHK_DOD',
    title: { en: 'Stricter', nl: 'Strenger' },
    policies: [{ policyId: 'definition-of-done', version: '1.1.0', parameters: { coverage_floor: 99 } }],
  });

/** What `assay ledger verify` says after somebody with the superuser's password changed one thing. */
describe('a superuser who changes', () => {
  let app: TestApplication;
  let build: Build;
  let decision: Answer;
  let waiver: Answer;
  const verify = (): Promise<VerificationReport> => verifyLedger(app.platform);

  beforeAll(async () => {
    app = await openTestApplication();
    build = await judgeableBuild(app);
    waiver = await app.command('lead', 'request-waiver', waiverFor(app, build, 'coverage-floor'));
    await app.command('approver', 'approve-waiver', { waiverId: waiver.id, note: 'Seen' });
    decision = await evaluate(app, build);
    await anotherDefinitionOfDone(app);
    await app.integrate();
    const honest = await verify();
    expect(honest.findings).toEqual([]);
    expect(honest.accepted).toBe(true);
  });
  afterAll(() => app.close());

  /** Changes a column past the triggers (`column = expression`), answers the findings, and puts it back. */
  async function findingsAfter(table: string, set: string, where: string): Promise<readonly string[]> {
    const alone = (sql: string): Promise<unknown> => app.database.admin.query(sql);
    const column = set.slice(0, set.indexOf(' = '));
    const key = KEYS[table] ?? '';
    await alone('DROP TABLE IF EXISTS public.kept');
    await alone(`CREATE TABLE public.kept AS SELECT ${key}, ${column} FROM ${table} WHERE ${where}`);
    const [{ count }] = await app.database.admin.query<[{ count: string }]>(
      'SELECT count(*) FROM public.kept',
    );
    expect(Number(count)).toBeGreaterThan(0);
    try {
      await alone(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      await alone(`UPDATE ${table} SET ${set} WHERE ${where}`);
      return (await verify()).findings.map(({ what, detail }) => `${what}: ${detail}`);
    } finally {
      await alone(
        `UPDATE ${table} t SET ${column} = kept.${column} FROM public.kept kept WHERE t.${key} = kept.${key}`,
      );
      expect((await verify()).accepted).toBe(true);
    }
  }

  const flip = (column: string): string =>
    `${column} = overlay(${column} PLACING (CASE substr(${column}, 40, 1) WHEN 'a' THEN 'b' ELSE 'a' END) FROM 40 FOR 1)`;

  it('one byte of a leaf is named by the entry', async () => {
    const { seq } = decision.ledgerEntry;
    const report = await findingsAfter('ledger.entry', flip('leaf'), `seq = ${String(seq)}`);
    expect(report).toHaveLength(1);
    expect(report[0]).toMatch(/^leaf: /);
  });

  it('one byte of a fact is named by the entry', async () => {
    const { seq } = decision.ledgerEntry;
    const report = await findingsAfter('ledger.fact', flip('statement'), `seq = ${String(seq)}`);
    // What the entry said of the decision cannot be read any more, so the decision stands alone, too.
    expect(report[0]).toMatch(/^fact: /);
  });

  it.each([
    ['evidence.received', 'evidenceId', 'evidencfId'],
    ['evidence.normalised', 'documentDigest', 'documentDigesu'],
    ['grant.given', 'grantId', 'grantIe'],
    ['principal.added', 'principalId', 'principalIe'],
  ])('one byte in the name of a detail of %s is a finding, not a crash', async (kind, name, changed) => {
    const set = `statement = replace(statement, '"${name}"', '"${changed}"')`;
    const where = `seq = (SELECT min(seq) FROM ledger.fact WHERE kind = '${kind}')`;
    const report = await findingsAfter('ledger.fact', set, where);
    expect(report).toContain('fact: the statement is not the one that was signed');
  });

  it.each([
    ['the document', flip('document')],
    ['the verdict', `verdict = 'PASS'`],
    ['the verdict without waivers', `verdict_without_waivers = 'PASS'`],
    ['the as-of', `as_of = as_of - interval '1 day'`],
    ['the validity', `valid_until = NULL`],
  ])('%s of a decision is named by the decision', async (_what, set) => {
    const report = await findingsAfter('assay.decision', set, `decision_id = '${String(decision.id)}'`);
    expect(report).toEqual([expect.stringContaining(`decision ${String(decision.id)}`)]);
  });

  it.each([
    ['the end', `effective_until = effective_until + interval '1 year'`],
    ['the severity', `severity = 'critical'`],
    ['the number of approvals it needs', `required_approvals = required_approvals + 1`],
    ['the selectors', `selectors = '[{"type":"rule","ruleId":"no-secrets"}]'::jsonb`],
  ])('%s of an approved waiver is named by the waiver', async (_what, set) => {
    const report = await findingsAfter('assay.waiver', set, `waiver_id = '${String(waiver.id)}'`);
    expect(report).toEqual([expect.stringContaining(`waiver ${String(waiver.id)}`)]);
  });

  it('who approved a waiver is named by the waiver', async () => {
    const set = `approver_id = (SELECT principal_id FROM assay.principal WHERE subject = 'second-approver')`;
    const report = await findingsAfter('assay.waiver_approval', set, `waiver_id = '${String(waiver.id)}'`);
    expect(report.every((line) => line.includes(`waiver ${String(waiver.id)}`))).toBe(true);
    expect(report.length).toBeGreaterThan(0);
  });

  it.each([
    ['where evidence came from', 'assay.evidence', `source = 'ci/other'`],
    ['when evidence was collected', 'assay.evidence', `collected_at = collected_at - interval '1 day'`],
    ['what a report says', 'assay.evidence_report', `document_digest = 'sha256:${'0'.repeat(64)}'`],
  ])('%s is named by the evidence', async (_what, table, set) => {
    const where = `evidence_id = (SELECT evidence_id FROM assay.evidence ORDER BY 1 LIMIT 1)`;
    expect((await findingsAfter(table, set, where)).some((line) => line.startsWith('evidence: '))).toBe(true);
  });

  it.each([
    ['a role', 'assay.access_grant', `access_role = 'admin'`, `access_role = 'developer'`],
    [
      'to whom a role was given',
      'assay.access_grant',
      `principal_id = (SELECT principal_id FROM assay.principal WHERE subject = 'developer')`,
      `access_role = 'officer'`,
    ],
    ['by which login somebody is known', 'assay.principal', `subject = 'mallory'`, `subject = 'auditor'`],
  ])('%s is named by the grant', async (_what, table, set, where) => {
    const report = await findingsAfter(table, set, where);
    expect(report.length).toBeGreaterThan(0);
    expect(report.every((line) => line.startsWith('grant: '))).toBe(true);
  });

  it('what a gate judges with is named by the gate', async () => {
    const report = await findingsAfter('assay.gate', `chk_id = 'CHK_DOD'`, `gate_id = 'GATE_RELEASE'`);
    expect(report).toEqual([expect.stringContaining('gate GATE_RELEASE')]);
  });

  it('who made an artefact is named by the artefact', async () => {
    const set = `author_id = (SELECT principal_id FROM assay.principal WHERE subject = 'developer')`;
    const report = await findingsAfter('assay.artefact_version', set, `digest = '${build.digest}'`);
    expect(report).toEqual([expect.stringContaining(build.digest)]);
  });

  it('a published policy is named by the policy', async () => {
    const set = `document = replace(document, '"block"', '"warn"')`;
    const report = await findingsAfter('assay.policy_version', set, `policy_id = 'secure-release'`);
    expect(report).toEqual([expect.stringContaining('secure-release@1.2.0')]);
  });

  it.each([
    ['the version', `version = 2`],
    ['the version before', `previous_version = 7`],
    ['the time', `activated_at = activated_at - interval '1 day'`],
    ['the person', `activated_by = (SELECT principal_id FROM assay.principal WHERE subject = 'officer')`],
    ['the number', `activation = 9`],
  ])('%s of an activation is named by the activation', async (_what, set) => {
    const report = await findingsAfter('assay.checklist_activation', set, `chk_id = 'CHK_DOD'`);
    expect(report.length).toBeGreaterThan(0);
    expect(report.every((line) => /^activation: activation \d of CHK_DOD: /.test(line))).toBe(true);
  });

  it('which version of a checklist is in force without an activation is named by the checklist', async () => {
    const report = await findingsAfter(
      'assay.checklist_version',
      'active_when_published = true',
      `chk_id = 'CHK_DOD' AND version = 1`,
    );
    expect(report).toEqual(['policy: checklist CHK_DOD@1: when it is in force was changed']);
  });

  it('that a gate pins a version is named by the gate', async () => {
    const report = await findingsAfter('assay.gate', `checklist_version = 1`, `gate_id = 'GATE_RELEASE'`);
    expect(report).toEqual([expect.stringContaining('gate GATE_RELEASE')]);
  });

  it('one byte of a stored report is named by its digest', async () => {
    const [{ org, digest }] = await app.database.admin.query<[{ org: string; digest: string }]>(
      'SELECT org_id AS org, stored_digest AS digest FROM assay.evidence ORDER BY evidence_id LIMIT 1',
    );
    const hex = digest.slice('sha256:'.length);
    const { dataDir } = app.platform.config;
    const path = join(dataDir, 'blobs', org, 'sha256', hex.slice(0, 2), hex);
    const bytes = readFileSync(path);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(9) ^ 1, 9);
    writeFileSync(path, changed);
    try {
      const { findings } = await verify();
      expect(findings.map(({ what, detail }) => `${what}: ${detail}`)).toEqual([
        `blob: blob ${digest}: the bytes were changed`,
      ]);
    } finally {
      writeFileSync(path, bytes);
    }
  });
});
