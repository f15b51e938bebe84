import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../src/app/database/entities.js';
import { sha256 } from '../../src/kernel/digest.js';
import { idempotencyKey } from '../../src/kernel/id.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aGateWorld, ARTEFACT, reports, START, type GateWorld } from '../support/gate.js';
import { someLedgerKeys } from '../support/ledger.js';

const MANY = 20;

let db: TestDatabase;
let gate: GateWorld;
beforeAll(async () => {
  db = await createTestDatabase(ENTITIES);
});
afterAll(() => db.drop());
beforeEach(async () => {
  gate = await aGateWorld(db);
  gate.world.artefacts = Array.from({ length: MANY }, (_, n) => ({
    ...ARTEFACT,
    digest: sha256(`artefact ${n}`),
  }));
  await gate.define();
});

/** Holds what stores lock by that name, until it is let go. */
async function hold(name: string): Promise<() => Promise<void>> {
  const runner = db.admin.createQueryRunner();
  await runner.startTransaction();
  await runner.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  return async () => {
    await runner.commitTransaction();
    await runner.release();
  };
}

async function waitingForLocks(sessions: number): Promise<void> {
  for (let waiting = 0; waiting < sessions;) {
    const [row] = await db.admin.query<{ waiting: number }[]>(
      `SELECT count(*)::int AS waiting FROM pg_locks JOIN pg_database d ON d.oid = database
        WHERE NOT granted AND locktype = 'advisory' AND datname = current_database()`,
    );
    waiting = row?.waiting ?? 0;
  }
}

describe('decisions of one moment', () => {
  /** One question about each artefact, all at once, to one replica; `times` each. */
  const askAll = (times = 1, key = (n: number, time: number): string => `${String(n)} ${String(time)}`) => {
    const service = gate.gates();
    return Promise.all(
      Array.from({ length: times }, (_, time) =>
        gate.world.artefacts.map(({ digest }, n) =>
          service.evaluateGate(gate.aQuestion({ digest, idempotencyKey: key(n, time) }), gate.actor),
        ),
      ).flat(),
    );
  };
  /** Judged before `change` is made, and recorded after it: both wait for the lock, in the order in which they came. */
  const askBehind = async (lock: string, change: () => Promise<void>) => {
    const letGo = await hold(lock);
    const changed = change();
    await waitingForLocks(1);
    const asked = askAll();
    await waitingForLocks(2);
    await letGo();
    await changed;
    return asked;
  };
  const recorded = async (): Promise<number> =>
    (await gate.entries()).filter(({ kind }) => kind === 'decision.recorded').length;

  it('share transactions, and each has its entry, its row and its run', async () => {
    const answers = await askAll();
    expect(answers.every((answer) => answer.ok && !answer.value.reused)).toBe(true);
    expect(await recorded()).toBe(MANY);
    const [row] = await db.admin.query<{ rows: string; transactions: string }[]>(
      `SELECT count(*) AS rows, count(DISTINCT xmin::text) AS transactions FROM assay.decision WHERE org_id = $1`,
      [gate.actor.orgId],
    );
    expect(Number(row?.rows)).toBe(MANY);
    expect(Number(row?.transactions)).toBeLessThan(MANY);
    const runs = await gate.runs();
    expect(new Set(runs.map(({ decision_id }) => decision_id)).size).toBe(MANY);
    expect(runs.every(({ state }) => state === 'decided')).toBe(true);
  });

  it('that answer the same question are one, whoever asks', async () => {
    const answers = await askAll(3);
    expect(answers.filter((answer) => answer.ok && !answer.value.reused)).toHaveLength(MANY);
    expect(answers.filter((answer) => answer.ok && answer.value.reused)).toHaveLength(2 * MANY);
    expect(await recorded()).toBe(MANY);
  });

  it('that answer the same command are one', async () => {
    const answers = await askAll(3, (n) => String(n));
    const made = answers.filter((answer) => answer.ok && !answer.value.reused);
    expect(made.length).toBeLessThanOrEqual(MANY);
    // A command that is still under way says so; it is never done twice.
    const problems = answers.flatMap((answer) => (answer.ok ? [] : [answer.problem.kind]));
    expect(problems.filter((kind) => kind !== 'RunWaiting')).toEqual([]);
    expect(await recorded()).toBe(MANY);
  });

  it('do not rest on a waiver that was revoked while they were judged', async () => {
    const waiverId = await gate.waived();
    gate.world.answers['assay/rules/r1/result'] = reports('r1', 1);
    let revoking: Promise<void> | undefined;
    gate.world.meanwhile = () => (revoking ??= gate.revoke(waiverId, START));
    const answers = await askAll();
    expect(answers.map((answer) => answer.ok && answer.value.decision.verdict)).toEqual(
      Array.from({ length: MANY }, () => 'FAIL'),
    );
  });

  it('do not rest on a waiver that is revoked before they hold it', async () => {
    const waiverId = await gate.waived();
    gate.world.answers['assay/rules/r1/result'] = reports('r1', 1);
    const answers = await askBehind(`waiver ${waiverId}`, () => gate.revoke(waiverId, START));
    expect(answers.map((answer) => answer.ok && answer.value.decision.verdict)).toEqual(
      Array.from({ length: MANY }, () => 'FAIL'),
    );
  });

  it('do not rest on a checklist that was replaced while they were judged', async () => {
    await gate.activate(3);
    gate.world.artefacts = gate.world.artefacts.slice(0, 5);
    await gate.definitions().define(gate.aDefinition({ checklistVersion: null }, 1), 'system');
    let activating: Promise<void> | undefined;
    gate.world.meanwhile = () => (activating ??= gate.activate(4));
    const answers = await askAll();
    expect(answers.map((answer) => answer.ok && answer.value.decision.checklistVersion)).toEqual([
      4, 4, 4, 4, 4,
    ]);
  });

  it('do not rest on a checklist that is replaced before they hold it', async () => {
    await gate.activate(3);
    await gate.definitions().define(gate.aDefinition({ checklistVersion: null }, 1), 'system');
    const lock = `checklist ${gate.actor.orgId} ${gate.aDefinition().gate.chkId}`;
    const answers = await askBehind(lock, () => gate.activate(4));
    expect(answers.map((answer) => answer.ok && answer.value.decision.checklistVersion)).toEqual(
      Array.from({ length: MANY }, () => 4),
    );
  });

  it('are recorded although one of them cannot be, and that one says why', async () => {
    const { orgId, principalId } = gate.actor;
    const taken = idempotencyKey(orgId, `gate.evaluate ${principalId}`, '7 0');
    const appended = await new PgLedger(db.service.manager, someLedgerKeys()).append({
      ...{ orgId, kind: 'access.denied', actor: 'system', key: taken },
      subjects: [{ name: 'another', digest: sha256('another') }],
      facts: { tsStart: START, tsEnd: START, result: 'DENIED', details: {} },
    });
    expect(appended).toMatchObject({ ok: true });
    const answers = await askAll();
    expect(answers.map((answer) => (answer.ok ? 'recorded' : answer.problem.kind))).toEqual(
      Array.from({ length: MANY }, (_, n) => (n === 7 ? 'IdempotencyConflict' : 'recorded')),
    );
    expect(await recorded()).toBe(MANY - 1);
  });
});
