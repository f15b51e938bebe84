import type { Actor, ProcessContext } from '../kernel/actor.js';
import { digestOf, type JsonObject } from '../kernel/canonical-json.js';
import { toRfc3339, type Clock, type Instant } from '../kernel/clock.js';
import { idempotencyKey, isUuid, parseHumanId, uuidFromKey, type IdempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import { contextFault } from '../kernel/process-context.js';
import { actedBy } from './acted.js';
import type { EntryDraft } from './entry.js';
import type { ErasureStore } from './erasure.store.js';
import type { HoldScope } from './hold.js';
import type { ProtectionProblem } from './protection-problem.js';
import { proseFault, referenceFault } from './protection-request.js';
import { pseudonymOf } from './pseudonym.js';

/** Exactly one member. */
export interface ScopeRequest {
  readonly everything?: boolean;
  readonly principalId?: string;
  readonly caseId?: string;
  readonly artId?: string;
}

interface HoldCommand {
  /** Why: encrypted with the key of who says it. */
  readonly reason: string;
  /** Of the matter, in clear. */
  readonly reference?: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}
export type SetHold = HoldCommand & { readonly scope: ScopeRequest; readonly until?: Instant };
export type LiftHold = HoldCommand & { readonly holdId: string };

/** `seq` is the entry that says so. */
export interface HoldChange {
  readonly holdId: string;
  readonly seq: number;
}

type Outcome = Result<HoldChange, ProtectionProblem>;

/** Legal holds. Both steps are entries; while a hold is in force, no erasure that it touches happens. */
export class HoldService {
  constructor(
    private readonly tx: InTransaction<{ erasures: ErasureStore }>,
    private readonly pseudonymKey: Buffer,
    private readonly clock: Clock,
  ) {}

  async set(command: SetHold, by: Actor): Promise<Outcome> {
    const fault = proseFault(command.reason) ?? referenceFault(command.reference);
    if (fault) return failed(fault);
    const scope = this.#scopeOf(command.scope, by.orgId);
    if (!scope.ok) return scope;
    const until = command.until ?? null;
    const key = idempotencyKey(by.orgId, `hold.set ${by.principalId}`, command.idempotencyKey);
    const holdId = uuidFromKey(key);
    const details = {
      holdId,
      scope: scope.value,
      ...(until !== null && { until: toRfc3339(until) }),
      ...(command.reference !== undefined && { reference: command.reference }),
    };
    const draft = this.#draft('hold.set', { command, details, holdId, key }, by);
    return this.tx<HoldChange, ProtectionProblem>(async ({ erasures }) => {
      const set = await erasures.setHold({ holdId, scope: scope.value, until }, draft);
      if (set.outcome === 'conflict') return failed({ kind: 'IdempotencyConflict', seq: set.seq });
      return ok({ holdId, seq: set.seq });
    });
  }

  async lift(command: LiftHold, by: Actor): Promise<Outcome> {
    const { holdId } = command;
    const fault = proseFault(command.reason) ?? referenceFault(command.reference);
    if (fault) return failed(fault);
    if (!isUuid(holdId)) return failed({ kind: 'HoldNotFound', holdId });
    const key = idempotencyKey(by.orgId, `hold.lift ${by.principalId}`, command.idempotencyKey);
    const details = { holdId, ...(command.reference !== undefined && { reference: command.reference }) };
    const draft = this.#draft('hold.lifted', { command, details, holdId, key }, by);
    return this.tx<HoldChange, ProtectionProblem>(async ({ erasures }) => {
      const lifted = await erasures.liftHold(holdId, draft);
      switch (lifted.outcome) {
        case 'unknown':
          return failed({ kind: 'HoldNotFound', holdId });
        case 'lifted':
          return failed({ kind: 'HoldLifted', holdId, entrySeq: lifted.seq });
        case 'conflict':
          return failed({ kind: 'IdempotencyConflict', seq: lifted.seq });
        default:
          return ok({ holdId, seq: lifted.seq });
      }
    });
  }

  #scopeOf(given: ScopeRequest, orgId: string): Result<HoldScope, ProtectionProblem> {
    const invalid = (path: string, expected: string): Result<never, ProtectionProblem> =>
      failed({ kind: 'InvalidInput', path: `scope.${path}`, expected });
    const { everything, principalId, caseId, artId } = given;
    if (principalId !== undefined) {
      if (!isUuid(principalId)) return invalid('principalId', 'the id of a principal');
      return ok<HoldScope>(`person:${pseudonymOf(this.pseudonymKey, orgId, principalId)}`);
    }
    if (caseId !== undefined) {
      const fault = contextFault({ caseId });
      return fault ? invalid('caseId', fault.expected) : ok<HoldScope>(`case:${caseId}`);
    }
    if (artId !== undefined) {
      const parsed = parseHumanId('ART', artId);
      return parsed.ok ? ok<HoldScope>(`artefact:${artId}`) : invalid('artId', parsed.problem.expected);
    }
    return everything === true ? ok('everything') : invalid('everything', 'true');
  }

  #draft(kind: 'hold.set' | 'hold.lifted', step: Step, by: Actor): EntryDraft {
    const { command, details, holdId, key } = step;
    const now = this.clock.now();
    return {
      orgId: by.orgId,
      kind,
      actor: { principalId: by.principalId },
      subjects: [{ name: `hold/${holdId}`, digest: digestOf(details) }],
      facts: {
        tsStart: now,
        tsEnd: now,
        ...actedBy(by, command.context),
        details,
      },
      personal: [{ principalId: by.principalId, fields: { reason: command.reason } }],
      key,
    };
  }
}

interface Step {
  readonly command: HoldCommand;
  readonly details: JsonObject;
  readonly holdId: string;
  readonly key: IdempotencyKey;
}
