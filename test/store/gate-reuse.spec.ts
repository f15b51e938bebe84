import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../src/app/database/entities.js';
import { ofOrganisations } from '../../src/app/database/on-behalf-of.js';
import { latestOf, TOLD_DECISIONS } from '../../src/gate/decision-row.read.pg.js';
import type { Decision } from '../../src/gate/decision.js';
import { PgDecisionStore } from '../../src/gate/decision.store.pg.js';
import type { DecisionFilter } from '../../src/gate/gate.read.js';
import { PgGateStatusRead } from '../../src/gate/run/gate-status.read.pg.js';
import { sha256 } from '../../src/kernel/digest.js';
import type { Page, PageRequest } from '../../src/kernel/page.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aGateWorld, ARTEFACT, DAY, sharedMembers, START, type GateWorld } from '../support/gate.js';

let db: TestDatabase;
let gate: GateWorld;
beforeAll(async () => {
  db = await createTestDatabase(ENTITIES);
});
afterAll(() => db.drop());
beforeEach(async () => {
  gate = await aGateWorld(db);
});

class RolledBack extends Error {}

describe('a gate asked twice', () => {
  const count = async (): Promise<number> =>
    (await gate.entries()).filter(({ kind }) => kind === 'decision.recorded').length;

  it('answers the recorded decision while that is valid', async () => {
    await gate.define();
    const first = await gate.decided();
    gate.world.now += 1_000;
    const second = await gate.decided();
    expect(second).toEqual({ decision: first.decision, reused: true });
    expect(await gate.decided({ rejudge: true })).toMatchObject({ reused: false });
    expect(await count()).toBe(2);
  });

  it('does so for several who ask at once', async () => {
    await gate.define();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => gate.decided()));
    expect(new Set(answers.map(({ decision }) => decision.decisionId)).size).toBe(1);
    expect(await count()).toBe(1);
    expect((await gate.runs()).every(({ state }) => state === 'decided')).toBe(true);
  });

  it('judges anew when evidence, an artefact’s waiver or time has changed it, or as-of lies before', async () => {
    await gate.define();
    await gate.decided();
    gate.world.evidence = [
      ...gate.world.evidence,
      { ...gate.world.evidence[0]!, storedDigest: sha256('more') },
    ];
    expect(await gate.decided()).toMatchObject({ reused: false });
    await gate.waived();
    expect(await gate.decided()).toMatchObject({ reused: false });
    expect(await gate.decided({ asOf: START - 1 })).toMatchObject({ reused: false });
    gate.world.now = START + 29 * DAY;
    expect(await gate.decided()).toMatchObject({ reused: true });
    gate.world.now += 1;
    expect(await gate.decided()).toMatchObject({ reused: false });
    expect(sharedMembers(gate.world.requests.at(-1)!)).toMatchObject({
      evidence: [{ state: 'STALE' }, { state: 'STALE' }],
    });
  });

  it('finds what was decided before it in the transaction they share, whose entries come last', async () => {
    await gate.define();
    const { decision } = await gate.decided();
    await db.service
      .transaction(async (manager) => {
        const store = ofOrganisations(manager, PgDecisionStore);
        const next = { ...decision, decisionId: randomUUID(), entryKey: randomBytes(16) };
        expect(await store.add(next)).toBe(true);
        const found = await store.findReusable(decision.orgId, decision.inputsDigest, decision.asOf);
        expect(found).toEqual(next);
        throw new RolledBack();
      })
      .catch((error: unknown) => {
        expect(error).toBeInstanceOf(RolledBack);
      });
  });

  it('under one key answers the same, also when sent at once, and refuses another question', async () => {
    await gate.define();
    const command = gate.aQuestion({ rejudge: true });
    const answers = await Promise.all([1, 2, 3].map(() => gate.gates().evaluateGate(command, gate.actor)));
    expect(new Set(answers.map((answer) => answer.ok && answer.value.decision.decisionId)).size).toBe(1);
    expect(await count()).toBe(1);
    expect(await gate.gates().evaluateGate({ ...command, asOf: START - 5 }, gate.actor)).toMatchObject({
      problem: { kind: 'IdempotencyConflict' },
    });
    expect((await gate.runs()).every(({ state }) => state === 'decided')).toBe(true);
  });
});

describe('a gate gives no verdict', () => {
  it('while evidence is being normalised, however long it takes within the wait', async () => {
    await gate.define();
    gate.world.pending = [sha256('on its way')];
    expect(await gate.ask()).toEqual({
      ok: false,
      problem: { kind: 'EvidencePending', awaited: gate.world.pending },
    });
    expect(await gate.ask({ waitMs: 1_000 })).toMatchObject({ problem: { kind: 'EvidencePending' } });
    expect(gate.world.now).toBe(START + 1_000);
    expect(await gate.ask({ waitMs: 10 ** 9 })).toMatchObject({ problem: { kind: 'EvidencePending' } });
    expect(gate.world.now).toBe(START + 31_000);
    expect(await gate.runs()).toEqual([]);
    expect((await gate.entries()).map(({ kind }) => kind)).toEqual(['gate.defined']);
  });

  it('for what it does not know, or cannot know yet', async () => {
    expect(await gate.ask()).toEqual({
      ok: false,
      problem: { kind: 'GateNotFound', gateId: 'GATE_RELEASE' },
    });
    await gate.define();
    const unknown = sha256('unknown');
    expect(await gate.ask({ digest: unknown })).toEqual({
      ok: false,
      problem: { kind: 'ArtefactNotFound', digest: unknown, artId: null },
    });
    expect(await gate.ask({ asOf: START + 1 })).toEqual({
      ok: false,
      problem: { kind: 'AsOfInFuture', asOf: START + 1, now: START },
    });
    gate.world.artefacts = [ARTEFACT, { ...ARTEFACT, artId: 'ART_COPY' }];
    expect(await gate.ask()).toMatchObject({
      problem: { kind: 'ArtefactAmbiguous', artIds: ['ART_COPY', 'ART_SHOP'] },
    });
    expect(await gate.ask({ artId: 'ART_COPY' })).toMatchObject({ ok: true });
  });
});

describe('decisions', () => {
  it('are listed newest first, by artefact, gate and verdict', async () => {
    await gate.define();
    for (let n = 0; n < 3; n++) {
      gate.world.now += 1;
      await gate.decided({ rejudge: true });
    }
    const list = async (filter: DecisionFilter, page: PageRequest): Promise<Page<Decision>> => {
      const listed = await gate.read().decisions(gate.actor.orgId, filter, page);
      if (!listed.ok) throw new Error(listed.problem.given);
      return listed.value;
    };
    const first = await list({ artefactDigest: ARTEFACT.digest }, { first: 2 });
    expect(first).toMatchObject({ totalCount: 3, hasNextPage: true });
    const rest = await list({ gateId: 'GATE_RELEASE' }, { first: 2, after: first.endCursor! });
    expect([...first.items, ...rest.items].map(({ asOf }) => asOf)).toEqual([
      START + 3,
      START + 2,
      START + 1,
    ]);
    expect((await list({ verdict: 'FAIL' }, { first: 9 })).totalCount).toBe(0);
  });

  it('of one instant have the order of the ledger, wherever one is the latest', async () => {
    await gate.define();
    const { orgId } = gate.actor;
    const made: string[] = [];
    for (let n = 0; n < 6; n++) made.push((await gate.decided({ rejudge: true })).decision.decisionId);
    const told = (await gate.entries()).filter(({ kind }) => kind === 'decision.recorded');
    expect(told.map(({ facts }) => facts.decisionId)).toEqual(made);
    expect(new Set(told.map(({ facts }) => facts.asOf))).toEqual(new Set([START]));
    const newest = made.toReversed();

    const about = { gateId: 'GATE_RELEASE', artId: ARTEFACT.artId, artefactDigest: ARTEFACT.digest };
    await db.admin.query(
      `WITH a AS (INSERT INTO assay.artefact VALUES ($1, $2, $1, 'Shop', now()) RETURNING *)
       INSERT INTO assay.artefact_version (org_id, art_id, digest, registered_by, registered_at, entry_key)
       SELECT org_id, art_id, $3, org_id, now(), '' FROM a`,
      [orgId, about.artId, about.artefactDigest],
    );
    const status = await ofOrganisations(db.service.manager, PgGateStatusRead).status(orgId, about);
    expect(status?.decision?.decisionId).toBe(newest[0]);
    expect(await gate.decided()).toMatchObject({ reused: true, decision: { decisionId: newest[0] } });
    const { inputsDigest } = (await gate.read().decision(orgId, newest[0]!))!;
    expect((await gate.read().reusable(orgId, inputsDigest, START))?.decisionId).toBe(newest[0]);

    const listed: string[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const page = await gate.read().decisions(orgId, {}, { first: 4, ...(after && { after }) });
      if (!page.ok) throw new Error(page.problem.given);
      listed.push(...page.value.items.map(({ decisionId }) => decisionId));
      after = page.value.hasNextPage ? page.value.endCursor : null;
    }
    expect(listed).toEqual(newest);
  });

  it('are not listed from the start for a cursor that no list gave', async () => {
    for (const after of ['', 'nonsense', '-1', Buffer.from('17 x').toString('base64url')])
      expect(await gate.read().decisions(gate.actor.orgId, {}, { first: 1, after })).toEqual({
        ok: false,
        problem: { kind: 'InvalidCursor', given: after },
      });
  });

  it('are found along indexes, the latest and the newest', async () => {
    const plan = (sql: string): Promise<string> =>
      db.admin.transaction(async (manager) => {
        await manager.query('SET LOCAL enable_seqscan = off');
        const rows = await manager.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${sql}`);
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });
    const org = `'${gate.actor.orgId}'`;
    const latest = await plan(latestOf('latest.decision_id', `org_id = ${org} AND inputs_digest = 'x'`));
    expect(latest).toContain('decision_reuse_idx');
    expect(latest).toContain('idem_pk');
    const list = `SELECT d.* FROM ${TOLD_DECISIONS.replace('$1', org)}`;
    const all = await plan(`${list} ORDER BY f.seq DESC LIMIT 20`);
    expect(all).toMatch(/Backward using fact_(org_kind_seq_idx|org_seq_idx|pk)/);
    expect(all).not.toContain('Sort');
    expect(await plan(`${list} AND d.artefact_digest = 'x' ORDER BY f.seq DESC LIMIT 20`)).toMatch(
      /fact_artefact_idx|decision_artefact_idx/,
    );
  });

  it('cannot be changed, not even by a superuser who only forgot', async () => {
    await gate.define();
    await gate.decided();
    for (const deed of [
      "UPDATE assay.decision SET verdict = 'PASS'",
      'DELETE FROM assay.decision',
      'TRUNCATE assay.decision CASCADE',
    ]) {
      await expect(db.service.query(deed)).rejects.toThrow(/permission denied/);
      await expect(db.admin.query(deed)).rejects.toThrow(/append-only/);
      await expect(db.admin.query(`SET session_replication_role = replica; ${deed}`)).rejects.toThrow(
        /append-only/,
      );
    }
    await expect(db.service.query(`UPDATE assay.gate_run SET gate_id = 'GATE_X'`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(db.service.query('DELETE FROM assay.gate')).rejects.toThrow(/permission denied/);
  });
});
