import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ENTITIES } from '../../src/app/database/entities.js';
import { transactions } from '../../src/app/database/transaction.js';
import type { Actor } from '../../src/kernel/actor.js';
import { digestFrom } from '../../src/kernel/digest.js';
import type { Result } from '../../src/kernel/result.js';
import { PgLedgerRead } from '../../src/ledger/ledger.read.pg.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import type { WaiverProblem } from '../../src/waiver/problem.js';
import type { PolicyAnswer, RequestAnswer } from '../../src/waiver/waiver-policy.port.js';
import { PgWaiverRead } from '../../src/waiver/waiver.read.pg.js';
import { PgDelegationRead } from '../../src/waiver/delegation/delegation.read.pg.js';
import { PgDelegationStore } from '../../src/waiver/delegation/delegation.store.pg.js';
import { WaiverPermits } from '../../src/waiver/waiver-permits.service.js';
import { WaiverService, type RequestWaiver } from '../../src/waiver/waiver.service.js';
import { PgWaiverStore } from '../../src/waiver/waiver.store.pg.js';
import { stateOf, waiverDigest, type WaiverRecord } from '../../src/waiver/waiver.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { someLedgerKeys } from '../support/ledger.js';
import { ofAll, ofOrganisations } from '../../src/app/database/on-behalf-of.js';

const DAY = 86_400_000;
const START = 1_790_000_000_000;
const ART_DIGEST = digestFrom(`sha256:${'a'.repeat(64)}`);

let db: TestDatabase;
let orgId: string;
let now: number;
let mayRequest: RequestAnswer;
let mayApprove: PolicyAnswer;
let authors: string[];
const keys = someLedgerKeys();
const tx = <S>(on: (manager: ConstructorParameters<typeof PgLedger>[0]) => S) =>
  transactions(db.service, (manager) => ({
    waivers: on(manager),
    delegations: ofOrganisations(manager, PgDelegationStore),
    ledger: new PgLedger(manager, keys),
  }));

beforeAll(async () => {
  db = await createTestDatabase(ENTITIES);
});
afterAll(() => db.drop());
beforeEach(() => {
  orgId = randomUUID();
  now = START;
  mayRequest = {
    allowed: true,
    reasonCode: 'ok',
    params: {},
    requiredApprovals: 1,
    maxDurationDays: 90,
    review: null,
  };
  mayApprove = { allowed: true, reasonCode: 'ok', params: {} };
  authors = [];
});

const read = (): PgWaiverRead => ofOrganisations(db.service.manager, PgWaiverRead);
const service = (): WaiverService => {
  const clock = { now: () => now };
  const policy = {
    mayRequest: () => Promise.resolve(mayRequest),
    mayApprove: () => Promise.resolve(mayApprove),
    mayDelegate: () => Promise.resolve(mayApprove),
  };
  const sources = {
    authors: { authorsOf: () => Promise.resolve(authors) },
    approvers: {
      standing: () => Promise.resolve({ kind: 'person' as const, roles: ['approver' as const] }),
      atGate: () => Promise.resolve({ waiverRights: [], processRoles: [] }),
    },
    files: { isStored: (_: string, digest: string) => Promise.resolve(digest === ART_DIGEST) },
    delegations: ofOrganisations(db.service.manager, PgDelegationRead),
  };
  return new WaiverService(
    tx((manager) => ofOrganisations(manager, PgWaiverStore)),
    read(),
    new WaiverPermits(read(), policy, sources, clock),
    clock,
  );
};
const people = Object.fromEntries(['rita', 'ann', 'bob', 'zed'].map((name) => [name, randomUUID()]));
const person = (name: string, claims: Partial<Actor> = {}): Actor => ({
  orgId,
  principalId: people[name]!,
  kind: 'person',
  roles: ['developer'],
  ...claims,
});
const aRequest = (
  change: Partial<RequestWaiver['request']> = {},
  idempotencyKey: string = randomUUID(),
): RequestWaiver => ({
  request: {
    selectors: [
      { type: 'rule', ruleId: 'sast-severity' },
      { type: 'gate', gateId: 'GATE_A' },
    ],
    severity: 'high',
    effectiveUntil: START + 7 * DAY,
    reason: 'Rita mends it this week',
    ...change,
  },
  context: { caseId: 'STORY-1', role: 'DEV' },
  idempotencyKey,
});
const review = (waiverId: string, idempotencyKey: string = randomUUID()) => ({
  waiverId,
  note: 'looked at by Ann',
  context: { role: 'SEC' },
  idempotencyKey,
});
const must = (result: Result<WaiverRecord, WaiverProblem>): WaiverRecord => {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
};
const requested = async (change: Partial<RequestWaiver['request']> = {}): Promise<WaiverRecord> =>
  must(await service().request(aRequest(change), person('rita')));
const entries = async () => {
  const page = await new PgLedgerRead(ofAll(db.service.manager), keys.keyEncryption).entries(orgId, {
    first: 100,
  });
  if (!page.ok) throw new Error('cursor');
  return page.value.items.map(({ recorded }) => recorded);
};

describe('a waiver', () => {
  it('is requested, approved by another, and revoked: a row and an entry each', async () => {
    const { waiver } = await requested();
    now += 1_000;
    const approved = must(
      await service().approve(
        review(waiver.waiverId),
        person('ann', { authTime: 1_789_999_990, amr: ['hwk', 'pin'] }),
      ),
    );
    expect(stateOf(approved, now)).toBe('active');
    now += 1_000;
    const revoked = must(await service().revoke(review(waiver.waiverId), person('bob')));
    expect(await read().byId(orgId, waiver.waiverId)).toEqual(revoked);
    expect(revoked).toMatchObject({
      waiver: { caseId: 'STORY-1', requesterId: people['rita'] },
      approvals: [{ ordinal: 1, approverId: people['ann'], authTime: 1_789_999_990, amr: ['hwk', 'pin'] }],
      revocation: { by: people['bob'], at: now },
    });

    const told = await entries();
    expect(told.map(({ kind, facts }) => [kind, facts.stateBefore, facts.stateAfter])).toEqual([
      ['waiver.requested', undefined, 'requested'],
      ['waiver.approved', 'requested', 'active'],
      ['waiver.revoked', 'active', 'revoked'],
    ]);
    expect(told[1]).toMatchObject({
      subjects: [{ name: `waiver/${waiver.waiverId}`, digest: waiverDigest(waiver) }, {}],
      facts: {
        gateId: 'GATE_A',
        severity: 'high',
        caseId: 'STORY-1',
        role: 'SEC',
        waiverIds: [waiver.waiverId],
        authTime: 1_789_999_990,
        amr: ['hwk', 'pin'],
        details: { reasonCode: 'ok', requiredApprovals: 1, approvals: 1, durationDays: 7 },
      },
    });
  });

  it('keeps every person out of what stands in clear', async () => {
    const { waiver } = await requested();
    must(await service().approve(review(waiver.waiverId), person('ann')));
    const clear = JSON.stringify(await entries());
    for (const secret of [...Object.values(people), 'Rita', 'Ann']) expect(clear).not.toContain(secret);
    const rows = JSON.stringify(await db.admin.query('SELECT * FROM assay.waiver'));
    expect(rows).not.toContain('Rita');
  });

  it('can be refused while it is open, and then never approved', async () => {
    const { waiver } = await requested();
    must(await service().refuse(review(waiver.waiverId), person('ann')));
    expect(await service().approve(review(waiver.waiverId), person('bob'))).toMatchObject({
      problem: { kind: 'NotOpen', state: 'refused' },
    });
  });

  it('needs as many persons as the policy said, each once', async () => {
    mayRequest = { ...mayRequest, requiredApprovals: 2 };
    const { waiver } = await requested();
    const first = must(await service().approve(review(waiver.waiverId), person('ann')));
    expect(stateOf(first, now)).toBe('requested');
    expect(await service().approve(review(waiver.waiverId), person('ann'))).toMatchObject({
      problem: { kind: 'AlreadyApproved' },
    });
    const second = must(await service().approve(review(waiver.waiverId), person('bob')));
    expect(stateOf(second, now)).toBe('active');
  });

  it('approved by several at once has exactly the approvals it needs', async () => {
    mayRequest = { ...mayRequest, requiredApprovals: 2 };
    const { waiver } = await requested();
    const answers = await Promise.all(
      ['ann', 'bob', 'zed', 'ann'].map((name) => service().approve(review(waiver.waiverId), person(name))),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(2);
    const record = await read().byId(orgId, waiver.waiverId);
    expect(record?.approvals.map(({ ordinal }) => ordinal)).toEqual([1, 2]);
  });

  it.each<[string, () => void, string, object]>([
    ['the requester approves', () => undefined, 'rita', { kind: 'SelfApproval' }],
    [
      'the author of the artefact approves',
      () => (authors = [people['zed']!]),
      'zed',
      { kind: 'ApproverIsAuthor' },
    ],
    [
      'the policy says no',
      () =>
        (mayApprove = { allowed: false, reasonCode: 'role-lacks-permission', params: { role: 'developer' } }),
      'ann',
      { kind: 'NotPermitted', reasonCode: 'role-lacks-permission', params: { role: 'developer' } },
    ],
  ])('is refused, and nothing stored, when %s', async (_when, arrange, who, problem) => {
    const artefact = { type: 'artefact', artId: 'ART_A', digest: ART_DIGEST };
    const { waiver } = await requested({ selectors: [{ type: 'rule', ruleId: 'sast-severity' }, artefact] });
    arrange();
    expect(await service().approve(review(waiver.waiverId), person(who))).toMatchObject({
      ok: false,
      problem,
    });
    expect(await read().byId(orgId, waiver.waiverId)).toMatchObject({ approvals: [] });
    expect(await entries()).toHaveLength(1);
  });

  it('is not granted, and nothing stored, when asked for wrongly', async () => {
    const ask = (change: Partial<RequestWaiver['request']>) =>
      service().request(aRequest(change), person('rita'));
    expect(await ask({ selectors: [] })).toMatchObject({ problem: { kind: 'SelectorInvalid' } });
    expect(await ask({ effectiveUntil: START - 1 })).toMatchObject({ problem: { kind: 'WindowInvalid' } });
    expect(await ask({ effectiveUntil: START + 91 * DAY })).toMatchObject({
      problem: { kind: 'TooLong', maxDurationDays: 90 },
    });
    mayRequest = { ...mayRequest, allowed: false, reasonCode: 'duration-too-long', maxDurationDays: 3 };
    expect(await ask({})).toMatchObject({ problem: { kind: 'TooLong', maxDurationDays: 3 } });
    mayRequest = { ...mayRequest, allowed: false, reasonCode: 'role-lacks-permission', maxDurationDays: 0 };
    expect(await ask({})).toMatchObject({
      problem: { kind: 'NotPermitted', reasonCode: 'role-lacks-permission' },
    });
    expect(await entries()).toEqual([]);
    const unknown = randomUUID();
    expect(await service().approve(review(unknown), person('ann'))).toEqual({
      ok: false,
      problem: { kind: 'WaiverNotFound', waiverId: unknown },
    });
  });

  it('of another organisation does not exist', async () => {
    const { waiver } = await requested();
    const stranger = { ...person('ann'), orgId: randomUUID() };
    for (const step of ['approve', 'refuse', 'revoke'] as const)
      expect(await service()[step](review(waiver.waiverId), stranger)).toMatchObject({
        problem: { kind: 'WaiverNotFound' },
      });
  });
});

describe('a command sent again under its key', () => {
  it('changes nothing and answers the same, also when sent several times at once', async () => {
    const request = aRequest({}, 'r1');
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => service().request(request, person('rita'))));
    now += 5_000; // a later retry, whose "now" is another
    answers.push(await service().request(request, person('rita')));
    expect(new Set(answers.map((answer) => waiverDigest(must(answer).waiver))).size).toBe(1);
    const { waiverId } = must(answers[0]!).waiver;
    const approve = review(waiverId, 'a1');
    const approvals = await Promise.all([1, 2, 3].map(() => service().approve(approve, person('ann'))));
    expect(approvals.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(await service().revoke(review(waiverId, 'v1'), person('ann'))).toMatchObject({ ok: true });
    expect(await service().revoke(review(waiverId, 'v1'), person('ann'))).toMatchObject({ ok: true });
    expect((await entries()).map(({ kind }) => kind)).toEqual([
      'waiver.requested',
      'waiver.approved',
      'waiver.revoked',
    ]);
  });

  it('but for something else is a conflict', async () => {
    const first = must(await service().request(aRequest({}, 'r1'), person('rita')));
    expect(await service().request(aRequest({ severity: 'low' }, 'r1'), person('rita'))).toMatchObject({
      problem: { kind: 'IdempotencyConflict' },
    });
    const other = must(await service().request(aRequest({}, 'r2'), person('rita')));
    must(await service().approve(review(first.waiver.waiverId, 'a1'), person('ann')));
    expect(await service().approve(review(other.waiver.waiverId, 'a1'), person('ann'))).toMatchObject({
      problem: { kind: 'IdempotencyConflict' },
    });
  });

  it('by another principal is another command', async () => {
    const one = must(await service().request(aRequest({}, 'k'), person('rita')));
    const two = must(await service().request(aRequest({}, 'k'), person('bob')));
    expect(one.waiver.waiverId).not.toBe(two.waiver.waiverId);
  });
});

describe('the tables of waivers', () => {
  it.each(['waiver', 'waiver_approval', 'waiver_refusal', 'waiver_revocation'])(
    '%s cannot be changed, not even by a superuser who only forgot',
    async (table) => {
      const { waiver } = await requested();
      mayRequest = { ...mayRequest, requiredApprovals: 1 };
      if (table === 'waiver_refusal') must(await service().refuse(review(waiver.waiverId), person('ann')));
      else must(await service().approve(review(waiver.waiverId), person('ann')));
      if (table === 'waiver_revocation') must(await service().revoke(review(waiver.waiverId), person('ann')));
      const deeds = [
        `UPDATE assay.${table} SET org_id = org_id`,
        `DELETE FROM assay.${table}`,
        `TRUNCATE assay.${table} CASCADE`,
      ];
      for (const deed of deeds) {
        await expect(db.service.query(deed)).rejects.toThrow(/permission denied/);
        await expect(db.admin.query(deed)).rejects.toThrow(/append-only/);
        await expect(db.admin.query(`SET session_replication_role = replica; ${deed}`)).rejects.toThrow(
          /append-only/,
        );
      }
    },
  );
});
