import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Ledger } from '../ledger/ledger.js';
import { CRITERIA, type Criterion } from './criterion.js';
import { invalid } from './invalid-input.js';
import { CONFLICT, type ProcessProblem } from './problem.js';
import { processEntry, subjectOf } from './process-entry.js';
import { saysTheSame } from './record-table.js';
import type { RecordStore } from './record.store.js';
import { standing } from './standing.js';
import { WORK_ITEMS } from './work-item.js';

/** An acceptance criterion as it shall be, whole. */
export interface StateCriterion {
  readonly caseId: string;
  readonly criterionId: string;
  /** 0 for a new one. */
  readonly expectedVersion: number;
  /** What must hold. Kept encrypted. */
  readonly text: string;
  readonly testIds: readonly string[];
  readonly withdrawn: boolean;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Stores = { readonly records: RecordStore; readonly ledger: Ledger };

const CRITERION_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** As a test runner prints it: printable ASCII. */
const TEST_ID = /^[\x21-\x7e](?:[\x20-\x7e]{0,298}[\x21-\x7e])?$/;
const MAX_TESTS = 200;
const MAX_TEXT = 2_000;

/** Acceptance criteria and the tests that show them. Whether a test passed is for evidence to say. */
export class CriterionService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly clock: Clock,
  ) {}

  async state(command: StateCriterion, by: Actor): Promise<Result<Criterion, ProcessProblem>> {
    const fault = faultOf(command);
    if (fault) return failed(fault);
    const { orgId } = by;
    const { caseId, criterionId, expectedVersion, withdrawn, context } = command;
    const key = idempotencyKey(orgId, `criterion.state ${by.principalId}`, command.idempotencyKey);
    return this.tx<Criterion, ProcessProblem>(async ({ records, ledger }) => {
      await records.lock(orgId, `criterion ${caseId} ${criterionId}`);
      const item = await standing(records, WORK_ITEMS, { orgId, caseId });
      if (!item) return failed({ kind: 'CaseNotFound', caseId });
      const at = this.clock.now();
      const yours: Criterion = {
        ...{ orgId, caseId, criterionId, version: expectedVersion + 1, withdrawn },
        testIds: [...new Set(command.testIds)].sort(),
        ...{ changedBy: by.principalId, changedAt: at },
      };
      const twin = await records.under(CRITERIA, orgId, key);
      if (twin) return saysTheSame(twin, yours, ['changedAt']) ? ok(twin) : failed(CONFLICT);
      const theirs = (await standing(records, CRITERIA, { orgId, caseId, criterionId })) ?? null;
      if ((theirs?.version ?? 0) !== expectedVersion)
        return failed({ kind: 'CriterionStale', caseId, criterionId, expectedVersion, theirs, yours });
      await records.add(CRITERIA, yours, key);
      const appended = await ledger.append(
        processEntry({
          ...{ kind: 'criterion.stated', orgId, actor: by, context, at, key },
          subjects: [subjectOf(CRITERIA, yours)],
          facts: {
            ...{ projectId: item.projectId, caseId, stateAfter: withdrawn ? 'withdrawn' : 'stated' },
            ...(theirs && { stateBefore: theirs.withdrawn ? 'withdrawn' : 'stated' }),
          },
          details: { criterionId, version: yours.version, testIds: yours.testIds, withdrawn },
          prose: { text: command.text },
        }),
      );
      return appended.ok ? ok(yours) : appended;
    });
  }
}

function faultOf({ criterionId, text, testIds }: StateCriterion): ProcessProblem | undefined {
  if (!CRITERION_ID.test(criterionId))
    return invalid('input.criterionId', 'an id of 1 to 64 letters, digits and . _ -');
  if (text.trim() === '' || text.length > MAX_TEXT)
    return invalid('input.text', `1 to ${String(MAX_TEXT)} characters`);
  if (testIds.length > MAX_TESTS) return invalid('input.testIds', `at most ${String(MAX_TESTS)} tests`);
  const bad = testIds.findIndex((testId) => !TEST_ID.test(testId));
  return bad < 0 ? undefined : invalid(`input.testIds.${String(bad)}`, '1 to 300 printable ASCII characters');
}
