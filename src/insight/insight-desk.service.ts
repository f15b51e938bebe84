import type { Actor } from '../kernel/actor.js';
import type { InsightService } from './insight.service.js';
import type { KpiDimension, KpiFilter, Kpis } from './kpi.js';
import type { ProjectsBySlug } from './projects.port.js';

export interface KpiQuestion extends Omit<KpiFilter, 'projectId'> {
  /** Slug. */
  readonly project?: string;
}

/** What people look up of the key figures; changes nothing. */
export class InsightDesk {
  constructor(
    private readonly insight: InsightService,
    private readonly projects: ProjectsBySlug,
  ) {}

  /** Undefined when there is no such project. */
  async kpis(
    actor: Actor,
    { project, ...filter }: KpiQuestion,
    by?: KpiDimension,
  ): Promise<readonly Kpis[] | undefined> {
    if (project === undefined) return this.insight.kpis(actor, filter, by);
    const found = await this.projects.projectBySlug(actor.orgId, project);
    return found && this.insight.kpis(actor, { ...filter, projectId: found.projectId }, by);
  }
}
