import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { evaluate, judgeableBuild, type Build } from '../support/shop.js';

const BASE = {
  gateId: 'GATE_PR_QA',
  project: 'shop',
  title: 'QA',
  locus: 'PR',
  chkId: 'CHK_RELEASE',
  ownerRole: 'QA',
  maxRunMs: 60_000,
  expectedVersion: 0,
};
const TERMS = {
  severityRules: [
    { severity: 'LOW', effect: 'WARN' },
    { severity: 'CRITICAL', effect: 'BLOCK' },
  ],
  slaMs: 120_000,
  retry: { count: 3, firstBackOffMs: 500, maxBackOffMs: 5_000 },
  pauseMs: 3_600_000,
  escalation: [
    { role: 'QA', afterMs: 0 },
    { role: 'PM', afterMs: 600_000 },
  ],
  waiverRights: [{ role: 'SEC', severity: 'HIGH', maxDays: 30 }],
};

describe('a gate defined over GraphQL', () => {
  let app: TestApplication;
  let build: Build;
  const define = (input: object, subject = 'officer'): Promise<Answer> =>
    app.command(subject, 'define-gate', { ...BASE, ...input });
  const defined = (gateId: string): Promise<Answer[]> =>
    app.database.admin.query(
      `SELECT seq, statement::jsonb -> 'predicate' -> 'urn:assay:facts:v1' AS facts,
              statement::jsonb -> 'subject' AS subject
         FROM ledger.fact WHERE kind = 'gate.defined' AND gate_id = $1 ORDER BY seq`,
      [gateId],
    );

  beforeAll(async () => {
    app = await openTestApplication();
    build = await judgeableBuild(app);
  });
  afterAll(() => app.close());

  it('has all its terms, and its entry carries the digest of the whole', async () => {
    const gate = await define(TERMS);
    expect(gate).toMatchObject({
      __typename: 'Gate',
      project: { slug: 'shop' },
      checklistVersion: null,
      fallback: 'CLOSED',
      version: 1,
      ...TERMS,
    });
    const [entry] = await defined('GATE_PR_QA');
    expect(entry.subject).toMatchObject([
      { name: 'gate/GATE_PR_QA', digest: { sha256: gate.digest.slice('sha256:'.length) } },
    ]);
    expect(entry.facts).toMatchObject({
      gateId: 'GATE_PR_QA',
      stateAfter: 'GATE_PR_QA@1',
      details: { ownerRole: 'QA', retry: TERMS.retry, escalation: TERMS.escalation },
    });
  });

  it('has the terms of every gate where it says nothing of them', async () => {
    expect(await define({ gateId: 'GATE_PLAIN' })).toMatchObject({
      severityRules: [],
      slaMs: null,
      retry: { count: 0, firstBackOffMs: 1_000, maxBackOffMs: 60_000 },
      pauseMs: 86_400_000,
      escalation: [],
      waiverRights: [],
    });
  });

  it('is changed by who knows the current version; who does not is shown both sides', async () => {
    const gateId = 'GATE_EDITED';
    await define({ gateId });
    expect(await define({ gateId, title: 'Theirs', ownerRole: 'SEC', expectedVersion: 1 })).toMatchObject({
      version: 2,
    });
    const stale = await define({ gateId, title: 'Yours', maxRunMs: 1_000, expectedVersion: 1 });
    expect(stale).toMatchObject({
      __typename: 'GateStale',
      code: 'GATE_STALE',
      expectedVersion: 1,
      currentVersion: 2,
      theirs: { title: 'Theirs', ownerRole: 'SEC', version: 2 },
      definedAt: new Date(app.clock.now()).toISOString(),
    });
    expect(stale.fields).toEqual([
      { field: 'title', changedBy: 'BOTH', base: 'QA', theirs: 'Theirs', yours: 'Yours' },
      { field: 'ownerRole', changedBy: 'THEIRS', base: 'QA', theirs: 'SEC', yours: 'QA' },
      { field: 'maxRunMs', changedBy: 'YOURS', base: 60_000, theirs: 60_000, yours: 1_000 },
    ]);
    expect(await define({ gateId, expectedVersion: 0 })).toMatchObject({ currentVersion: 2 });
    expect(await defined(gateId)).toHaveLength(2);
  });

  it('is changed by one of several who try at once, and repeated under its key changes nothing', async () => {
    const gateId = 'GATE_RACED';
    const key = { gateId, idempotencyKey: randomUUID() };
    expect(await define(key)).toMatchObject({ version: 1 });
    expect(await define(key)).toMatchObject({ version: 1 });
    const raced = await Promise.all(
      ['One', 'Two', 'Three'].map((title) => define({ gateId, title, expectedVersion: 1 })),
    );
    expect(raced.map(({ __typename }) => __typename as string).sort()).toEqual([
      'Gate',
      'GateStale',
      'GateStale',
    ]);
    expect(await defined(gateId)).toHaveLength(2);
  });

  it.each<[string, object, string]>([
    ['a foreign id', { gateId: 'CHK_A' }, 'input.gateId'],
    ['a role that is prose', { ownerRole: 'the testers' }, 'input.ownerRole'],
    ['endless retries', { retry: { ...TERMS.retry, count: 11 } }, 'input.retry.count'],
    [
      'a back-off that shrinks',
      { retry: { count: 1, firstBackOffMs: 10, maxBackOffMs: 5 } },
      'input.retry.maxBackOffMs',
    ],
    [
      'an escalation that goes back in time',
      { escalation: [...TERMS.escalation, { role: 'PO', afterMs: 5 }] },
      'input.escalation.2.afterMs',
    ],
    [
      'the unknown passing by',
      { severityRules: [{ severity: 'UNKNOWN', effect: 'WARN' }] },
      'input.severityRules.unknown',
    ],
    [
      'two rules for one severity',
      { severityRules: ['WARN', 'BLOCK'].map((effect) => ({ severity: 'LOW', effect })) },
      'input.severityRules.1',
    ],
    [
      'one right twice',
      { waiverRights: [...TERMS.waiverRights, ...TERMS.waiverRights] },
      'input.waiverRights.1',
    ],
  ])('is refused with %s', async (_what, change, path) => {
    const before = await defined('GATE_PR_QA');
    expect(await define({ ...change, expectedVersion: 1 })).toMatchObject({
      __typename: 'InvalidInput',
      path,
    });
    expect(await defined('GATE_PR_QA')).toEqual(before);
  });

  it('is refused without its project or checklist', async () => {
    expect(await define({ gateId: 'GATE_X', project: 'nowhere' })).toMatchObject({
      __typename: 'ProjectNotFound',
    });
    expect(await define({ gateId: 'GATE_X', chkId: 'CHK_NONE' })).toMatchObject({
      __typename: 'ChecklistNotActive',
    });
    expect(await define({ gateId: 'GATE_X', checklistVersion: 99 })).toMatchObject({
      __typename: 'ChecklistNotFound',
    });
  });

  it('is the business of who may define gates, and everybody who reads them sees whether they may', async () => {
    const { errors } = await app.graphql('developer', 'define-gate', {
      input: { ...BASE, gateId: 'GATE_MINE', idempotencyKey: randomUUID() },
    });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const may = async (subject: string) =>
      (await app.ask(subject, 'gates'))[0].viewerCan.map(
        ({ action, allowed }: Answer) => `${action as string} ${String(allowed)}`,
      );
    expect(await may('developer')).toEqual(['define false', 'evaluate true']);
    expect(await may('officer')).toEqual(['define true', 'evaluate true']);
    expect(await may('auditor')).toEqual(['define false', 'evaluate false']);
  });

  it('judges by its own severities, says so, and is another decision than without', async () => {
    const asked = async (gateId: string, severityRules: object[]) => {
      await define({ gateId, locus: 'LOCAL', severityRules });
      return evaluate(app, build, { gateId });
    };
    const severities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'NONE'];
    const strict = await asked('GATE_STRICT', []);
    expect(strict.verdict).toBe('FAIL');
    const lenient = await asked(
      'GATE_LENIENT',
      severities.map((severity) => ({ severity, effect: 'WARN' })),
    );
    const ofKnownSeverity = lenient.rules
      .flatMap((rule: Answer) => rule.violations)
      .filter(({ severity }: Answer) => severity !== 'UNKNOWN');
    expect(ofKnownSeverity.length).toBeGreaterThan(0);
    expect(new Set(ofKnownSeverity.map(({ effect }: Answer) => effect as string))).toEqual(new Set(['WARN']));
    expect(lenient.verdict).not.toBe('FAIL');
    expect(lenient.inputsDigest).not.toBe(strict.inputsDigest);
    expect(await app.ask('auditor', 'replay-decision', { id: lenient.id })).toMatchObject({ same: true });
  });

  it('is believed by the verifier, and each definition that was changed by hand is found', async () => {
    expect((await verifyLedger(app.platform)).findings).toEqual([]);
    const tampered = async (deed: string, undo: string) => {
      const admin = app.database.admin.createQueryRunner();
      try {
        await admin.query('ALTER TABLE assay.gate_version DISABLE TRIGGER ALL');
        await admin.query(deed);
        const { findings } = await verifyLedger(app.platform);
        await admin.query(undo);
        return findings.map(({ detail }) => detail);
      } finally {
        await admin.query('ALTER TABLE assay.gate_version ENABLE TRIGGER ALL');
        await admin.release();
      }
    };
    const terms = (text: string, table: string, column: string, where: string) =>
      `UPDATE assay.${table} SET ${column} = ${column} ${text} WHERE ${where}`;
    expect(
      await tampered(
        terms(`|| '{"slaMs": 5}'`, 'gate', 'terms', `gate_id = 'GATE_PR_QA'`),
        terms(`|| '{"slaMs": 120000}'`, 'gate', 'terms', `gate_id = 'GATE_PR_QA'`),
      ),
    ).toEqual(['gate GATE_PR_QA: not as it was defined']);
    const first = `gate_id = 'GATE_EDITED' AND version = 1`;
    expect(
      await tampered(
        terms(`|| '{"title": "Other"}'`, 'gate_version', 'definition', first),
        terms(`|| '{"title": "QA"}'`, 'gate_version', 'definition', first),
      ),
    ).toEqual(['gate GATE_EDITED@1: not as it was defined']);
    expect((await verifyLedger(app.platform)).findings).toEqual([]);
  });
});
