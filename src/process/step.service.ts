import type { ArtefactRead } from '../evidence/artefact.read.js';
import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey, parseHumanId } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Ledger } from '../ledger/ledger.js';
import { invalid } from './invalid-input.js';
import { CONFLICT, type ProcessProblem } from './problem.js';
import { processEntry, subjectOf } from './process-entry.js';
import { saysTheSame } from './record-table.js';
import type { RecordStore } from './record.store.js';
import { standing } from './standing.js';
import { STEPS, type Step, type StepArtefact } from './step.js';
import { ARTEFACT_KIND } from './template.js';
import { WORK_ITEMS } from './work-item.js';

export interface RecordStep {
  readonly caseId: string;
  readonly actId: string;
  readonly event: Step['event'];
  readonly artefacts: readonly StepArtefact[];
  /** Its role is the process role that acted, its agent the one that did; its case and activity do not count. */
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

type Stores = { readonly records: RecordStore; readonly ledger: Ledger };

const MAX_ARTEFACTS = 20;

/** What was done on a case, as it was done: right or wrong is for conformance to say. */
export class StepService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly artefacts: Pick<ArtefactRead, 'versions'>,
    private readonly clock: Clock,
  ) {}

  async record(command: RecordStep, by: Actor): Promise<Result<Step, ProcessProblem>> {
    const { orgId, principalId } = by;
    const { caseId, actId, event, artefacts, context } = command;
    const problem = faultOf(command) ?? (await this.unregistered(orgId, artefacts));
    if (problem) return failed(problem);
    const key = idempotencyKey(orgId, `step.record ${principalId}`, command.idempotencyKey);
    return this.tx<Step, ProcessProblem>(async ({ records, ledger }) => {
      await records.lock(orgId, `steps ${caseId}`);
      const item = await standing(records, WORK_ITEMS, { orgId, caseId });
      if (!item) return failed({ kind: 'CaseNotFound', caseId });
      const [last] = await records.find(
        STEPS,
        { orgId, caseId },
        { by: 'ordinal', descending: true, limit: 1 },
      );
      const at = this.clock.now();
      const step: Step = {
        ...{ orgId, caseId, ordinal: (last?.ordinal ?? 0) + 1, actId, event, artefacts, at },
        ...{ role: context.role ?? null, agent: context.actingAgent ?? null, actorId: principalId },
      };
      const twin = await records.under(STEPS, orgId, key);
      if (twin) return saysTheSame(twin, step, ['at', 'ordinal']) ? ok(twin) : failed(CONFLICT);
      if (item.status === 'done' || item.status === 'cancelled')
        return failed({ kind: 'CaseClosed', caseId, status: item.status });
      await records.add(STEPS, step, key);
      const [artefact] = artefacts;
      const appended = await ledger.append(
        processEntry({
          ...{ kind: 'step.recorded', orgId, actor: by, context, at, key },
          subjects: [
            subjectOf(STEPS, step),
            ...artefacts.map(({ artId, digest }) => ({ name: artId, digest })),
          ],
          facts: {
            ...{ projectId: item.projectId, caseId, actId, result: event.toUpperCase(), stateAfter: event },
            ...(artefact && { artId: artefact.artId, artefactDigest: artefact.digest }),
          },
          details: {
            ordinal: step.ordinal,
            artefacts: artefacts.map((each) => ({ ...each })),
            ...(item.templateId !== null && {
              template: `${item.templateId}@${String(item.templateVersion)}`,
            }),
          },
        }),
      );
      return appended.ok ? ok(step) : appended;
    });
  }

  private async unregistered(
    orgId: string,
    artefacts: readonly StepArtefact[],
  ): Promise<ProcessProblem | undefined> {
    for (const { artId, digest } of artefacts)
      if ((await this.artefacts.versions(orgId, digest, artId)).length === 0)
        return { kind: 'ArtefactNotFound', artId, digest };
    return undefined;
  }
}

function faultOf({ actId, event, artefacts }: RecordStep): ProcessProblem | undefined {
  const act = parseHumanId('ACT', actId);
  if (!act.ok) return invalid('input.actId', act.problem.expected);
  if (event === 'started' && artefacts.length > 0)
    return invalid('input.artefacts', 'none: what an activity makes is there when it is finished');
  if (artefacts.length > MAX_ARTEFACTS)
    return invalid('input.artefacts', `at most ${String(MAX_ARTEFACTS)} artefacts`);
  const bad = artefacts.findIndex(({ kind }) => kind !== null && !ARTEFACT_KIND.test(kind));
  return bad < 0
    ? undefined
    : invalid(`input.artefacts.${String(bad)}.kind`, 'a kind of artefact such as PRD');
}
