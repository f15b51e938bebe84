import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ofOrganisations } from '../../src/app/database/on-behalf-of.js';
import { PgWaiverStore } from '../../src/waiver/waiver.store.pg.js';
import type { Approval, Waiver } from '../../src/waiver/waiver.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { GATE } from '../support/gate-runs.js';
import { CLEAN, registerBuild, uploadAll, type Build } from '../support/shop.js';
import { aKey, said, WaiverPaths, type Said } from '../support/waiver-paths.js';
import { WaiverSteps } from '../support/waivers.js';
import { actorOf } from '../support/whole-story.js';

// Whatever state a waiver is in, every path that judges says the same of it: the gate, a batch, the worker in the
// background, replay, the command line, and the question about the past.

const GATE_ID = 'GATE_QA';
const RULE = 'coverage-floor';
const HOUR_MS = 3_600_000;
const UNTESTED = 'mode: set\nexample.org/shop/stock.go:1.1,2.2 10 0\n';

let app: TestApplication;
let steps: WaiverSteps;
let paths: WaiverPaths;
const people: Record<string, string> = {};
beforeAll(async () => {
  app = await openTestApplication();
  steps = new WaiverSteps(app);
  paths = new WaiverPaths(app, GATE_ID);
  for (const gateId of [GATE_ID, 'GATE_OTHER'])
    expect(await app.command('officer', 'define-gate', { ...GATE, gateId })).toMatchObject({
      __typename: 'Gate',
    });
  for (const subject of ['developer', 'lead', 'officer', 'approver', 'second-approver'])
    people[subject] = await steps.id(subject);
}, 120_000);
afterAll(() => app.close());

/** A build with one thing wrong, coverage, judged before there was any waiver. */
async function flawed(given: object = {}): Promise<Build> {
  const build = await registerBuild(app, {
    artId: `ART_${randomUUID().slice(0, 8).toUpperCase()}`,
    ...given,
  });
  await uploadAll(app, build, Object.values({ ...CLEAN, coverage: UNTESTED }));
  await app.normalise();
  expect(said(await paths.gate(build))).toEqual(NOT_HONOURED);
  app.clock.advance(1_000);
  return build;
}

const NOT_HONOURED: Said = { verdict: 'FAIL', without: 'FAIL', waivers: [] };
const honoured = (waiverId: string): Said => ({
  ...{ verdict: 'PASS_WITH_WAIVERS', without: 'FAIL', waivers: [waiverId] },
});

const scope = ({ artId, digest }: Build, more: readonly object[] = []): { selectors: object[] } => ({
  selectors: [{ rule: RULE }, { gate: GATE_ID }, { artefact: { artId, digest } }, ...more],
});
const at = (ms: number): string => new Date(app.clock.now() + ms).toISOString();

/** Requested for the next two hours, beginning in one; approved unless `approvals` says by whom. */
async function waiver(
  build: Build,
  change: object = {},
  approvers: readonly string[] = ['approver'],
): Promise<string> {
  const made = await steps.request(build, {
    ...{ severity: 'HIGH', effectiveFrom: at(HOUR_MS), effectiveUntil: at(2 * HOUR_MS) },
    ...scope(build),
    ...change,
  });
  if (made.code !== undefined) throw new Error(JSON.stringify(made));
  for (const subject of approvers.slice(0, made.requiredApprovals as number))
    expect(await steps.review('approve-waiver', made.id as string, subject)).not.toHaveProperty('code');
  return made.id as string;
}
const BOTH = ['approver', 'second-approver'];
const NOW = (): object => ({ effectiveFrom: at(0) });

/** A history that no use case would write: straight into the tables. */
async function written(build: Build, approvals: readonly Partial<Approval>[], required = 1): Promise<string> {
  const { orgId } = await actorOf(app, 'developer');
  const now = app.clock.now();
  const made: Waiver = {
    ...{ waiverId: randomUUID(), orgId, severity: 'critical', requesterId: people['lead'] ?? '' },
    selectors: [{ type: 'rule', ruleId: RULE }],
    ...{ effectiveFrom: now, effectiveUntil: now + HOUR_MS, requestedAt: now, requiredApprovals: required },
    ...{ compensatingControl: null, reference: build.artId, caseId: null },
  };
  await app.platform.database.transaction(async (manager) => {
    const store = ofOrganisations(manager, PgWaiverStore);
    await store.add(made, aKey());
    for (const [index, approval] of approvals.entries())
      await store.addApproval(
        made,
        { ordinal: index + 1, approverId: '', at: now, authTime: null, amr: [], ...approval },
        aKey(),
      );
  });
  return made.waiverId;
}

/** Brings a waiver, and the clock, to a state; answers its id. The last member says whether it is honoured there. */
type State = readonly [string, (build: Build) => Promise<string>, 'honoured' | 'not honoured'];
const STATES: readonly State[] = [
  ['requested', (build) => waiver(build, NOW(), []), 'not honoured'],
  [
    'approved by one of the two that it needs',
    (build) => waiver(build, { ...NOW(), selectors: [{ rule: RULE }, { gate: GATE_ID }] }, ['approver']),
    'not honoured',
  ],
  ['approved, a millisecond before its window', (build) => then(waiver(build), HOUR_MS - 1), 'not honoured'],
  ['approved, at the first instant of its window', (build) => then(waiver(build), HOUR_MS), 'honoured'],
  ['approved, inside its window', (build) => then(waiver(build), 1.5 * HOUR_MS), 'honoured'],
  ['approved, at the last instant of its window', (build) => then(waiver(build), 2 * HOUR_MS), 'honoured'],
  ['approved, and expired by a millisecond', (build) => then(waiver(build), 2 * HOUR_MS + 1), 'not honoured'],
  [
    'expired, and its end recorded',
    async (build) => {
      const id = await then(waiver(build), 3 * HOUR_MS);
      await app.services.waiverClock.tick();
      return id;
    },
    'not honoured',
  ],
  [
    'refused',
    async (build) => {
      const id = await waiver(build, NOW(), []);
      await steps.review('refuse-waiver', id, 'approver');
      return id;
    },
    'not honoured',
  ],
  [
    'withdrawn',
    async (build) => {
      const id = await waiver(build, NOW(), []);
      await steps.review('withdraw-waiver', id, 'developer');
      return id;
    },
    'not honoured',
  ],
  [
    'revoked',
    async (build) => {
      const id = await waiver(build, NOW());
      app.clock.advance(1_000);
      expect(said(await paths.gate(build))).toEqual(honoured(id)); // until then it was
      app.clock.advance(1_000);
      expect(await steps.review('revoke-waiver', id, 'officer')).toMatchObject({ state: 'REVOKED' });
      return id;
    },
    'not honoured',
  ],
  [
    'for a pattern that the artefact matches',
    (build) => waiver(build, { ...NOW(), ...family(`${build.artId.slice(0, -1)}*`) }, BOTH),
    'honoured',
  ],
  [
    'for a pattern that it does not match',
    (build) => waiver(build, { ...NOW(), ...family(`${build.artId}_*`) }, BOTH),
    'not honoured',
  ],
  [
    'for another gate',
    (build) => waiver(build, { ...NOW(), selectors: [{ rule: RULE }, { gate: 'GATE_OTHER' }, of(build)] }),
    'not honoured',
  ],
  [
    'for another rule',
    (build) => waiver(build, { ...NOW(), selectors: [{ rule: 'no-secrets' }, { gate: GATE_ID }, of(build)] }),
    'not honoured',
  ],
  [
    'for another version of the artefact',
    (build) => waiver(build, { ...NOW(), ...scope({ ...build, digest: `sha256:${'0'.repeat(64)}` }) }),
    'not honoured',
  ],
  [
    'for another path',
    (build) => waiver(build, { ...NOW(), ...scope(build, [{ path: 'elsewhere/**' }]) }),
    'not honoured',
  ],
  ['up to a lower severity', (build) => waiver(build, { ...NOW(), severity: 'LOW' }), 'not honoured'],
  [
    'approved by who asked for it',
    (build) => written(build, [{ approverId: people['lead'] ?? '' }]),
    'not honoured',
  ],
  [
    'approved in the name of who asked for it',
    async (build) =>
      written(build, [{ approverId: people['officer'] ?? '', ...(await delegatedBy('lead')) }]),
    'not honoured',
  ],
  [
    'approved twice with one authority',
    async (build) =>
      written(
        build,
        [
          { approverId: people['approver'] ?? '' },
          { approverId: people['officer'] ?? '', ...(await delegatedBy('approver')) },
        ],
        2,
      ),
    'not honoured',
  ],
];
const family = (artefactPattern: string): object => ({ selectors: [{ rule: RULE }, { artefactPattern }] });
const of = ({ artId, digest }: Build): object => ({ artefact: { artId, digest } });
/** The officer speaks for somebody. */
async function delegatedBy(subject: string): Promise<Partial<Approval>> {
  const { id } = await steps.delegate(subject, 'officer');
  return { delegatedFrom: { delegationId: id as string, delegatorId: people[subject] ?? '' } };
}
async function then(made: Promise<string>, ms: number): Promise<string> {
  const id = await made;
  app.clock.advance(ms);
  return id;
}
/** What was written for one build must not be a waiver of the next one. */
async function over(waiverId: string): Promise<void> {
  app.clock.advance(1_000);
  await app.platform.database.transaction(async (manager) => {
    const store = ofOrganisations(manager, PgWaiverStore);
    const { orgId } = await actorOf(app, 'developer');
    const record = await store.findForChange(orgId, waiverId);
    if (record && !record.revocation)
      await store.addRevocation(record.waiver, { by: people['officer'] ?? '', at: app.clock.now() }, aKey());
  });
}

async function expectOnAllPaths(build: Build, expected: Said): Promise<void> {
  expect(await paths.all(build)).toEqual({
    ...{ gate: expected, batch: expected, background: expected, verdictAt: expected },
    replay: [true, true, true],
    commandLine: '0: 3 decision(s) replayed: 3 identical, 0 different, 0 not possible',
  });
}

describe('a waiver that is', () => {
  it.each(STATES)(
    '%s is the same on every path',
    async (_state, arrange, expected) => {
      const build = await flawed();
      const id = await arrange(build);
      await expectOnAllPaths(build, expected === 'honoured' ? honoured(id) : NOT_HONOURED);
      await over(id);
    },
    60_000,
  );

  it('approved by the author of one artefact is honoured for others on every path, and not for that one', async () => {
    const theirs = await flawed({ authorId: people['approver'] });
    const another = await flawed({ authorId: people['lead'] });
    const id = await waiver(theirs, { ...NOW(), selectors: [{ rule: RULE }, { gate: GATE_ID }] }, BOTH);
    await expectOnAllPaths(theirs, NOT_HONOURED);
    await expectOnAllPaths(another, honoured(id));
    await over(id);
  }, 60_000);

  it('of the past is what it was then, on every path that is asked about the past', async () => {
    const build = await flawed();
    const id = await waiver(build);
    const [first, last] = [app.clock.now() + HOUR_MS, app.clock.now() + 2 * HOUR_MS];
    app.clock.advance(1.5 * HOUR_MS);
    const revokedAt = app.clock.now();
    await steps.review('revoke-waiver', id, 'officer');
    app.clock.advance(HOUR_MS);
    for (const [instant, expected] of [
      [first - 1, NOT_HONOURED],
      [first, honoured(id)],
      [revokedAt - 1, honoured(id)],
      [revokedAt, NOT_HONOURED],
      [last, NOT_HONOURED],
    ] as const) {
      const asOf = new Date(instant).toISOString();
      const [gate, batch]: Answer[] = [await paths.gate(build, asOf), await paths.batch(build, asOf)];
      expect([said(gate), said(batch), await paths.verdictAt(build, asOf)]).toEqual([
        expected,
        expected,
        expected,
      ]);
      for (const { id: decision } of [gate, batch])
        expect(await app.ask('auditor', 'replay-decision', { id: decision })).toMatchObject({ same: true });
    }
  }, 60_000);
});
