import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../src/app/database/entities.js';
import { parseDecision } from '../../src/gate/decision.js';
import { sha256 } from '../../src/kernel/digest.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aGateWorld, reports, type GateWorld } from '../support/gate.js';

let db: TestDatabase;
let gate: GateWorld;
beforeAll(async () => {
  db = await createTestDatabase(ENTITIES);
});
afterAll(() => db.drop());
beforeEach(async () => {
  gate = await aGateWorld(db);
});

const decisions = async (): Promise<unknown[]> =>
  (await gate.entries())
    .filter(({ kind }) => kind === 'decision.recorded')
    .map(({ facts }) => facts.checklistVersion);

describe('a gate that follows its checklist', () => {
  it('judges with the version in force, from the moment it is', async () => {
    await gate.activate(3);
    await gate.define({ checklistVersion: null });
    expect((await gate.decided()).decision.checklistVersion).toBe(3);
    await gate.activate(4);
    const { decision, reused } = await gate.decided();
    expect([decision.checklistVersion, decision.checklistDigest, reused]).toEqual([
      4,
      sha256('checklist 4'),
      false,
    ]);
  });

  it('after going back answers what was recorded with that version', async () => {
    await gate.activate(3);
    await gate.define({ checklistVersion: null });
    const first = await gate.decided();
    await gate.activate(4);
    await gate.decided();
    await gate.activate(3);
    expect(await gate.decided()).toEqual({ decision: first.decision, reused: true });
  });

  it('judges again when another version is put in force while it judges', async () => {
    await gate.activate(3);
    await gate.define({ checklistVersion: null });
    let changed = false;
    gate.world.meanwhile = async () => {
      if (changed) return;
      changed = true;
      await gate.activate(4);
    };
    expect((await gate.decided()).decision.checklistVersion).toBe(4);
    expect((await gate.runs()).map(({ state }) => state)).toEqual(['decided']); // one question, one run
    expect(await decisions()).toEqual(['CHK_A@4']);
  });

  it('keeps an activation waiting while it records, and no longer', async () => {
    await gate.activate(3);
    await gate.define({ checklistVersion: null });
    // Whoever holds the ledger's number makes the recording wait in the middle of its transaction.
    const runner = db.admin.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT * FROM ledger.seqcoord FOR UPDATE');
    const decided = gate.decided();
    await new Promise((resolve) => setTimeout(resolve, 300));
    let isActive = false;
    const activation = gate.activate(4).then(() => (isActive = true));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isActive).toBe(false);
    await runner.commitTransaction();
    await runner.release();
    expect((await decided).decision.checklistVersion).toBe(3);
    await activation;
    expect((await gate.decided()).decision.checklistVersion).toBe(4);
  });

  it('gives up when that never stops', async () => {
    await gate.activate(3);
    await gate.define({ checklistVersion: null });
    let version = 3;
    gate.world.meanwhile = async () => {
      if (gate.world.requests.length % 2 === 0) return; // two policies, two requests
      version = version === 3 ? 4 : 3;
      await gate.activate(version);
    };
    await expect(gate.ask()).rejects.toThrow(/changed 5 times/);
    expect(await decisions()).toEqual([]);
  });
});

describe('a gate that pins a version', () => {
  it('judges with it, whatever is put in force', async () => {
    await gate.activate(4);
    await gate.define();
    gate.world.meanwhile = () => gate.activate(4);
    expect((await gate.decided()).decision.checklistVersion).toBe(3);
    expect((await gate.runs()).map(({ state }) => state)).toEqual(['decided']);
  });
});

describe('a linked checklist', () => {
  it('is asked in one go, each rule with its own policy’s parameters, and quoted as what judged', async () => {
    const bundle = sha256('linked');
    gate.world.checklist = { bundle };
    gate.world.answers['assay/rules/r3/result'] = reports('r3', 1);
    await gate.define();
    const { decision } = await gate.decided();
    expect(gate.world.requests.map((request) => request.bundle)).toEqual([bundle]);
    expect(
      gate.world.requests[0]?.questions.map(({ entrypoint, own }) => [entrypoint, own?.['parameters']?.text]),
    ).toEqual([
      ['assay/rules/r1/result', '{"floor":"high"}'],
      ['assay/rules/r2/result', '{"floor":"high"}'],
      ['assay/rules/r3/result', '{}'],
    ]);
    const document = parseDecision(decision);
    expect(document.checklist).toEqual({ chkId: 'CHK_A', version: 3, digest: sha256('checklist 3'), bundle });
    expect(document.rules.map(({ policyId, outcome }) => [policyId, outcome])).toEqual([
      ['p1', 'PASS'],
      ['p1', 'PASS'],
      ['p2', 'FAIL'],
    ]);
  });
});
