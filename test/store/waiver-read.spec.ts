import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes, randomUUID } from 'node:crypto';
import { ENTITIES } from '../../src/app/database/entities.js';
import { digestFrom } from '../../src/kernel/digest.js';
import { PgWaiverRead } from '../../src/waiver/waiver.read.pg.js';
import { PgWaiverStore } from '../../src/waiver/waiver.store.pg.js';
import { stateOf, WAIVER_STATES, type Waiver, type WaiverRecord } from '../../src/waiver/waiver.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { valueOf } from './evidence-support.js';
import { ofOrganisations } from '../../src/app/database/on-behalf-of.js';

const DIGEST = digestFrom(`sha256:${'a'.repeat(64)}`);
const people: Readonly<Record<string, string>> = { rita: randomUUID(), ann: randomUUID(), bob: randomUUID() };
let db: TestDatabase;
let orgId: string;
let read: PgWaiverRead;
beforeAll(async () => {
  db = await createTestDatabase(ENTITIES);
  read = ofOrganisations(db.service.manager, PgWaiverRead);
});
afterAll(() => db.drop());
beforeEach(() => {
  orgId = randomUUID();
});

const listed = (...asked: Parameters<PgWaiverRead['list']>) => valueOf(read.list(...asked));

const aWaiver = (change: Partial<Waiver> = {}): Waiver => ({
  waiverId: randomUUID(),
  orgId,
  selectors: [{ type: 'rule', ruleId: 'r' }],
  severity: 'low',
  effectiveFrom: 0,
  effectiveUntil: 4,
  requiredApprovals: 1,
  requesterId: people['rita']!,
  requestedAt: 0,
  compensatingControl: null,
  reference: null,
  caseId: null,
  ...change,
});
interface Happened {
  readonly approvals?: readonly { who: string; at: number }[];
  readonly refusedAt?: number | null;
  readonly revokedAt?: number | null;
}
/** Whatever happened, in the order of no rule: the tables take what the domain would refuse. */
const stored = (waiver: Waiver, { approvals = [], refusedAt = null, revokedAt = null }: Happened = {}) =>
  db.service.transaction(async (manager) => {
    const store = ofOrganisations(manager, PgWaiverStore);
    const by = people['ann']!;
    expect(await store.add(waiver, randomBytes(16))).toBe(true);
    for (const [index, { who, at }] of approvals.entries()) {
      const approval = { ordinal: index + 1, approverId: people[who]!, at, authTime: 7, amr: ['pwd'] };
      await store.addApproval(waiver, approval, randomBytes(16));
    }
    if (refusedAt !== null) await store.addRefusal(waiver, { by, at: refusedAt }, randomBytes(16));
    if (revokedAt !== null) await store.addRevocation(waiver, { by, at: revokedAt }, randomBytes(16));
    return waiver.waiverId;
  });

describe('the list of waivers', () => {
  it('finds by state what the domain says is in that state, at every instant, for 200 random histories', async () => {
    const at = fc.integer({ min: 0, max: 8 });
    const approval = fc.record({ who: fc.constantFrom('rita', 'ann', 'bob'), at });
    const history = fc.record({
      from: at,
      length: fc.integer({ min: 0, max: 4 }),
      requiredApprovals: fc.integer({ min: 1, max: 2 }),
      approvals: fc.uniqueArray(approval, { selector: ({ who }) => who }),
      refusedAt: fc.option(at),
      revokedAt: fc.option(at),
    });
    for (const { from, length, requiredApprovals, ...happened } of fc.sample(history, 200)) {
      const window = { effectiveFrom: from, effectiveUntil: from + length, requiredApprovals };
      await stored(aWaiver(window), happened);
    }
    for (let instant = 0; instant <= 13; instant++) {
      const all = await listed(orgId, {}, instant, { first: 200 });
      expect(all.totalCount).toBe(200);
      for (const state of WAIVER_STATES) {
        const expected = all.items.filter((record) => stateOf(record, instant) === state);
        const found = await listed(orgId, { state }, instant, { first: 200 });
        expect(found).toMatchObject({ items: expected, totalCount: expected.length });
      }
    }
  });

  it('is paged newest first without losing or repeating one, and counts them all', async () => {
    const times = [10, 30, 20, 20, 20]; // a page may end within one instant
    for (const requestedAt of times) await stored(aWaiver({ requestedAt }));
    const seen: WaiverRecord[] = [];
    for (let after: string | undefined; ;) {
      const page = await listed(orgId, {}, 0, { first: 2, ...(after === undefined ? {} : { after }) });
      expect(page.totalCount).toBe(5);
      seen.push(...page.items);
      if (!page.hasNextPage) break;
      after = page.endCursor!;
    }
    expect(seen.map(({ waiver }) => waiver.requestedAt)).toEqual([30, 20, 20, 20, 10]);
    expect(new Set(seen.map(({ waiver }) => waiver.waiverId)).size).toBe(5);
  });

  it('refuses a cursor that it did not give', async () => {
    expect(await read.list(orgId, {}, 0, { first: 9, after: 'not ours' })).toEqual({
      ok: false,
      problem: { kind: 'InvalidCursor', given: 'not ours' },
    });
  });

  it('can be narrowed to a gate or a requester, and holds no other organisation’s', async () => {
    const here = aWaiver({
      selectors: [
        { type: 'gate', gateId: 'GATE_A' },
        { type: 'rule', ruleId: 'r' },
      ],
    });
    await stored(here);
    await stored(aWaiver({ requesterId: people['bob']! }));
    await stored(aWaiver({ orgId: randomUUID() }));
    const count = async (filter: Parameters<typeof read.list>[1]): Promise<number> =>
      (await listed(orgId, filter, 0, { first: 9 })).totalCount;
    expect(await count({})).toBe(2);
    expect(await count({ gateId: 'GATE_A' })).toBe(1);
    expect(await count({ requesterId: people['bob']! })).toBe(1);
    expect(await count({ gateId: 'GATE_A', requesterId: people['bob']! })).toBe(0);
  });
});

describe('a stored waiver', () => {
  it('is read back exactly', async () => {
    const waiver = aWaiver({
      selectors: [
        { type: 'gate', gateId: 'GATE_A' },
        { type: 'finding', scheme: 's', value: 'é 😀 "', occurrence: 2 },
        { type: 'artefact', artId: 'ART_A', digest: DIGEST },
      ],
      effectiveFrom: 1_790_000_000_123,
      effectiveUntil: 1_790_000_000_999,
      requestedAt: 1_789_999_999_001,
      compensatingControl: 'CTL-7',
      reference: 'https://tracker.example/T-1',
      caseId: 'STORY-1',
    });
    await stored(waiver, {
      approvals: [{ who: 'ann', at: 1_789_999_999_777 }],
      revokedAt: 1_790_000_000_500,
    });
    const approval = {
      ordinal: 1,
      approverId: people['ann'],
      at: 1_789_999_999_777,
      authTime: 7,
      amr: ['pwd'],
    };
    expect(await read.byId(orgId, waiver.waiverId)).toEqual({
      waiver,
      approvals: [approval],
      refusal: null,
      revocation: { by: people['ann'], at: 1_790_000_000_500 },
    });
    expect(await read.byId(randomUUID(), waiver.waiverId)).toBeUndefined();
  });
});

describe('the candidates for a decision', () => {
  it('are the approved ones that name no other gate or artefact, whatever the time and whatever came after', async () => {
    const approvals = [{ who: 'ann', at: 1 }];
    const scoped = (...others: Waiver['selectors']): Waiver =>
      aWaiver({ selectors: [{ type: 'rule', ruleId: 'r' }, ...others] });
    const artefact = { type: 'artefact', artId: 'ART_A' } as const;
    const wanted = [
      await stored(scoped(), { approvals, revokedAt: 2 }),
      await stored(scoped({ type: 'gate', gateId: 'GATE_A' }), { approvals }),
      await stored(scoped(artefact), { approvals }),
      await stored(scoped({ ...artefact, digest: DIGEST }), { approvals }),
    ];
    await stored(scoped());
    await stored(scoped(), { approvals: [{ who: 'rita', at: 1 }] });
    await stored(scoped({ type: 'gate', gateId: 'GATE_B' }), { approvals });
    await stored(scoped({ ...artefact, artId: 'ART_B' }), { approvals });
    await stored(scoped({ ...artefact, digest: digestFrom(`sha256:${'b'.repeat(64)}`) }), { approvals });
    const here = { gateId: 'GATE_A', artId: 'ART_A', digest: DIGEST };
    const found = await read.candidates(orgId, here);
    expect(found.map(({ waiver }) => waiver.waiverId)).toEqual([...wanted].sort());
    expect(await read.candidates(randomUUID(), here)).toEqual([]);
  });
});
