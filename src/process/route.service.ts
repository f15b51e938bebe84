import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey, type IdempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { Ledger } from '../ledger/ledger.js';
import { CONFLICT, type ProcessProblem } from './problem.js';
import { principalOf, processEntry, subjectOf } from './process-entry.js';
import type { ProcessPolicy, RouteAnswer, RouteQuestion } from './process-policy.port.js';
import type { ProcessRead } from './process.read.js';
import type { RecordStore } from './record.store.js';
import { CASE_ROUTES, outgrows, type RouteRecord } from './route.js';
import { standing } from './standing.js';
import type { Route, WorkItem } from './work-item.js';

export interface ChooseRoute {
  readonly caseId: string;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

interface Cause {
  readonly by: Actor;
  readonly context: ProcessContext;
  readonly key: IdempotencyKey;
}

export interface RouteStanding {
  /** `standard` until another was chosen. */
  readonly route: Route;
  readonly latest: RouteRecord | null;
  readonly fits: 'fits' | 'outgrown' | 'unknown';
}

type Stores = { readonly records: RecordStore; readonly ledger: Ledger };

/** Fast paths: which route a case may take is for the policy to say, and is said again when the case grows. */
export class RouteService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly read: ProcessRead,
    private readonly policy: ProcessPolicy,
    private readonly clock: Clock,
  ) {}

  /** Gives the case the route that the policy says, now. Whoever asks does not say which. */
  async choose(command: ChooseRoute, by: Actor): Promise<Result<RouteRecord, ProcessProblem>> {
    const { caseId, context } = command;
    const item = await this.read.item(by.orgId, caseId);
    if (!item) return failed({ kind: 'CaseNotFound', caseId });
    const question = await this.questionOf(item);
    const answer = await this.policy.route(by.orgId, question);
    if (!answer) return failed({ kind: 'ProcessPolicyMissing', reasonCode: 'process-policy-failed' });
    const key = idempotencyKey(by.orgId, `route.choose ${by.principalId}`, command.idempotencyKey);
    return this.record(item, { event: 'chosen', question, answer }, { by, context, key });
  }

  /** After an edit: every route that was chosen for the case, its feature and the stories beside it is looked at again. */
  async review(item: WorkItem, before: WorkItem | undefined, cause: Cause): Promise<void> {
    for (const affected of await this.affectedBy(item, before)) {
      const { route, latest } = await this.chosen(affected);
      if (!latest) continue;
      const question = await this.questionOf(affected);
      const answer = await this.policy.route(affected.orgId, question);
      if (!answer) continue; // nothing to record; conformance says that it is unknown
      const event = outgrows(route, answer.route) ? 'outgrown' : 'regained';
      const known = latest.event === 'outgrown' ? 'outgrown' : 'regained';
      if (event === known) continue;
      const key = idempotencyKey(
        affected.orgId,
        `route.review ${affected.caseId}`,
        cause.key.toString('hex'),
      );
      await this.record(affected, { event, question, answer }, { ...cause, key });
    }
  }

  /** Where a case stands now, by the policy in force. */
  async standing(item: WorkItem): Promise<RouteStanding> {
    const { route, latest } = await this.chosen(item);
    if (route === 'standard') return { route, latest, fits: 'fits' };
    const answer = await this.policy.route(item.orgId, await this.questionOf(item));
    if (!answer) return { route, latest, fits: 'unknown' };
    return { route, latest, fits: outgrows(route, answer.route) ? 'outgrown' : 'fits' };
  }

  private async chosen({ orgId, caseId }: WorkItem): Promise<{ route: Route; latest: RouteRecord | null }> {
    const all = await this.read.find(CASE_ROUTES, { orgId, caseId }, { by: 'version' });
    return {
      route: all.findLast(({ event }) => event === 'chosen')?.route ?? 'standard',
      latest: all.at(-1) ?? null,
    };
  }

  private async questionOf(item: WorkItem): Promise<RouteQuestion> {
    const { orgId, kind, caseId, parentId, estimatedMinutes } = item;
    const feature = kind === 'feature' ? caseId : kind === 'story' ? parentId : null;
    const children = feature === null ? [] : await this.read.children(orgId, feature);
    const stories = children.filter((child) => child.kind === 'story' && child.status !== 'cancelled');
    return {
      kind,
      hours: hours(estimatedMinutes),
      stories: stories.map((story) => ({ hours: hours(story.estimatedMinutes) })),
    };
  }

  private async affectedBy(item: WorkItem, before: WorkItem | undefined): Promise<readonly WorkItem[]> {
    const { orgId, caseId } = item;
    if (item.kind !== 'story') return [item];
    const features = new Set([item.parentId, before?.parentId ?? null]);
    const affected = [item];
    for (const feature of features) {
      if (feature === null) continue;
      const above = await this.read.item(orgId, feature);
      const beside = (await this.read.children(orgId, feature)).filter((child) => child.kind === 'story');
      affected.push(...(above ? [above] : []), ...beside.filter((child) => child.caseId !== caseId));
    }
    return affected;
  }

  private record(
    item: WorkItem,
    said: { event: RouteRecord['event']; question: RouteQuestion; answer: RouteAnswer },
    { by, context, key }: Cause,
  ): Promise<Result<RouteRecord, ProcessProblem>> {
    const { orgId, caseId, projectId, estimatedMinutes } = item;
    const { event, question, answer } = said;
    return this.tx<RouteRecord, ProcessProblem>(async ({ records, ledger }) => {
      await records.lock(orgId, `route ${caseId}`);
      const twin = await records.under(CASE_ROUTES, orgId, key);
      if (twin) return twin.caseId === caseId ? ok(twin) : failed(CONFLICT);
      const before = await standing(records, CASE_ROUTES, { orgId, caseId });
      const at = this.clock.now();
      const record: RouteRecord = {
        ...{ orgId, caseId, version: (before?.version ?? 0) + 1, event, route: answer.route },
        ...{ reasonCode: answer.reasonCode, estimatedMinutes, stories: question.stories.length },
        ...{ policyDigest: answer.policyDigest, recordedBy: principalOf(by), recordedAt: at },
      };
      await records.add(CASE_ROUTES, record, key);
      const appended = await ledger.append(
        processEntry({
          kind: event === 'chosen' ? 'route.chosen' : 'route.reviewed',
          ...{ orgId, actor: by, context, at, key },
          subjects: [subjectOf(CASE_ROUTES, record)],
          facts: {
            ...{ projectId, caseId, policyDigests: [answer.policyDigest], result: event.toUpperCase() },
            ...(before && { stateBefore: before.route }),
            stateAfter: answer.route,
          },
          details: {
            ...{ version: record.version, reasonCode: answer.reasonCode, params: answer.params },
            question: { kind: question.kind, hours: question.hours, stories: question.stories.length },
          },
        }),
      );
      return appended.ok ? ok(record) : appended;
    });
  }
}

const hours = (minutes: number | null): number | null => (minutes === null ? null : minutes / 60);
