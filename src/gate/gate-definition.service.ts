import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { idempotencyKey, parseHumanId, type IdempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import { actedBy } from '../ledger/acted.js';
import type { EntryDraft } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ChecklistSource } from './checklist.port.js';
import { conflictsOf } from './gate-conflict.js';
import { DEFAULT_TERMS, PROCESS_ROLE, termsFault, type GateTerms } from './gate-terms.js';
import type { DefinedGate } from './gate.read.js';
import { definitionOf, gateDigest, LOCI, type Gate } from './gate.js';
import type { GateStore } from './gate.store.js';
import type { DefineGateProblem, GateStale } from './problem.js';

export interface DefineGate {
  /** Terms that are left out are as every gate has them. */
  readonly gate: Omit<Gate, 'version' | 'fallback' | keyof GateTerms> & Partial<GateTerms>;
  /** 0 for a new gate. */
  readonly expectedVersion: number;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Stores = { gates: GateStore; ledger: Ledger };

/** A run is held by a caller; longer ones belong into a queue. */
export const MAX_RUN_MS = 600_000;

/** Defines gates and changes their definition, by the installer (`system`) or by a person. */
export class GateDefinitionService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly checklists: ChecklistSource,
    private readonly clock: Clock,
  ) {}

  /** Repeated under the same key it changes nothing and answers the gate as it is now. */
  async define(command: DefineGate, by: Actor | 'system'): Promise<Result<Gate, DefineGateProblem>> {
    const gate = gateOf(command);
    const fault = faultOf(gate);
    if (fault) return failed(fault);
    const { orgId, gateId, chkId, checklistVersion } = gate;
    const version = checklistVersion ?? (await this.checklists.active(orgId, chkId));
    if (version === null) return failed({ kind: 'ChecklistNotActive', chkId });
    if (!(await this.checklists.pinned(orgId, chkId, version)))
      return failed({ kind: 'ChecklistNotFound', chkId, version });
    const caller = by === 'system' ? by : by.principalId;
    const key = idempotencyKey(orgId, `gate.define ${caller}`, command.idempotencyKey);
    return this.tx<Gate, DefineGateProblem>(async ({ gates, ledger }) => {
      const before = await gates.find(orgId, gateId);
      if (before?.entryKey.equals(key)) return ok(before.gate);
      const { expectedVersion } = command;
      const at = this.clock.now();
      const defined = { gate, definedAt: at };
      const stored =
        (before?.gate.version ?? 0) === expectedVersion &&
        (await (before ? gates.replace(gate.orgId, defined, key) : gates.add(gate.orgId, defined, key)));
      if (!stored) return failed(await staleFor(gates, gate, expectedVersion));
      const entry = gateEntry(gate, { by, context: command.context, at, key });
      const appended = await ledger.append(entry);
      return appended.ok ? ok(gate) : appended;
    });
  }
}

const gateOf = ({ gate, expectedVersion }: DefineGate): Gate => ({
  ...DEFAULT_TERMS,
  ...gate,
  fallback: 'closed',
  version: expectedVersion + 1,
});

/** Read anew: who lost a race is told of the winner. */
async function staleFor(gates: GateStore, yours: Gate, expectedVersion: number): Promise<GateStale> {
  const { orgId, gateId } = yours;
  const current: DefinedGate | undefined = await gates.find(orgId, gateId);
  const base = await gates.findVersion(orgId, gateId, expectedVersion);
  const theirs = current?.gate;
  return {
    kind: 'GateStale',
    ...{ gateId, expectedVersion },
    currentVersion: theirs?.version ?? 0,
    theirs: theirs ?? null,
    definedAt: current?.definedAt ?? null,
    fields: conflictsOf({ base: base?.gate, theirs, yours }),
  };
}

function faultOf(gate: Gate): DefineGateProblem | undefined {
  const invalid = (where: string, expected: string): DefineGateProblem => ({
    kind: 'FieldInvalid',
    where,
    expected,
  });
  if (!parseHumanId('GATE', gate.gateId).ok) return invalid('gateId', 'an id GATE_…');
  if (!parseHumanId('CHK', gate.chkId).ok) return invalid('chkId', 'an id CHK_…');
  if (gate.title.trim() === '' || gate.title.length > 200) return invalid('title', '1 to 200 characters');
  if (!LOCI.includes(gate.locus)) return invalid('locus', LOCI.join(', '));
  if (!PROCESS_ROLE.test(gate.ownerRole)) return invalid('ownerRole', 'a process role such as QA');
  if (!Number.isInteger(gate.maxRunMs) || gate.maxRunMs < 1 || gate.maxRunMs > MAX_RUN_MS)
    return invalid('maxRunMs', `1 to ${MAX_RUN_MS} milliseconds`);
  const fault = termsFault(gate);
  return fault && invalid(fault.where, fault.expected);
}

function gateEntry(
  gate: Gate,
  {
    by,
    context,
    at,
    key,
  }: { by: Actor | 'system'; context: ProcessContext; at: Instant; key: IdempotencyKey },
): EntryDraft {
  const { orgId, gateId } = gate;
  const { gateId: _, ...definition } = definitionOf(gate);
  return {
    orgId,
    kind: 'gate.defined',
    actor: by === 'system' ? by : { principalId: by.principalId },
    subjects: [{ name: `gate/${gateId}`, digest: gateDigest(gate) }],
    facts: {
      tsStart: at,
      tsEnd: at,
      ...actedBy(by, context),
      projectId: gate.projectId,
      gateId,
      ...(gate.version > 1 && { stateBefore: `${gateId}@${gate.version - 1}` }),
      stateAfter: `${gateId}@${gate.version}`,
      ...(gate.checklistVersion !== null && { checklistVersion: `${gate.chkId}@${gate.checklistVersion}` }),
      details: definition,
    },
    key,
  };
}
