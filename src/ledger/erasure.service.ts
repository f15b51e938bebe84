import type { Actor, ProcessContext } from '../kernel/actor.js';
import { digestOf } from '../kernel/canonical-json.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey, isUuid } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import { actedBy } from './acted.js';
import type { Administrators } from './administrators.port.js';
import type { EntryDraft } from './entry.js';
import type { ErasureStore } from './erasure.store.js';
import type { ProtectionProblem } from './protection-problem.js';
import { proseFault, referenceFault } from './protection-request.js';

export interface ErasePerson {
  readonly principalId: string;
  /** Why, in the officer's words: encrypted with the officer's key. */
  readonly reason: string;
  /** Number of the request in somebody's files; in clear, so no names. */
  readonly reference?: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

/** `seq` is the entry `person.erased`. */
export interface Erasure {
  readonly principalId: string;
  readonly seq: number;
}

/**
 * Erases a person: their data keys, their bodies, their name and login, in one transaction with the entry that
 * says so. What stays is the pseudonym, every statement, proof, decision and figure. Under the same key it
 * answers the same again; the last who may give roles is not erased; who was erased and came back in a later entry can be erased again.
 */
export class ErasureService {
  constructor(
    private readonly tx: InTransaction<{ erasures: ErasureStore }>,
    private readonly administrators: Pick<Administrators, 'unlessLast'>,
    private readonly clock: Clock,
  ) {}

  async erase(command: ErasePerson, by: Actor): Promise<Result<Erasure, ProtectionProblem>> {
    const { principalId } = command;
    const fault = proseFault(command.reason) ?? referenceFault(command.reference);
    if (fault) return failed(fault);
    if (!isUuid(principalId)) return failed({ kind: 'PersonNotFound', principalId });
    if (principalId === by.principalId) return failed({ kind: 'OwnErasure', principalId });
    const draft = this.#draft(command, by);
    const done = await this.administrators.unlessLast(by, principalId, () => this.#erase(principalId, draft));
    return done.ok ? done.value : done;
  }

  #erase(principalId: string, draft: EntryDraft): Promise<Result<Erasure, ProtectionProblem>> {
    return this.tx<Erasure, ProtectionProblem>(async ({ erasures }) => {
      const erased = await erasures.erase(principalId, draft);
      switch (erased.outcome) {
        case 'unknown':
          return failed({ kind: 'PersonNotFound', principalId });
        case 'held':
          return failed({ kind: 'UnderLegalHold', holdIds: erased.holdIds });
        case 'conflict':
          return failed({ kind: 'IdempotencyConflict', seq: erased.seq });
        default:
          return ok({ principalId, seq: erased.seq });
      }
    });
  }

  #draft({ principalId, reason, reference, context, ...command }: ErasePerson, by: Actor): EntryDraft {
    const now = this.clock.now();
    const details = { principalId, ...(reference !== undefined && { reference }) };
    return {
      orgId: by.orgId,
      kind: 'person.erased',
      actor: { principalId: by.principalId },
      persons: { erased: principalId },
      subjects: [{ name: `person/${principalId}`, digest: digestOf(details) }],
      facts: {
        tsStart: now,
        tsEnd: now,
        ...actedBy(by, context),
        details,
      },
      personal: [{ principalId: by.principalId, fields: { reason } }],
      key: idempotencyKey(by.orgId, `person.erase ${by.principalId}`, command.idempotencyKey),
    };
  }
}
