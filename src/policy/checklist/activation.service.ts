import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { idempotencyKey } from '../../kernel/id.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import { activationEntry, type Activation } from './activation.js';
import type { ActivateChecklistProblem } from './problem.js';
import type { AccessTrial } from './access-trial.port.js';
import { ACCESS_CHECKLIST, type ChecklistVersion } from './checklist.js';
import type { PolicyRead } from '../policy.read.js';
import type { ChecklistStore } from './checklist.store.js';

export interface ActivateChecklist {
  readonly orgId: string;
  readonly chkId: string;
  readonly version: number;
  /** Number of the checklist's latest activation, as the caller knows it; 0 when there was none. */
  readonly expectedActivation: number;
  /** Why, for the auditor. The installation gives none. */
  readonly reason: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

export interface Activated {
  readonly activation: Activation;
  readonly checklist: ChecklistVersion;
}

type Stores = { checklists: ChecklistStore; ledger: Ledger };

export const MAX_REASON = 2_000;

/**
 * Puts a published checklist version in force, at once and everywhere: what judges asks for it anew each time,
 * and holds it while it records. Going back is activating an earlier version.
 */
export class ActivationService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly read: Pick<PolicyRead, 'checklist'>,
    private readonly trial: AccessTrial,
    private readonly clock: Clock,
  ) {}

  async activate(
    command: ActivateChecklist,
    by: Actor | 'system',
  ): Promise<Result<Activated, ActivateChecklistProblem>> {
    const { orgId, chkId, version, expectedActivation, reason, context } = command;
    if (by !== 'system' && (reason.trim() === '' || reason.length > MAX_REASON))
      return failed({
        kind: 'InvalidInput',
        path: 'input.reason',
        expected: `1 to ${MAX_REASON} characters`,
      });
    if (by !== 'system' && chkId === ACCESS_CHECKLIST && (await this.losesAccess(command, by)))
      return failed({ kind: 'AccessWouldBeLost', chkId, version });
    const caller = by === 'system' ? by : by.principalId;
    const key = idempotencyKey(orgId, `checklist.activate ${caller}`, command.idempotencyKey);
    return this.tx<Activated, ActivateChecklistProblem>(async ({ checklists, ledger }) => {
      await checklists.lock(orgId, chkId);
      const versions = await checklists.versions(orgId, chkId);
      const checklist = versions.find(({ document }) => document.version === version);
      if (!checklist) return failed({ kind: 'ChecklistNotFound', chkId, version });
      const twin = await checklists.activatedUnder(orgId, key);
      if (twin) {
        const same = twin.chkId === chkId && twin.version === version;
        return same ? ok({ activation: twin, checklist }) : failed(KEY_TAKEN);
      }
      const { activation: actualActivation, version: activeVersion } = await checklists.standing(
        orgId,
        chkId,
      );
      if (actualActivation !== expectedActivation)
        return failed({
          kind: 'ActivationStale',
          chkId,
          expectedActivation,
          actualActivation,
          activeVersion,
          yours: version,
        });
      const [gone] = await checklists.retired(
        orgId,
        checklist.document.policies.map(({ digest }) => digest),
      );
      if (gone) return failed({ kind: 'PolicyNotPublished', ...gone, reasonCode: 'retired' });
      const activation: Activation = {
        chkId,
        number: actualActivation + 1,
        version,
        previousVersion: activeVersion,
        at: this.clock.now(),
        by: by === 'system' ? null : by.principalId,
      };
      await checklists.activate(orgId, activation, key);
      const step = { orgId, activation, checklist, actor: by, reason, context, key };
      const appended = await ledger.append(activationEntry(step));
      return appended.ok ? ok({ activation, checklist }) : appended;
    });
  }

  /** Asked before the transaction: a published version never changes. One that is not there is refused inside. */
  private async losesAccess({ orgId, chkId, version }: ActivateChecklist, by: Actor): Promise<boolean> {
    const checklist = await this.read.checklist(orgId, chkId, version);
    return checklist !== undefined && !(await this.trial.mayActivateUnder(by, checklist));
  }
}

const KEY_TAKEN: ActivateChecklistProblem = { kind: 'IdempotencyConflict', seq: null };
