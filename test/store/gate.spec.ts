import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ENTITIES } from '../../src/app/database/entities.js';
import { contradictions, parseDecision } from '../../src/gate/decision.js';
import type { DefineGate } from '../../src/gate/gate-definition.service.js';
import { sha256 } from '../../src/kernel/digest.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aGateWorld, ARTEFACT, DAY, EVIDENCE, reports, START, type GateWorld } from '../support/gate.js';

let db: TestDatabase;
let gate: GateWorld;
beforeAll(async () => {
  db = await createTestDatabase(ENTITIES);
});
afterAll(() => db.drop());
beforeEach(async () => {
  gate = await aGateWorld(db);
});

describe('a gate', () => {
  it('is defined under a version, and changed only by who knows the current one', async () => {
    const first = gate.aDefinition();
    expect(await gate.definitions().define(first, 'system')).toMatchObject({
      ok: true,
      value: { version: 1 },
    });
    expect(await gate.definitions().define(first, 'system')).toMatchObject({
      ok: true,
      value: { version: 1 },
    });
    expect(await gate.definitions().define(gate.aDefinition({ title: 'Other' }), 'system')).toMatchObject({
      problem: { kind: 'GateStale', expectedVersion: 0, currentVersion: 1 },
    });
    const changes = await Promise.all(
      ['One', 'Two', 'Three'].map((title) =>
        gate.definitions().define(gate.aDefinition({ title }, 1), gate.actor),
      ),
    );
    expect(changes.filter((change) => change.ok)).toHaveLength(1);
    expect(await gate.read().gate(gate.actor.orgId, 'GATE_RELEASE')).toMatchObject({
      version: 2,
      fallback: 'closed',
    });
    expect((await gate.entries()).map(({ kind }) => kind)).toEqual(['gate.defined', 'gate.defined']);
    expect(await gate.read().gates(randomUUID())).toEqual([]);
  });

  it.each<[string, Partial<DefineGate['gate']>, object]>([
    ['a foreign id', { gateId: 'CHK_A' }, { kind: 'FieldInvalid', where: 'gateId' }],
    ['an unknown checklist', { checklistVersion: 5 }, { kind: 'ChecklistNotFound', version: 5 }],
    ['a checklist of which nothing is in force', { checklistVersion: null }, { kind: 'ChecklistNotActive' }],
    ['an endless run', { maxRunMs: 10 ** 9 }, { kind: 'FieldInvalid', where: 'maxRunMs' }],
    ['an empty title', { title: ' ' }, { kind: 'FieldInvalid', where: 'title' }],
    ['prose for a role', { ownerRole: 'the security people' }, { kind: 'FieldInvalid', where: 'ownerRole' }],
  ])('is not defined with %s', async (_what, change, problem) => {
    expect(await gate.definitions().define(gate.aDefinition(change), 'system')).toMatchObject({
      ok: false,
      problem,
    });
    expect(await gate.entries()).toEqual([]);
  });
});

describe('a verdict', () => {
  it('is a decision, a run and a ledger entry, together', async () => {
    await gate.define();
    gate.world.answers['assay/rules/r1/result'] = reports('r1', 2, 1);
    const { decision, reused } = await gate.decided();
    expect(reused).toBe(false);
    expect(decision).toMatchObject({ verdict: 'FAIL', asOf: START, validUntil: START + 29 * DAY + 1 });
    expect(contradictions(decision)).toEqual([]);
    expect(await gate.read().decision(gate.actor.orgId, decision.decisionId)).toEqual(decision);
    expect(await gate.read().decision(randomUUID(), decision.decisionId)).toBeUndefined();
    expect(parseDecision(decision).rules.map(({ ruleId, outcome }) => [ruleId, outcome])).toEqual([
      ['r1', 'FAIL'],
      ['r2', 'PASS'],
      ['r3', 'PASS'],
    ]);
    expect(await gate.runs()).toMatchObject([
      { state: 'decided', attempt: 1, decision_id: decision.decisionId },
    ]);
    expect((await gate.entries()).at(-1)).toMatchObject({
      kind: 'decision.recorded',
      subjects: [{ name: 'ART_SHOP', digest: ARTEFACT.digest }],
      verdictSummary: { verificationResult: 'FAILED', verifiedLevels: ['FAILED'] },
      facts: {
        caseId: 'STORY-1',
        actId: 'ACT_RELEASE',
        role: 'SEC',
        gateId: 'GATE_RELEASE',
        artId: 'ART_SHOP',
        result: 'FAIL',
        severity: 'high',
        artefactDigest: ARTEFACT.digest,
        checklistVersion: 'CHK_A@3',
        waiverIds: [],
        policyDigests: [sha256('p1'), sha256('p2')],
        evidenceDigests: [EVIDENCE],
        asOf: START,
        decisionId: decision.decisionId,
        agent: { agentId: 'a1' },
        details: { documentDigest: decision.documentDigest, verdictWithoutWaivers: 'FAIL' },
      },
    });
  });

  it('is asked of the engine once per policy, at as-of, with a seed that follows from the inputs', async () => {
    await gate.define();
    const { decision } = await gate.decided({ asOf: START - 1_000 });
    expect(
      gate.world.requests.map(({ bundle, questions }) => [bundle, questions.map((each) => each.entrypoint)]),
    ).toEqual([
      [sha256('b1'), ['assay/rules/r1/result', 'assay/rules/r2/result']],
      [sha256('b2'), ['assay/rules/r3/result']],
    ]);
    for (const { instant, seed, deadlineMs } of gate.world.requests) {
      expect({ instant, deadlineMs }).toEqual({ instant: START - 1_000, deadlineMs: 5_000 });
      expect(`sha256:${seed}`).toBe(decision.inputsDigest);
    }
  });

  it('with an active waiver passes, and still says what would have failed', async () => {
    await gate.define();
    gate.world.answers['assay/rules/r1/result'] = reports('r1', 1);
    const waiverId = await gate.waived();
    const { decision } = await gate.decided();
    expect(decision).toMatchObject({
      verdict: 'PASS_WITH_WAIVERS',
      verdictWithoutWaivers: 'FAIL',
      validUntil: START + DAY + 1,
    });
    expect(parseDecision(decision).waivers.applied).toEqual([waiverId]);
    expect((await gate.entries()).at(-1)).toMatchObject({
      verdictSummary: { verificationResult: 'PASSED', verifiedLevels: [] },
      facts: { waiverIds: [waiverId], severity: 'none' },
    });
    gate.world.now = START + DAY + 1;
    expect(await gate.decided()).toMatchObject({ reused: false, decision: { verdict: 'FAIL' } });
  });

  it('does not rest on a waiver that was revoked while the gate was judging', async () => {
    await gate.define();
    gate.world.answers['assay/rules/r1/result'] = reports('r1', 1);
    const waiverId = await gate.waived();
    let revoked = false;
    gate.world.meanwhile = async () => {
      if (revoked) return;
      revoked = true;
      await gate.revoke(waiverId, START);
    };
    expect(await gate.decided()).toMatchObject({ decision: { verdict: 'FAIL' } });
    expect((await gate.runs()).map(({ state }) => state)).toEqual(['decided']); // one question, one run
    expect((await gate.entries()).filter(({ kind }) => kind === 'decision.recorded')).toHaveLength(1);
  });

  it('is ERROR, recorded and never reused, when a rule cannot be judged; the others still are', async () => {
    await gate.define();
    gate.world.answers['assay/rules/r1/result'] = 'EvaluationFailed';
    gate.world.answers['assay/rules/r3/result'] = { ruleId: 'r3' };
    const { decision } = await gate.decided();
    expect(decision).toMatchObject({ verdict: 'ERROR', verdictWithoutWaivers: 'ERROR' });
    expect(parseDecision(decision).rules).toMatchObject([
      { outcome: 'ERROR', problem: { code: 'gate.engine-failed', params: { problem: 'EvaluationFailed' } } },
      { outcome: 'PASS', problem: null },
      { outcome: 'ERROR', problem: { code: 'gate.report-malformed', params: { where: 'applicable' } } },
    ]);
    expect(await gate.decided()).toMatchObject({ reused: false, decision: { verdict: 'ERROR' } });
    expect((await gate.entries()).slice(-2)).toMatchObject([
      { verdictSummary: { verificationResult: 'FAILED' }, facts: { stateAfter: 'running' } },
      { kind: 'gate-run.paused', facts: { decisionId: expect.any(String), stateAfter: 'paused' } },
    ]);
  });

  it('is ERROR when time is up, without asking again rule by rule', async () => {
    await gate.define();
    gate.world.answers['assay/rules/r1/result'] = 'DeadlineExceeded';
    expect(await gate.decided()).toMatchObject({ decision: { verdict: 'ERROR' } });
    expect(gate.world.requests).toHaveLength(2);
  });

  it('is ERROR when the evidence’s stored form was changed or is gone', async () => {
    await gate.define();
    gate.world.evidence = [
      { storedDigest: EVIDENCE, documentDigest: sha256('never stored'), collectedAt: START },
    ];
    const { decision } = await gate.decided();
    expect(decision.verdict).toBe('ERROR');
    expect(parseDecision(decision).rules[0]).toMatchObject({ problem: { code: 'gate.evidence-unreadable' } });
    expect(gate.world.requests).toEqual([]);
  });

  it('is not given, and the run waits for a person, when the engine breaks', async () => {
    await gate.define();
    gate.world.meanwhile = () => Promise.reject(new Error('out of memory'));
    await expect(gate.ask()).rejects.toThrow('out of memory');
    expect(await gate.runs()).toMatchObject([{ state: 'paused', decision_id: null }]);
    expect((await gate.entries()).map(({ kind }) => kind)).toEqual(['gate.defined', 'gate-run.paused']);
  });

  it('is not given while its run waits, however often the same command is sent', async () => {
    await gate.define({ retry: { count: 1, firstBackOffMs: 500, maxBackOffMs: 500 } });
    const command = gate.aQuestion();
    const ask = () => gate.gates().evaluateGate(command, gate.actor);
    gate.world.meanwhile = () => Promise.reject(new Error('out of memory'));
    await expect(ask()).rejects.toThrow('out of memory');
    expect(await ask()).toMatchObject({
      problem: { kind: 'RunWaiting', state: 'queued', nextAttemptAt: START + 500 },
    });
    delete gate.world.meanwhile;
    gate.world.now += 500;
    const [run] = await gate.runs();
    await gate.gates().attempt(gate.actor.orgId, (run as unknown as { run_id: string }).run_id);
    expect(await ask()).toMatchObject({ ok: true, value: { reused: true, decision: { verdict: 'PASS' } } });
    expect(await gate.runs()).toMatchObject([{ state: 'decided', attempt: 2 }]);
  });
});
