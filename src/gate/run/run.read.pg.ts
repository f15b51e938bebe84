import type { EntityManager } from 'typeorm';
import { countMatching } from '../../kernel/count-matching.js';
import type { Instant } from '../../kernel/clock.js';
import { isUuid } from '../../kernel/id.js';
import { OneByOne, type LookUps } from '../../kernel/look-ups.js';
import {
  MAX_PAGE_SIZE,
  momentAfter,
  momentCursor,
  pageOf,
  pageSize,
  type InvalidCursor,
  type Page,
  type PageRequest,
} from '../../kernel/page.js';
import { ok, type Result } from '../../kernel/result.js';
import { PgGateStatusRead } from './gate-status.read.pg.js';
import type { GateStatus, GateStatusRead, StatusKey } from './gate-status.js';
import {
  RUN_COLUMNS,
  runFrom,
  STEP_COLUMNS,
  stepFrom,
  type RunRow,
  type StepRow,
} from './run-row.read.pg.js';
import type { GateRunRead, RunFilter, RunName } from './run.read.js';
import type { GateRun, RunStep } from './run.js';

const MATCHES = `org_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR gate_id = $3)
  AND ($4::text IS NULL OR owner_role = $4)`;
const NAME = `org_id AS "orgId", run_id AS "runId"`;

export class PgGateRunRead implements GateRunRead, GateStatusRead {
  constructor(
    private readonly manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async run(orgId: string, runId: string): Promise<GateRun | undefined> {
    if (!isUuid(runId)) return undefined;
    const [row] = await this.manager.query<RunRow[]>(
      `SELECT ${RUN_COLUMNS} FROM assay.gate_run WHERE org_id = $1 AND run_id = $2`,
      [orgId, runId],
    );
    return row && runFrom(row);
  }

  async runs(
    orgId: string,
    filter: RunFilter,
    page: PageRequest,
  ): Promise<Result<Page<GateRun>, InvalidCursor>> {
    const from = momentAfter(page);
    if (!from.ok) return from;
    const after = from.value;
    const first = pageSize(page);
    const matching = [orgId, filter.state ?? null, filter.gateId ?? null, filter.ownerRole ?? null];
    const totalCount = await countMatching(this.manager, `assay.gate_run WHERE ${MATCHES}`, matching);
    const rows = await this.manager.query<RunRow[]>(
      `SELECT ${RUN_COLUMNS} FROM assay.gate_run
        WHERE ${MATCHES} AND ($5::timestamptz IS NULL OR (started_at, run_id) < ($5, $6::uuid))
        ORDER BY started_at DESC, run_id DESC LIMIT $7`,
      [...matching, after ? new Date(after.at) : null, after?.id ?? null, first + 1],
    );
    return ok(
      pageOf(rows.map(runFrom), { first, totalCount }, ({ startedAt, runId }) =>
        momentCursor({ at: startedAt, id: runId }),
      ),
    );
  }

  status(orgId: string, key: StatusKey): Promise<GateStatus | undefined> {
    return new PgGateStatusRead(this.manager).status(orgId, key);
  }

  async leadingTo(orgId: string, decisionId: string): Promise<readonly GateRun[]> {
    const rows = await this.lookUps.rows<RunRow>({
      sql: `SELECT ${RUN_COLUMNS} FROM assay.gate_run WHERE org_id = $1 AND (decision_id = $2 OR run_id IN (
         SELECT s.run_id FROM assay.gate_run_step s WHERE s.decision_id = $2))
        ORDER BY started_at DESC, run_id DESC LIMIT $3`,
      types: ['uuid', 'same'],
      parameters: [orgId, decisionId, MAX_PAGE_SIZE],
    });
    return rows.map(runFrom);
  }

  async steps(orgId: string, runId: string): Promise<readonly RunStep[]> {
    const rows = await this.lookUps.rows<StepRow>({
      sql: `SELECT ${STEP_COLUMNS} FROM assay.gate_run_step WHERE org_id = $1 AND run_id = $2 ORDER BY ordinal`,
      types: ['uuid'],
      parameters: [orgId, runId],
    });
    return rows.map(stepFrom);
  }

  due(now: Instant, limit: number): Promise<readonly (RunName & { attempt: number })[]> {
    return this.manager.query(
      `SELECT ${NAME}, attempt FROM assay.gate_run WHERE state = 'queued' AND next_attempt_at <= $1
        ORDER BY next_attempt_at LIMIT $2`,
      [new Date(now), limit],
    );
  }

  dead(now: Instant, limit: number): Promise<readonly (RunName & { attempt: number })[]> {
    return this.manager.query(
      `SELECT ${NAME}, attempt FROM assay.gate_run WHERE state = 'running' AND deadline_at < $1
        ORDER BY deadline_at LIMIT $2`,
      [new Date(now), limit],
    );
  }

  late(now: Instant, limit: number): Promise<readonly RunName[]> {
    return this.manager.query(
      `SELECT ${NAME} FROM assay.gate_run
        WHERE next_escalation_at <= $1 AND state IN ('queued', 'running', 'paused')
        ORDER BY next_escalation_at LIMIT $2`,
      [new Date(now), limit],
    );
  }
}
