import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { DAY_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { evaluate, judgeableBuild, type Build } from '../support/shop.js';
import { WaiverSteps } from '../support/waivers.js';

let app: TestApplication;
let steps: WaiverSteps;
let build: Build;
beforeAll(async () => {
  app = await openTestApplication();
  steps = new WaiverSteps(app);
  build = await judgeableBuild(app);
}, 60_000);
afterAll(() => app.close());

const can = (waiver: Answer): Record<string, string> =>
  Object.fromEntries(waiver.viewerCan.map(({ action, reasonCode }: Answer) => [action, reasonCode]));

describe('the life of a waiver', () => {
  it('may end with its requester, who alone takes the request back', async () => {
    const { id } = await steps.request(build);
    expect(await steps.review('withdraw-waiver', id, 'lead')).toMatchObject({
      __typename: 'NotTheRequester',
      code: 'NOT_THE_REQUESTER',
    });
    expect(await steps.review('withdraw-waiver', id, 'developer', { note: ' ' })).toMatchObject({
      __typename: 'InvalidInput',
      path: 'note',
    });
    expect(await steps.review('withdraw-waiver', id, 'developer')).toMatchObject({ state: 'WITHDRAWN' });
    expect(await steps.review('approve-waiver', id, 'approver')).toMatchObject({
      __typename: 'WaiverNotOpen',
      state: 'WITHDRAWN',
    });
    const listed = await app.ask('auditor', 'waivers', { state: 'WITHDRAWN', first: 5 });
    expect(listed.nodes.map((each: Answer) => each.id)).toContain(id);
  });

  it('says at each point what can be done with it, and why the rest cannot', async () => {
    const { id } = await steps.request(build);
    const asked = await app.ask('developer', 'waiver', { id });
    expect(can(asked)).toEqual({
      approve: 'self-approval',
      refuse: 'ok',
      withdraw: 'ok',
      revoke: 'not-open',
      renew: 'not-renewable',
    });
    await steps.review('approve-waiver', id, 'approver');
    expect(can(await app.ask('second-approver', 'waiver', { id }))).toEqual({
      approve: 'not-open',
      refuse: 'not-open',
      withdraw: 'not-the-requester',
      revoke: 'ok',
      renew: 'ok',
    });
  });

  it('is continued by another request, and keeps its own dates', async () => {
    const first = await steps.granted(build);
    const before = await steps.show(first.id);
    const renewal = await steps.request(build, { renews: first.id, effectiveUntil: steps.inDays(20) });
    expect(renewal).toMatchObject({ state: 'REQUESTED', renews: first.id });
    const { renewedBy, ...after } = await steps.show(first.id);
    expect(renewedBy).toEqual([renewal.id]);
    expect({ ...after, renewedBy: [] }).toEqual(before);
    expect((await steps.show(renewal.id)).approvals).toEqual([]); // nothing of the first one's approvals comes with it
  });

  it('is continued only when it was granted, and as often as the policy allows', async () => {
    const open = await steps.request(build);
    expect(await steps.request(build, { renews: open.id })).toMatchObject({
      __typename: 'NotRenewable',
      waiverState: 'REQUESTED',
    });
    await steps.review('refuse-waiver', open.id, 'approver');
    expect(await steps.request(build, { renews: open.id })).toMatchObject({
      waiverState: 'REFUSED',
    });
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await steps.request(build, { renews: nobody })).toMatchObject({ __typename: 'WaiverNotFound' });
    let renews = (await steps.granted(build)).id as string;
    for (let times = 1; times <= 3; times++) {
      const next = await steps.request(build, { renews });
      renews = (await steps.review('approve-waiver', next.id, 'approver')).id as string;
    }
    expect(await steps.request(build, { renews })).toMatchObject({
      __typename: 'NotPermitted',
      refusal: { code: 'renewed-too-often' },
    });
  });

  it('names stored evidence that supports it, each piece once and in order', async () => {
    const { evidence } = await app.ask('auditor', 'artefact', { digest: build.digest });
    const digests: string[] = evidence.map(({ digest }: Answer) => digest).sort();
    const [first = '', second = ''] = digests;
    const made = await steps.request(build, { attachments: [second, first, second] });
    expect(made.attachments).toEqual([first, second]);
    const unknown = `sha256:${'0'.repeat(64)}`;
    expect(await steps.request(build, { attachments: [unknown] })).toMatchObject({
      __typename: 'AttachmentNotFound',
      code: 'ATTACHMENT_NOT_FOUND',
    });
  });

  it('takes more approvals the wider its scope and the longer it lasts', async () => {
    const needs = async (change: object): Promise<number> =>
      (await steps.request(build, change)).requiredApprovals as number;
    const narrow = { selectors: [{ rule: 'coverage-floor' }, { artefact: { artId: build.artId } }] };
    const wide = { selectors: [{ rule: 'coverage-floor' }, { gate: 'GATE_RELEASE' }] };
    expect(await needs(narrow)).toBe(1);
    expect(await needs(wide)).toBe(2);
    expect(await needs({ ...narrow, severity: 'LOW', effectiveUntil: steps.inDays(89) })).toBe(1);
    expect(await needs({ ...narrow, severity: 'LOW', effectiveUntil: steps.inDays(91) })).toBe(2);
    expect(await needs({ ...narrow, severity: 'CRITICAL' })).toBe(2);
  });

  it('excuses a family of artefacts by a pattern of their ids, and no other', async () => {
    const { artId } = build;
    const pattern = `${artId.slice(0, -1)}*`;
    const scope = (artefactPattern: string) => ({
      selectors: [{ rule: 'coverage-floor' }, { artefactPattern }],
    });
    expect(await steps.request(build, scope('ART_*'))).toMatchObject({
      __typename: 'InvalidInput',
      path: 'selectors[1].pattern',
    });
    const outcome = async (): Promise<string> => {
      const { rules } = await evaluate(app, build, { rejudge: true });
      return rules.find(({ ruleId }: Answer) => ruleId === 'coverage-floor').outcome as string;
    };
    const grant = async (artefactPattern: string): Promise<string> => {
      const { id } = await steps.request(build, scope(artefactPattern));
      await steps.review('approve-waiver', id, 'approver');
      await steps.review('approve-waiver', id, 'second-approver');
      return id as string;
    };
    const others = await waivedBefore();
    for (const id of others) await steps.review('revoke-waiver', id, 'officer');
    await grant('ART_ANOTHER_*');
    expect(await outcome()).toBe('FAIL');
    const id = await grant(pattern);
    expect(await outcome()).toBe('WAIVED');
    await steps.review('revoke-waiver', id, 'officer');
    expect(await outcome()).toBe('FAIL');
  });

  const waivedBefore = async (): Promise<string[]> =>
    (await app.ask('auditor', 'waivers', { state: 'ACTIVE', first: 200 })).nodes.map(({ id }: Answer) => id);
});

describe('what time does to waivers', () => {
  it('records the end of a waiver once, in the name of the system, within a tick of its last instant', async () => {
    const until = app.clock.now() + DAY_MS;
    const { id } = await steps.granted(build, { effectiveUntil: new Date(until).toISOString() });
    const from = await steps.lastSeq();
    app.clock.advance(DAY_MS);
    await app.services.waiverClock.tick();
    expect(await endsOf(id, from)).toEqual([]); // its last instant belongs to it
    app.clock.advance(1);
    await app.services.waiverClock.tick();
    const ends = await endsOf(id, from);
    expect(ends).toMatchObject([{ kind: 'waiver.expired', actor: 'system' }]);
    const facts = ends[0].statement.predicate['urn:assay:facts:v1'];
    expect(facts).toMatchObject({
      stateBefore: 'active',
      stateAfter: 'expired',
      result: 'EXPIRED',
      gateId: 'GATE_RELEASE',
      waiverIds: [id],
    });
    expect(Date.parse(facts.tsEnd) - until).toBeLessThanOrEqual(60_000);
    await app.services.waiverClock.tick();
    expect(await endsOf(id, from)).toHaveLength(1);
  });

  it('is done once by several workers at once, and by one that comes back after an outage', async () => {
    const ids: string[] = [];
    for (let each = 0; each < 12; each++) ids.push((await steps.granted(build)).id as string);
    const from = await steps.lastSeq();
    app.clock.advance(5 * DAY_MS); // an outage
    const workers = Array.from({ length: 3 }, () => app.workerServices());
    try {
      await Promise.all(workers.map(({ waiverClock }) => waiverClock.tick()));
    } finally {
      for (const worker of workers) await worker.close();
    }
    const ended = (await steps.entriesSince(from)).filter(({ kind }) => kind === 'waiver.expired');
    expect(
      ended
        .map(({ waiver }) => waiver)
        .filter((id) => ids.includes(id))
        .sort(),
    ).toEqual(ids.sort());
  });

  it('of what was refused, withdrawn or revoked records no end', async () => {
    const refused = (await steps.request(build)).id as string;
    await steps.review('refuse-waiver', refused, 'approver');
    const revoked = (await steps.granted(build)).id as string;
    await steps.review('revoke-waiver', revoked, 'officer');
    const from = await steps.lastSeq();
    app.clock.advance(4 * DAY_MS);
    await app.services.waiverClock.tick();
    expect([...(await endsOf(refused, from)), ...(await endsOf(revoked, from))]).toEqual([]);
    const [{ count }] = await app.database.admin.query(
      `SELECT count(*)::int FROM assay.waiver_due WHERE waiver_id = ANY ($1) AND handled_at IS NULL`,
      [[refused, revoked]],
    );
    expect(count).toBe(0);
  });

  it('sends an open request to the next role when its reviewer is late, once for each step', async () => {
    const { id } = await steps.request(build, { effectiveUntil: steps.inDays(10) });
    expect((await steps.show(id)).review).toEqual({ role: 'SEC', dueAt: steps.inDays(1) });
    const from = await steps.lastSeq();
    const escalated = async (): Promise<Answer[]> => {
      await app.services.waiverClock.tick();
      return (await steps.entriesSince(from)).filter(
        ({ kind, waiver }) => kind === 'waiver.escalated' && waiver === id,
      );
    };
    app.clock.advance(DAY_MS - 1);
    expect(await escalated()).toEqual([]);
    app.clock.advance(1);
    expect(await escalated()).toHaveLength(1);
    const shown = await steps.show(id);
    expect(shown).toMatchObject({
      state: 'REQUESTED',
      review: { role: 'PM', dueAt: steps.inDays(1) },
      escalations: [{ step: 1, role: 'PM' }],
    });
    app.clock.advance(3 * DAY_MS);
    expect(await escalated()).toHaveLength(1); // nobody comes after the last role
    expect((await escalated())[0].statement.predicate['urn:assay:facts:v1'].details).toMatchObject({
      fromRole: 'SEC',
      toRole: 'PM',
      step: 1,
    });
    await steps.review('refuse-waiver', id, 'approver');
    expect((await steps.show(id)).review).toBeNull();
  });

  it('leaves a request alone that was decided in time', async () => {
    const { id } = await steps.granted(build);
    const from = await steps.lastSeq();
    app.clock.advance(2 * DAY_MS);
    await app.services.waiverClock.tick();
    const late = (await steps.entriesSince(from)).filter(({ kind }) => kind === 'waiver.escalated');
    expect(late.map(({ waiver }) => waiver)).not.toContain(id);
  });

  const endsOf = async (id: string, from: number): Promise<Answer[]> =>
    (await steps.entriesSince(from)).filter(({ kind, waiver }) => kind === 'waiver.expired' && waiver === id);
});

it('after all of this the rows are what the entries say', async () => {
  await app.integrate();
  expect((await verifyLedger(app.platform)).findings).toEqual([]);
}, 60_000);
