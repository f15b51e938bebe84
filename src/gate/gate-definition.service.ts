import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { idempotencyKey, parseHumanId, type IdempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import { actedBy } from '../ledger/acted.js';
import type { EntryDraft } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ChecklistSource } from './checklist.port.js';
import { gateDigest, LOCI, type Gate } from './gate.js';
import type { GateStore } from './gate.store.js';
import type { DefineGateProblem } from './problem.js';

export interface DefineGate {
  readonly gate: Omit<Gate, 'version' | 'fallback'>;
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
    const gate: Gate = { ...command.gate, fallback: 'closed', version: command.expectedVersion + 1 };
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
      const actualVersion = before?.gate.version ?? 0;
      const stored =
        actualVersion === expectedVersion &&
        (await (before ? gates.replace(gate, key) : gates.add(gate, key)));
      if (!stored) return failed({ kind: 'Stale', gateId, expectedVersion, actualVersion });
      const entry = gateEntry(gate, { by, context: command.context, at: this.clock.now(), key });
      const appended = await ledger.append(entry);
      return appended.ok ? ok(gate) : appended;
    });
  }
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
  if (!/^[A-Z][A-Z0-9_]{0,31}$/.test(gate.ownerRole))
    return invalid('ownerRole', 'a process role such as QA');
  if (!Number.isInteger(gate.maxRunMs) || gate.maxRunMs < 1 || gate.maxRunMs > MAX_RUN_MS)
    return invalid('maxRunMs', `1 to ${MAX_RUN_MS} milliseconds`);
  return undefined;
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
  const { orgId, gateId, ...definition } = gate;
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
