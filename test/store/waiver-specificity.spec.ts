import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { ENTITIES } from '../../src/app/database/entities.js';
import { parseDecision } from '../../src/gate/decision.js';
import type { WaiverSelector } from '../../src/waiver/selector.js';
import { ofOrganisations } from '../../src/app/database/on-behalf-of.js';
import { PgWaiverStore } from '../../src/waiver/waiver.store.pg.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aGateWorld, ARTEFACT, DAY, reports, START, type GateWorld } from '../support/gate.js';

// Of two waivers that excuse the same finding, the narrower one is on record as the one applied, for every pair of
// scopes: decided by the gate on PostgreSQL, whichever of the two was granted first and whichever lasts longer.

let db: TestDatabase;
let gate: GateWorld;
beforeAll(async () => {
  db = await createTestDatabase(ENTITIES);
  gate = await aGateWorld(db);
  const [violation] = (reports('r1', 1) as { violations: object[] }).violations;
  gate.world.answers['assay/rules/r1/result'] = {
    ...reports('r1', 1),
    violations: [{ ...violation, subject: 'pkg:npm/x@1.0.0' }],
  };
  await gate.define();
}, 60_000);
afterAll(() => db.drop());

const { artId, digest } = ARTEFACT;
const rule: WaiverSelector = { type: 'rule', ruleId: 'r1' };
const path = (pattern: string): WaiverSelector => ({ type: 'path', pattern });
const finding: WaiverSelector = { type: 'finding', scheme: 's', value: 'v1' };

/** Widest first; all of them excuse the one finding that there is. */
const RANKED: readonly (readonly [string, readonly WaiverSelector[]])[] = [
  ['rule', [rule]],
  ['gate', [rule, { type: 'gate', gateId: 'GATE_RELEASE' }]],
  ['tree', [rule, path('**')]],
  ['deeper tree', [rule, path('src/**')]],
  ['folder', [rule, path('src/*')]],
  ['part of a folder', [rule, path('src/*.js')]],
  ['component', [rule, { type: 'component', purl: 'pkg:npm/x' }]],
  ['family of artefacts', [rule, { type: 'artefact-pattern', pattern: 'ART_*P' }]],
  ['smaller family', [rule, { type: 'artefact-pattern', pattern: 'ART_SH*' }]],
  ['file', [rule, path('src/a.js')]],
  ['version of a component', [rule, { type: 'component', purl: 'pkg:npm/x@1.0.0' }]],
  ['artefact', [rule, { type: 'artefact', artId }]],
  ['artefact version', [rule, { type: 'artefact', artId, digest }]],
  ['finding', [finding]],
  ['finding of a rule', [finding, rule]],
  ['one occurrence', [{ ...finding, occurrence: 0 }]],
];
const PAIRS = RANKED.flatMap(([wide, wider], at) =>
  RANKED.slice(at + 1).map(([narrow, narrower]) => ({ wide, narrow, wider, narrower })),
);

async function granted(selectors: readonly WaiverSelector[], days: number): Promise<string> {
  const waiverId = randomUUID();
  await db.service.transaction(async (manager) => {
    const store = ofOrganisations(manager, PgWaiverStore);
    const waiver = {
      ...{ waiverId, orgId: gate.actor.orgId, selectors, severity: 'critical' as const },
      ...{ effectiveFrom: START - DAY, effectiveUntil: START + days * DAY, requiredApprovals: 1 },
      ...{ requesterId: randomUUID(), requestedAt: START - DAY },
      ...{ compensatingControl: null, reference: null, caseId: null },
    };
    const approval = { ordinal: 1, approverId: randomUUID(), at: START - DAY, authTime: null, amr: [] };
    await store.add(waiver, randomBytes(16));
    await store.addApproval(waiver, approval, randomBytes(16));
  });
  return waiverId;
}

describe('of two waivers that excuse the same finding', () => {
  it.each(PAIRS)('$narrow is applied before $wide', async ({ wider, narrower }) => {
    const narrowFirst = randomBytes(1)[0]! % 2 === 0;
    const grants = [
      (): Promise<string> => granted(wider, 30),
      (): Promise<string> => granted(narrower, 1),
    ] as const;
    const second = narrowFirst ? await grants[1]() : undefined;
    const wide = await grants[0]();
    const narrow = second ?? (await grants[1]());
    const { decision } = await gate.decided({ rejudge: true });
    const { waivers, rules } = parseDecision(decision);
    expect(decision.verdict).toBe('PASS_WITH_WAIVERS');
    expect(waivers.applied).toEqual([narrow]);
    expect(rules[0]?.violations.map(({ waivedBy }) => waivedBy)).toEqual([narrow]);
    expect(waivers.considered.map(({ waiverId }) => waiverId)).toEqual(
      expect.arrayContaining([wide, narrow]),
    );
    gate.world.now += 1;
    for (const id of [wide, narrow]) await gate.revoke(id, gate.world.now);
  });
});
