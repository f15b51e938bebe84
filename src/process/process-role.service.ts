import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey, isUuid } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ProcessDirectory } from './directory.port.js';
import { invalid } from './invalid-input.js';
import { CONFLICT, type ProcessProblem } from './problem.js';
import { principalOf, processEntry, subjectOf } from './process-entry.js';
import { ROLE_CHANGES, type RoleChange } from './process-role.js';
import type { RecordStore } from './record.store.js';
import { standing } from './standing.js';
import { PROCESS_ROLE } from './template.js';

export interface ChangeRole {
  readonly orgId: string;
  /** Slug. */
  readonly project: string;
  readonly role: string;
  readonly holderId: string;
  readonly assigned: boolean;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Stores = { readonly records: RecordStore; readonly ledger: Ledger };

/** Who acts in which capacity on a project. It permits nothing: conformance asks it, and escalations. */
export class ProcessRoleService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly directory: ProcessDirectory,
    private readonly clock: Clock,
  ) {}

  /** Asked for what stands already it answers that, and records nothing. */
  async change(command: ChangeRole, by: Actor | 'system'): Promise<Result<RoleChange, ProcessProblem>> {
    const { orgId, role, holderId, assigned, context } = command;
    if (!PROCESS_ROLE.test(role)) return failed(invalid('input.role', 'a process role such as QA'));
    if (!isUuid(holderId)) return failed(invalid('input.principalId', 'the id of a principal'));
    const projectId = await this.directory.projectId(orgId, command.project);
    if (projectId === undefined) return failed({ kind: 'ProjectNotFound', project: command.project });
    if (!(await this.directory.isPrincipal(orgId, holderId)))
      return failed({ kind: 'PrincipalNotFound', principalId: holderId });
    const caller = by === 'system' ? by : by.principalId;
    const key = idempotencyKey(orgId, `process-role.change ${caller}`, command.idempotencyKey);
    return this.tx<RoleChange, ProcessProblem>(async ({ records, ledger }) => {
      const who = { orgId, projectId, role, holderId };
      await records.lock(orgId, `role ${projectId} ${role} ${holderId}`);
      const twin = await records.under(ROLE_CHANGES, orgId, key);
      if (twin)
        return twin.holderId === holderId && twin.role === role && twin.assigned === assigned
          ? ok(twin)
          : failed(CONFLICT);
      const before = await standing(records, ROLE_CHANGES, who);
      if (before ? before.assigned === assigned : !assigned)
        return before ? ok(before) : failed(invalid('input.role', 'a role that the principal holds'));
      const at = this.clock.now();
      const change: RoleChange = {
        ...{ ...who, version: (before?.version ?? 0) + 1, assigned },
        ...{ changedBy: principalOf(by), changedAt: at },
      };
      await records.add(ROLE_CHANGES, change, key);
      const appended = await ledger.append(
        processEntry({
          kind: assigned ? 'process-role.assigned' : 'process-role.withdrawn',
          ...{ orgId, actor: by, context, at, key },
          subjects: [subjectOf(ROLE_CHANGES, change)],
          facts: { projectId },
          details: { processRole: role, version: change.version },
          persons: { holder: holderId },
        }),
      );
      return appended.ok ? ok(change) : appended;
    });
  }
}
