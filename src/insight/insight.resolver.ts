import { Args, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  KpiDurations,
  KpiShare,
  KpiState,
  Kpis as SdlKpis,
  KpiDimension as SdlDimension,
} from '../api/generated.js';
import { badRequest } from '../api/present.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import type { Durations, Kpis, Share } from './kpi.js';
import { InsightDesk } from './insight-desk.service.js';

interface KpiArgs {
  readonly project?: string | null;
  readonly gateId?: string | null;
  readonly from?: number | null;
  readonly to?: number | null;
  readonly by?: SdlDimension | null;
}

@Resolver()
export class InsightResolver {
  constructor(private readonly desk: InsightDesk) {}

  @Query()
  @Requires('decision.read', { project: 'project' })
  async kpis(@Args() args: KpiArgs, @Caller() actor: Actor): Promise<SdlKpis[]> {
    const { project, gateId, from, to, by } = args;
    const rows = await this.desk.kpis(
      actor,
      {
        ...(project == null ? {} : { project }),
        ...(gateId == null ? {} : { gateId }),
        ...(from == null ? {} : { from }),
        ...(to == null ? {} : { to }),
      },
      by ?? undefined,
    );
    if (!rows) throw badRequest(`project: there is none of this name: ${project ?? ''}`);
    return rows.map(showKpis);
  }
}

const showKpis = (row: Kpis): SdlKpis => ({
  key: row.key,
  firstPassRate: showShare(row.firstPass),
  reworkCount: {
    ...stateOf(row.rework.of),
    value: row.rework.of === 0 ? null : row.rework.count,
    of: row.rework.of,
  },
  fixTasks: row.fixTasks,
  criteriaTestCoverage: showShare(row.criteriaTested),
  cycleTime: showDurations(row.cycleTimeMs),
  waiverAge: showDurations(row.waiverAgeMs),
  waiverUsage: showShare(row.waiversUsed),
});

const stateOf = (of: number): { state: KpiState } => ({ state: of === 0 ? 'NOT_MEASURED' : 'MEASURED' });
const showShare = ({ value, of }: Share): KpiShare => ({ ...stateOf(of), value, of });
const showDurations = ({ median, p90, of }: Durations): KpiDurations => ({ ...stateOf(of), median, p90, of });
