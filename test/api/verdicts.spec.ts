import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import {
  DAY_MS,
  MINUTE_MS,
  openTestApplication,
  type Answer,
  type TestApplication,
} from '../support/application.js';
import {
  CLEAN,
  evaluate,
  judgeableBuild,
  registerBuild,
  someDigest,
  uploadAll,
  waiverFor,
} from '../support/shop.js';

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
}, 120_000);
afterAll(() => app.close());

const decisions = async (): Promise<number> => {
  const [row] = await app.database.admin.query<[{ count: string }]>(
    `SELECT count(*) FROM ledger.fact WHERE kind = 'decision.recorded'`,
  );
  return Number(row.count);
};

describe('many questions at once', () => {
  const ask = (input: object): Promise<Answer> => app.command('service', 'evaluate-gates', input);

  it('are answered in their order, each with a decision and an entry of its own, or its own problem', async () => {
    const bad = await judgeableBuild(app);
    const clean = await registerBuild(app);
    await uploadAll(app, clean, Object.values(CLEAN));
    await app.normalise();
    const before = await decisions();
    const questions = [
      { gateId: 'GATE_RELEASE', ...bad },
      { gateId: 'GATE_NONE', ...bad },
      { gateId: 'GATE_DOD', ...bad },
      { gateId: 'GATE_RELEASE', digest: someDigest() },
      { gateId: 'GATE_DOD', ...clean },
      { gateId: 'GATE_DOD', ...clean, asOf: new Date(app.clock.now() + DAY_MS).toISOString() },
    ];
    const key = { idempotencyKey: randomUUID() };
    const { answers } = await ask({ questions, ...key });
    expect(answers.map(({ __typename }: Answer) => __typename as string)).toEqual([
      ...['Decision', 'GateNotFound', 'Decision', 'ArtefactNotFound', 'Decision', 'AsOfInFuture'],
    ]);
    expect([answers[0].verdict, answers[4].verdict]).toEqual(['FAIL', 'PASS']);
    const made = answers.filter(({ __typename }: Answer) => __typename === 'Decision');
    expect(new Set(made.map(({ ledgerEntry }: Answer) => ledgerEntry.seq as number)).size).toBe(3);
    expect(await decisions()).toBe(before + 3);
    for (const { id } of made)
      expect(await app.ask('auditor', 'replay-decision', { id })).toMatchObject({ same: true });

    // Sent again, in another order: the same decisions, and nothing new.
    const again = await ask({ questions: [...questions].reverse(), ...key });
    expect(again.answers.map(({ id }: Answer) => id as string).reverse()).toEqual(
      answers.map(({ id }: Answer) => id as string),
    );
    expect(await decisions()).toBe(before + 3);
    expect((await evaluate(app, bad)).id).toBe(answers[0].id); // as if it had been asked alone
  });

  it('read the evidence of an artefact once', async () => {
    const build = await judgeableBuild(app);
    const reads: string[] = [];
    const blobs = app.platform.blobs;
    const get = blobs.get.bind(blobs);
    blobs.get = (orgId, digest) => {
      reads.push(digest);
      return get(orgId, digest);
    };
    try {
      const questions = ['GATE_RELEASE', 'GATE_DOD'].flatMap((gateId) => [
        { gateId, ...build },
        { gateId, ...build, asOf: new Date(app.clock.now()).toISOString() },
      ]);
      await ask({ questions, rejudge: true });
    } finally {
      blobs.get = get;
    }
    const documents = await app.database.admin.query<{ digest: string }[]>(
      'SELECT DISTINCT document_digest AS digest FROM assay.evidence_report',
    );
    const ofDocuments = reads.filter((read) => documents.some(({ digest }) => digest === read));
    expect(ofDocuments.length).toBeGreaterThan(0);
    expect(new Set(ofDocuments).size).toBe(ofDocuments.length);
  });

  it('are at least one and at most a hundred', async () => {
    const one = { gateId: 'GATE_DOD', digest: someDigest() };
    for (const questions of [[], Array.from({ length: 101 }, () => one)])
      expect(await ask({ questions })).toMatchObject({ __typename: 'InvalidInput', path: 'input.questions' });
    expect((await ask({ questions: Array.from({ length: 100 }, () => one) })).answers).toHaveLength(100);
  });
});

describe('the verdict at an instant', () => {
  const at = (build: object, asOf: number, gateId = 'GATE_RELEASE', subject = 'officer'): Promise<Answer> =>
    app.ask(subject, 'verdict-at', { gateId, ...build, asOf: new Date(asOf).toISOString() });

  it('is what the gate says now, and is recorded nowhere', async () => {
    const build = await judgeableBuild(app);
    const decision = await evaluate(app, build);
    const before = await decisions();
    const now = Date.parse(decision.asOf);
    expect(await at(build, now)).toMatchObject({
      ...{ __typename: 'UnrecordedVerdict', recorded: false, asOf: decision.asOf, verdict: decision.verdict },
      ...{ inputsDigest: decision.inputsDigest, documentDigest: decision.documentDigest },
    });
    expect(await decisions()).toBe(before);
    expect(await at(build, now + DAY_MS)).toMatchObject({ __typename: 'AsOfInFuture' });
  });

  it('rests on evidence received, waivers approved and endings known until then, and on nothing later', async () => {
    app.clock.advance(MINUTE_MS);
    const build = await registerBuild(app);
    const { coverage, ...rest } = CLEAN;
    await uploadAll(app, build, Object.values(rest));
    await app.normalise();
    const bare = app.clock.now();
    app.clock.advance(MINUTE_MS);
    await uploadAll(app, build, ['mode: set\nexample.org/shop/stock.go:1.1,2.2 10 0\n']); // nothing covered
    await app.normalise();
    const covered = app.clock.now();
    app.clock.advance(MINUTE_MS);
    const waiver = await app.command('lead', 'request-waiver', waiverFor(app, build, 'coverage-floor'));
    const requested = app.clock.now();
    app.clock.advance(MINUTE_MS);
    await app.command('approver', 'approve-waiver', { waiverId: waiver.id, note: 'Seen' });
    const approved = app.clock.now();
    app.clock.advance(MINUTE_MS);
    await app.command('officer', 'revoke-waiver', { waiverId: waiver.id, note: 'Over' });
    const revoked = app.clock.now();
    expect(coverage).toBeDefined();
    const verdicts = [];
    for (const instant of [bare, covered, requested, approved, revoked])
      verdicts.push(await at(build, instant));
    expect(verdicts.map(({ verdict }) => verdict as string)).toEqual([
      ...['INDETERMINATE', 'FAIL', 'FAIL', 'PASS_WITH_WAIVERS', 'FAIL'],
    ]);
    expect(verdicts.map(({ evidence }) => (evidence as string[]).length)).toEqual([3, 4, 4, 4, 4]);
    expect(verdicts[3].waiverIds).toEqual([waiver.id]);
    // That it would be revoked, nobody knew then: it would have held to the end of its window.
    expect(Date.parse(verdicts[3].validUntil)).toBeGreaterThan(revoked);
    expect(await at(build, bare - 1)).toMatchObject({ __typename: 'ArtefactNotFound' });
  });

  it('is given by the gate and the checklist version that stood then', async () => {
    const build = await judgeableBuild(app);
    const gate = {
      ...{ gateId: 'GATE_THEN', project: 'shop', title: 'Then', locus: 'PR', chkId: 'CHK_RELEASE' },
      ...{ ownerRole: 'QA', maxRunMs: 60_000 },
    };
    const before = app.clock.now();
    app.clock.advance(MINUTE_MS);
    await app.command('officer', 'define-gate', { ...gate, expectedVersion: 0 });
    const strict = app.clock.now();
    app.clock.advance(MINUTE_MS);
    const severityRules = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'NONE'].map((severity) => ({
      ...{ severity, effect: 'WARN' },
    }));
    await app.command('officer', 'define-gate', { ...gate, severityRules, expectedVersion: 1 });
    const lenient = app.clock.now();
    const found = [];
    for (const instant of [before, strict, lenient]) found.push(await at(build, instant, 'GATE_THEN'));
    expect(found[0]).toMatchObject({ __typename: 'GateNotFound' });
    expect(found[1]).toMatchObject({ gateVersion: 1, verdict: 'FAIL', checklist: { version: 1 } });
    expect(found[2]).toMatchObject({ gateVersion: 2 });
    expect(found[2].verdict).not.toBe('FAIL');
    expect((await verifyLedger(app.platform)).findings).toEqual([]);
  });
});
