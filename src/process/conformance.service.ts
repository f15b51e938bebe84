import type { Actor, ProcessContext } from '../kernel/actor.js';
import { canonicalJson, type JsonObject } from '../kernel/canonical-json.js';
import { idempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import {
  conformanceOf,
  type CaseFacts,
  type Conformance,
  type Deviation,
  type MadeArtefact,
} from './conformance.js';
import { FIX_TASKS } from './fix-task.js';
import type { FixTaskRecord, FixTaskService } from './fix-task.service.js';
import type { GateResults } from './gate-results.port.js';
import type { ProcessProblem } from './problem.js';
import type { ProcessPolicy } from './process-policy.port.js';
import type { ProcessRead } from './process.read.js';
import { ROLE_CHANGES } from './process-role.js';
import type { RouteService } from './route.service.js';
import { STEPS } from './step.js';
import { TEMPLATES } from './template.js';
import type { Route, WorkItem } from './work-item.js';

export interface CaseConformance extends Conformance {
  readonly item: WorkItem;
  readonly templateId: string;
  readonly templateVersion: number;
  readonly route: Route;
}

export interface Remediate {
  readonly caseId: string;
  readonly context: ProcessContext;
}

/** Trees are three levels deep, and fixes of fixes are bounded by who opens them. */
const MAX_DEPTH = 20;

/** Whether a case went by its template, and what is to be done where it did not. */
export class ConformanceService {
  constructor(
    private readonly read: ProcessRead,
    private readonly results: GateResults,
    private readonly routes: RouteService,
    private readonly policy: ProcessPolicy,
    private readonly fixes: FixTaskService,
  ) {}

  /** A case without a template has nothing to conform to. */
  async of(orgId: string, caseId: string): Promise<Result<CaseConformance, ProcessProblem>> {
    const item = await this.read.item(orgId, caseId);
    if (!item) return failed({ kind: 'CaseNotFound', caseId });
    const { templateId, templateVersion } = item;
    if (templateId === null || templateVersion === null)
      return failed({ kind: 'CaseWithoutTemplate', caseId });
    const [template] = await this.read.find(TEMPLATES, { orgId, templateId, version: templateVersion });
    if (!template) return failed({ kind: 'TemplateNotFound', templateId, version: templateVersion });
    const facts = await this.factsOf(item, template.activities);
    return ok({ item, templateId, templateVersion, route: facts.route, ...conformanceOf(facts) });
  }

  /** Opens a fix for every deviation that has no open one. Which remedy is due, the policy says. */
  async remediate(
    { caseId, context }: Remediate,
    by: Actor,
  ): Promise<Result<readonly FixTaskRecord[], ProcessProblem>> {
    const judged = await this.of(by.orgId, caseId);
    if (!judged.ok) return judged;
    const { item, route, activities, deviations } = judged.value;
    const all = [
      ...deviations.map((deviation) => ({ actId: null, deviation })),
      ...activities.flatMap(({ actId, deviations: own }) => own.map((deviation) => ({ actId, deviation }))),
    ];
    const opened: FixTaskRecord[] = [];
    for (const { actId, deviation } of all) {
      const { code, params } = deviation;
      const question = { code, params, kind: item.kind, route, closed: item.status === 'done' };
      const answer = await this.policy.remediation(by.orgId, question);
      if (!answer) return failed({ kind: 'ProcessPolicyMissing', reasonCode: 'process-policy-failed' });
      const fix = await this.fixes.open(
        {
          ...{ orgId: by.orgId, projectId: item.projectId, caseId, context },
          ...{ reasonCode: code, remediation: answer.remediation },
          ...(actId !== null && { actId }),
          ...linksOf(deviation),
          key: await this.keyOf(item, actId, deviation),
        },
        by,
      );
      if (!fix.ok) return fix;
      opened.push(fix.value);
    }
    return ok(opened);
  }

  /** One key while its fix is open, so that asking twice opens one; another once that is closed. */
  private async keyOf(
    { orgId, caseId }: WorkItem,
    actId: string | null,
    deviation: Deviation,
  ): Promise<Buffer> {
    for (let times = 0; ; times += 1) {
      const { code, params } = deviation;
      const key = idempotencyKey(orgId, `remediate ${caseId}`, canonicalJson([actId, code, params, times]));
      const known = await this.read.under(FIX_TASKS, orgId, key);
      const item = known && (await this.read.item(orgId, known.fixId));
      if (!item || item.status === 'active') return key;
    }
  }

  private async factsOf(item: WorkItem, activities: CaseFacts['activities']): Promise<CaseFacts> {
    const { orgId, caseId, projectId } = item;
    const steps = await this.read.find(STEPS, { orgId, caseId }, { by: 'ordinal' });
    const inherited = await this.inheritedBy(item);
    const made = [...inherited, ...steps.flatMap(({ artefacts }) => artefacts)];
    const { route, fits } = await this.routes.standing(item);
    return {
      ...{ activities, steps, inherited, route, routeStanding: fits, closed: item.status === 'done' },
      results: await this.results.about(orgId, made),
      roles: await this.read.find(ROLE_CHANGES, { orgId, projectId }),
    };
  }

  private async inheritedBy(item: WorkItem): Promise<readonly MadeArtefact[]> {
    const { orgId } = item;
    const made: MadeArtefact[] = [];
    let above = item.parentId;
    for (let depth = 0; above !== null && depth < MAX_DEPTH; depth += 1) {
      const steps = await this.read.find(STEPS, { orgId, caseId: above }, { by: 'ordinal' });
      made.push(...steps.flatMap(({ artefacts, at }) => artefacts.map((each) => ({ ...each, at }))));
      above = (await this.read.item(orgId, above))?.parentId ?? null;
    }
    return made.sort((a, b) => a.at - b.at);
  }
}

const text = (params: JsonObject, name: string): string | undefined => {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
};

function linksOf({ params }: Deviation): { gateId?: string; artId?: string } {
  const gateId = text(params, 'gateId');
  const artId = text(params, 'artId');
  return { ...(gateId !== undefined && { gateId }), ...(artId !== undefined && { artId }) };
}
