import { randomBytes, randomUUID } from 'node:crypto';
import { composeAppends } from '../../src/app/compose/appends.js';
import { gateTransactions } from '../../src/app/compose/gate-transactions.js';
import { transactions } from '../../src/app/database/transaction.js';
import type { PinnedChecklist } from '../../src/gate/checklist.js';
import { EvidenceGatherer } from '../../src/gate/evidence-gatherer.service.js';
import { GateDefinitionService, type DefineGate } from '../../src/gate/gate-definition.service.js';
import { GateInputReader } from '../../src/gate/gate-inputs.service.js';
import { PgGateRead } from '../../src/gate/gate.read.pg.js';
import type { EvaluateGate, GateAnswer } from '../../src/gate/gate-question.service.js';
import { GateService } from '../../src/gate/gate.service.js';
import { PgGateStore } from '../../src/gate/gate.store.pg.js';
import type { GateProblem } from '../../src/gate/problem.js';
import { RuleJudge } from '../../src/gate/rule-judge.service.js';
import type { JudgedArtefact, JudgedEvidence } from '../../src/gate/subject.js';
import type { Actor } from '../../src/kernel/actor.js';
import { canonicalJson, type JsonObject } from '../../src/kernel/canonical-json.js';
import { digestFrom, sha256, type Digest } from '../../src/kernel/digest.js';
import { failed, ok, type Result } from '../../src/kernel/result.js';
import { PgLedgerRead } from '../../src/ledger/ledger.read.pg.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import type {
  Answers,
  EngineProblem,
  EvaluationRequest,
  QuestionProblem,
} from '../../src/rego/engine.port.js';
import { checklistDigest } from '../../src/policy/checklist/checklist.js';
import { PgChecklistRead } from '../../src/policy/checklist/checklist.read.pg.js';
import { PgChecklistStore } from '../../src/policy/checklist/checklist.store.pg.js';
import { PgWaiverRead } from '../../src/waiver/waiver.read.pg.js';
import { PgWaiverStore } from '../../src/waiver/waiver.store.pg.js';
import type { TestDatabase } from './database.js';
import { someLedgerKeys } from './ledger.js';
import { MemoryBlobStore } from './memory-blobs.js';
import { ofAll, ofOrganisations } from '../../src/app/database/on-behalf-of.js';

/** When every test begins. */
export const START = 1_790_000_000_000;
export const DAY = 86_400_000;
export const EVIDENCE = sha256('bytes as stored');
export const ARTEFACT: JudgedArtefact = {
  artId: 'ART_SHOP',
  digest: digestFrom(`gitCommit:${'c'.repeat(40)}`),
  projectId: randomUUID(),
  registeredAt: 0,
  authorId: randomUUID(),
  agent: {
    agentId: 'a1',
    modelName: 'm',
    modelVersion: '1',
    temperature: '0',
    presetId: 'p',
    promptHash: 'h',
  },
};
const aRule = (ruleId: string) => ({
  ruleId,
  entrypoint: `assay/rules/${ruleId}/result`,
  effect: 'block' as const,
  severity: 'high' as const,
  title: ruleId,
  remediation: 'Mend it.',
  controls: [],
  messages: { 'x.found': { en: 'found {n}' } },
});
const CHECKLIST: PinnedChecklist = {
  chkId: 'CHK_A',
  version: 3,
  digest: sha256('checklist'),
  policies: [
    {
      policyId: 'p1',
      version: '1.0.0',
      digest: sha256('p1'),
      bundle: sha256('b1'),
      readsClock: false,
      rules: [aRule('r1'), aRule('r2')],
      parameters: { floor: 'high' },
    },
    {
      policyId: 'p2',
      version: '1.0.0',
      digest: sha256('p2'),
      bundle: sha256('b2'),
      readsClock: false,
      rules: [aRule('r3')],
      parameters: {},
    },
  ],
  freshness: { sast: 30 },
};
/** What a rule answers that found something in these lines. */
export const reports = (ruleId: string, ...found: number[]): JsonObject => ({
  ruleId,
  applicable: true,
  violations: found.map((n) => ({
    code: 'x.found',
    params: { n },
    severity: 'high',
    where: { path: 'src/a.js', line: n },
    identity: { scheme: 's', value: `v${n}`, occurrence: 0 },
    subject: null,
    evidence: EVIDENCE,
  })),
  gaps: [],
  facts: { found: found.length },
});

const OF_ONE_QUESTION: readonly string[] = ['EntrypointNotFound', 'ResultUndefined', 'EvaluationFailed'];

function answersTo(
  { questions }: EvaluationRequest,
  prepared: World['answers'],
): Result<Answers, EngineProblem> {
  const answers = questions.map(({ entrypoint }) => prepared[entrypoint]!);
  const problem = answers.find((answer) => typeof answer === 'string' && !OF_ONE_QUESTION.includes(answer));
  if (problem !== undefined) return failed({ kind: problem } as unknown as EngineProblem);
  return ok(
    answers.map((answer) =>
      typeof answer === 'string' ? failed({ kind: answer } as unknown as QuestionProblem) : ok(answer),
    ),
  );
}

/** The members of a request's input that all questions see. */
export function sharedMembers({ input }: EvaluationRequest): JsonObject {
  if (input.kind !== 'members') throw new Error('the gate asks with members');
  return Object.fromEntries(
    Object.entries(input.members).map(([name, { text }]) => [name, JSON.parse(text) as JsonObject]),
  );
}

const keys = someLedgerKeys();
const blobs = new MemoryBlobStore();

/** The world around the gate, as each test wants it. */
export interface World {
  now: number;
  artefacts: JudgedArtefact[];
  evidence: JudgedEvidence[];
  pending: Digest[];
  /** What rules answer, by entrypoint; a question's problem fails that rule, any other the whole request. */
  answers: Record<string, JsonObject | QuestionProblem['kind'] | EngineProblem['kind']>;
  requests: EvaluationRequest[];
  /** What the checklist's versions have in another way. */
  checklist: Partial<PinnedChecklist>;
  /** Happens while the engine thinks. */
  meanwhile?: () => Promise<unknown>;
}

/** A gate service on a real database and ledger, in a world that the test makes up, in an organisation of its own. */
export type GateWorld = Awaited<ReturnType<typeof aGateWorld>>;

export async function aGateWorld(db: TestDatabase) {
  const orgId = randomUUID();
  const actor: Actor = { orgId, principalId: randomUUID(), kind: 'service', roles: ['service'] };
  const document = { model: 'assay.evidence/1', state: 'COMPLETE', kinds: ['sast'], reasons: [] };
  const documentDigest = await blobs.put(orgId, Buffer.from(canonicalJson(document)));
  const world: World = {
    now: START,
    artefacts: [ARTEFACT],
    evidence: [{ storedDigest: EVIDENCE, documentDigest, collectedAt: START - DAY }],
    pending: [],
    answers: Object.fromEntries(
      ['r1', 'r2', 'r3'].map((rule) => [`assay/rules/${rule}/result`, reports(rule)]),
    ),
    requests: [],
    checklist: {},
  };

  const checklists = {
    pinned: (_: string, chkId: string, version: number) =>
      Promise.resolve(
        chkId === 'CHK_A' && [3, 4].includes(version)
          ? { ...CHECKLIST, ...world.checklist, version, digest: sha256(`checklist ${version}`) }
          : undefined,
      ),
    active: async (org: string, chkId: string) =>
      (await ofOrganisations(db.service.manager, PgChecklistRead).standing(org, chkId)).version,
  };
  const clock = { now: () => world.now };
  const engine = {
    async evaluate(request: EvaluationRequest) {
      world.requests.push(request);
      await world.meanwhile?.();
      return answersTo(request, world.answers);
    },
  };
  const read = (): PgGateRead => ofOrganisations(db.service.manager, PgGateRead);
  const gates = (): GateService => {
    const subjects = {
      artefacts: (_: string, digest: Digest, artId?: string) =>
        Promise.resolve(
          world.artefacts.filter((each) => each.digest === digest && (artId ?? each.artId) === each.artId),
        ),
      evidence: () => Promise.resolve({ normalised: world.evidence, pending: world.pending }),
    };
    return new GateService(
      gateTransactions(db.service, composeAppends(db.service, keys)),
      read(),
      new GateInputReader(read(), checklists, subjects, ofOrganisations(db.service.manager, PgWaiverRead)),
      new RuleJudge(engine, new EvidenceGatherer(blobs)),
      clock,
      {
        verifierId: 'https://assay.example/verifier',
        pause: (ms) => {
          world.now += ms;
          return Promise.resolve();
        },
      },
    );
  };
  /** Puts a version of CHK_A in force; published just before, when it was not. */
  const activate = (version: number): Promise<void> =>
    db.admin.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO assay.organisation (org_id, slug, name, time_zone, locale, created_at, entry_key)
         VALUES ($1, $2, 'Some', 'UTC', 'en', now(), '') ON CONFLICT DO NOTHING`,
        [orgId, `o-${orgId}`],
      );
      const store = ofOrganisations(manager, PgChecklistStore);
      await store.lock(orgId, 'CHK_A');
      const known = await store.versions(orgId, 'CHK_A');
      if (!known.some(({ document }) => document.version === version)) {
        const title = { en: 'A', nl: 'A' };
        const pin = { policyId: 'p1', version: '1.0.0', digest: sha256('p1'), parameters: {} };
        const document = { chkId: 'CHK_A', version, title, policies: [pin], freshness: {} };
        const published = { at: START, by: null, entryKey: randomBytes(16) };
        const checklist = { digest: checklistDigest(document), document, publishedAt: START };
        await store.publish(orgId, checklist, published);
      }
      const { activation, version: previousVersion } = await store.standing(orgId, 'CHK_A');
      const number = activation + 1;
      const made = { chkId: 'CHK_A', number, version, previousVersion, at: START, by: null };
      await store.activate(orgId, made, randomBytes(16));
    });
  const definitions = (): GateDefinitionService =>
    new GateDefinitionService(
      transactions(db.service, (on) => ({
        gates: ofOrganisations(on, PgGateStore),
        ledger: new PgLedger(on, keys),
      })),
      checklists,
      clock,
    );
  const aDefinition = (change: Partial<DefineGate['gate']> = {}, expectedVersion = 0): DefineGate => ({
    gate: {
      orgId: actor.orgId,
      gateId: 'GATE_RELEASE',
      projectId: '22222222-2222-4222-8222-222222222222',
      title: 'Release',
      locus: 'RELEASE',
      chkId: 'CHK_A',
      checklistVersion: 3,
      ownerRole: 'SEC',
      maxRunMs: 5_000,
      ...change,
    },
    expectedVersion,
    context: {},
    idempotencyKey: randomUUID(),
  });
  const aQuestion = (change: Partial<EvaluateGate> = {}): EvaluateGate => ({
    gateId: 'GATE_RELEASE',
    digest: ARTEFACT.digest,
    context: { caseId: 'STORY-1', actId: 'ACT_RELEASE', role: 'SEC' },
    idempotencyKey: randomUUID(),
    ...change,
  });
  const ask = (change: Partial<EvaluateGate> = {}): Promise<Result<GateAnswer, GateProblem>> =>
    gates().evaluateGate(aQuestion(change), actor);
  const decided = async (change: Partial<EvaluateGate> = {}): Promise<GateAnswer> => {
    const answer = await ask(change);
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    return answer.value;
  };
  const define = async (change: Partial<DefineGate['gate']> = {}): Promise<void> => {
    expect(await definitions().define(aDefinition(change), 'system')).toMatchObject({ ok: true });
  };
  const entries = async () => {
    const ledger = new PgLedgerRead(ofAll(db.service.manager), keys.keyEncryption);
    const page = await ledger.entries(actor.orgId, { first: 100 });
    if (!page.ok) throw new Error('cursor');
    return page.value.items.map(({ recorded }) => recorded);
  };
  const runs = (): Promise<{ state: string; attempt: number; decision_id: string | null }[]> =>
    db.admin.query('SELECT * FROM assay.gate_run WHERE org_id = $1 ORDER BY attempt', [actor.orgId]);
  /** An approved waiver of rule r1, straight into the tables. */
  const waived = (): Promise<string> =>
    db.service.transaction(async (manager) => {
      const store = ofOrganisations(manager, PgWaiverStore);
      const waiver = {
        waiverId: randomUUID(),
        orgId: actor.orgId,
        selectors: [{ type: 'rule' as const, ruleId: 'r1' }],
        severity: 'high' as const,
        effectiveFrom: START - DAY,
        effectiveUntil: START + DAY,
        requiredApprovals: 1,
        requesterId: randomUUID(),
        requestedAt: START - DAY,
        compensatingControl: null,
        reference: null,
        caseId: null,
      };
      const approval = { ordinal: 1, approverId: randomUUID(), at: START - DAY, authTime: null, amr: [] };
      await store.add(waiver, randomBytes(16));
      await store.addApproval(waiver, approval, randomBytes(16));
      return waiver.waiverId;
    });
  const revoke = (waiverId: string, at: number): Promise<void> =>
    db.service.transaction(async (manager) => {
      const store = ofOrganisations(manager, PgWaiverStore);
      const record = await store.findForChange(actor.orgId, waiverId);
      await store.addRevocation(record!.waiver, { by: randomUUID(), at }, randomBytes(16));
    });

  return {
    world,
    actor,
    define,
    activate,
    ask,
    decided,
    entries,
    runs,
    waived,
    revoke,
    read,
    gates,
    definitions,
    aDefinition,
    aQuestion,
  };
}
