import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../src/app/database/entities.js';
import { sha256 } from '../../src/kernel/digest.js';
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
    const first = await gate
      .read()
      .decisions(gate.actor.orgId, { artefactDigest: ARTEFACT.digest }, { first: 2 });
    expect(first).toMatchObject({ totalCount: 3, hasNextPage: true });
    const rest = await gate
      .read()
      .decisions(gate.actor.orgId, { gateId: 'GATE_RELEASE' }, { first: 2, after: first.endCursor! });
    expect([...first.items, ...rest.items].map(({ asOf }) => asOf)).toEqual([
      START + 3,
      START + 2,
      START + 1,
    ]);
    expect(
      (await gate.read().decisions(gate.actor.orgId, { verdict: 'FAIL' }, { first: 9 })).totalCount,
    ).toBe(0);
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
