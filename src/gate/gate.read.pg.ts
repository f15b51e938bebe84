import type { EntityManager } from 'typeorm';
import { countMatching } from '../kernel/count-matching.js';
import type { JsonObject } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import { isUuid } from '../kernel/id.js';
import { OneByOne, type LookUps } from '../kernel/look-ups.js';
import {
  numberAfter,
  pageOf,
  pageSize,
  type InvalidCursor,
  type Page,
  type PageRequest,
} from '../kernel/page.js';
import { ok, type Result } from '../kernel/result.js';
import {
  COLUMNS_OF_D,
  DECISION_COLUMNS,
  DECISION_ENTRIES,
  decisionFrom,
  REUSABLE,
  TOLD_DECISIONS,
  type DecisionRow,
} from './decision-row.read.pg.js';
import type { Decision } from './decision.js';
import { DEFAULT_TERMS, type GateTerms } from './gate-terms.js';
import type { DecisionFilter, DefinedGate, GateRead, GateVersionAsked } from './gate.read.js';
import { gateFrom, type Gate } from './gate.js';

export const GATE_COLUMNS = `
  org_id AS "orgId", gate_id AS "gateId", project_id AS "projectId", title, locus, chk_id AS "chkId",
  checklist_version AS "checklistVersion", owner_role AS "ownerRole", max_run_ms AS "maxRunMs", fallback, version,
  terms`;

export type GateRow = Omit<Gate, keyof GateTerms> & { readonly terms: Partial<GateTerms> };

export const gateOf = ({ terms, ...base }: GateRow): Gate => ({ ...base, ...DEFAULT_TERMS, ...terms });

/** Asked of the entries: they have an index by gate and one by artefact, each with the order. */
const MATCHES = `($2::text IS NULL OR f.gate_id = $2) AND ($3::text IS NULL OR f.artefact_digest = $3)
  AND ($4::text IS NULL OR f.result = $4)`;

export class PgGateRead implements GateRead {
  constructor(
    private readonly manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async gate(orgId: string, gateId: string): Promise<Gate | undefined> {
    const [row] = await this.lookUps.rows<GateRow>({
      sql: `SELECT ${GATE_COLUMNS} FROM assay.gate WHERE org_id = $1 AND gate_id = $2`,
      types: ['text'],
      parameters: [orgId, gateId],
    });
    return row && gateOf(row);
  }

  async gates(orgId: string): Promise<readonly Gate[]> {
    const rows = await this.manager.query<GateRow[]>(
      `SELECT ${GATE_COLUMNS} FROM assay.gate WHERE org_id = $1 ORDER BY gate_id`,
      [orgId],
    );
    return rows.map(gateOf);
  }

  async gateVersion(
    orgId: string,
    gateId: string,
    which: GateVersionAsked,
  ): Promise<DefinedGate | undefined> {
    const { version = null, at = Infinity } = which as { version?: number; at?: Instant };
    const [row] = await this.manager.query<{ definition: JsonObject; definedAt: Date }[]>(
      `SELECT definition, defined_at AS "definedAt" FROM assay.gate_version
        WHERE org_id = $1 AND gate_id = $2 AND ($3::integer IS NULL OR version = $3) AND defined_at <= $4
        ORDER BY version DESC LIMIT 1`,
      [orgId, gateId, version, at === Infinity ? 'infinity' : new Date(at)],
    );
    return row && { gate: gateFrom(orgId, row.definition), definedAt: row.definedAt.getTime() };
  }

  async decision(orgId: string, decisionId: string): Promise<Decision | undefined> {
    if (!isUuid(decisionId)) return undefined;
    const [row] = await this.lookUps.rows<DecisionRow>({
      sql: `SELECT ${DECISION_COLUMNS} FROM assay.decision WHERE org_id = $1 AND decision_id = $2`,
      types: ['uuid'],
      parameters: [orgId, decisionId],
    });
    return row && decisionFrom(row);
  }

  async reusable(orgId: string, inputsDigest: string, asOf: Instant): Promise<Decision | undefined> {
    const [row] = await this.lookUps.rows<DecisionRow>({
      sql: REUSABLE,
      types: ['text', 'timestamptz'],
      parameters: [orgId, inputsDigest, new Date(asOf)],
    });
    return row && decisionFrom(row);
  }

  async decisions(
    orgId: string,
    filter: DecisionFilter,
    page: PageRequest,
  ): Promise<Result<Page<Decision>, InvalidCursor>> {
    const before = numberAfter(page);
    if (!before.ok) return before;
    const first = pageSize(page);
    const matching = [orgId, filter.gateId ?? null, filter.artefactDigest ?? null, filter.verdict ?? null];
    const totalCount = await countMatching(this.manager, `${DECISION_ENTRIES} AND ${MATCHES}`, matching);
    const rows = await this.manager.query<(DecisionRow & { seq: string })[]>(
      `SELECT ${COLUMNS_OF_D}, f.seq FROM ${TOLD_DECISIONS} AND ${MATCHES} AND ($5::bigint IS NULL OR f.seq < $5)
        ORDER BY f.seq DESC LIMIT $6`,
      [...matching, before.value ?? null, first + 1],
    );
    const read = pageOf(rows, { first, totalCount }, ({ seq }) => seq);
    return ok({ ...read, items: read.items.map(({ seq: _, ...row }) => decisionFrom(row)) });
  }
}
