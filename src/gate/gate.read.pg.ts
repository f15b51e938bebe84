import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import { Gathering, sharedLookUp } from '../kernel/gathering.js';
import { isUuid } from '../kernel/id.js';
import { MAX_PAGE_SIZE, type Page, type PageRequest } from '../kernel/page.js';
import { DECISION_COLUMNS, decisionFrom, REUSABLE_OF, type DecisionRow } from './decision-row.read.pg.js';
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

const MATCHES = `org_id = $1 AND ($2::text IS NULL OR gate_id = $2) AND ($3::text IS NULL OR artefact_digest = $3)
  AND ($4::text IS NULL OR verdict = $4)`;

/** What is asked for each evaluation is asked for all that run at the same moment in one statement. */
export class PgGateRead implements GateRead {
  private readonly gateNamed = sharedLookUp(
    ({ orgId, gateId }: { orgId: string; gateId: string }) => `${orgId} ${gateId}`,
    async ({ orgId, gateId }) => {
      const [row] = await this.manager.query<GateRow[]>(
        `SELECT ${GATE_COLUMNS} FROM assay.gate WHERE org_id = $1 AND gate_id = $2`,
        [orgId, gateId],
      );
      return row && gateOf(row);
    },
  );
  private readonly decisionsNamed = new Gathering((keys: readonly DecisionKey[]) => this.decisionsOf(keys));
  private readonly reusables = new Gathering((keys: readonly ReusableKey[]) => this.reusablesOf(keys));

  constructor(private readonly manager: EntityManager) {}

  gate(orgId: string, gateId: string): Promise<Gate | undefined> {
    return this.gateNamed({ orgId, gateId });
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
    return isUuid(decisionId) ? this.decisionsNamed.ask({ orgId, decisionId }) : undefined;
  }

  reusable(orgId: string, inputsDigest: string, asOf: Instant): Promise<Decision | undefined> {
    return this.reusables.ask({ orgId, inputsDigest, asOf });
  }

  private async decisionsOf(keys: readonly DecisionKey[]): Promise<readonly (Decision | undefined)[]> {
    const rows = await this.manager.query<DecisionRow[]>(
      `SELECT ${DECISION_COLUMNS} FROM assay.decision
        WHERE (org_id, decision_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`,
      [keys.map(({ orgId }) => orgId), keys.map(({ decisionId }) => decisionId)],
    );
    return keys.map(({ orgId, decisionId }) => {
      const row = rows.find((each) => each.decisionId === decisionId.toLowerCase() && each.orgId === orgId);
      return row && decisionFrom(row);
    });
  }

  private async reusablesOf(keys: readonly ReusableKey[]): Promise<readonly (Decision | undefined)[]> {
    const rows = await this.manager.query<(DecisionRow & { place: string })[]>(REUSABLE_OF, [
      keys.map(({ orgId }) => orgId),
      keys.map(({ inputsDigest }) => inputsDigest),
      keys.map(({ asOf }) => new Date(asOf)),
    ]);
    const found = new Map(rows.map(({ place, ...row }) => [Number(place) - 1, decisionFrom(row)]));
    return keys.map((_, place) => found.get(place));
  }

  async decisions(orgId: string, filter: DecisionFilter, page: PageRequest): Promise<Page<Decision>> {
    const first = Math.min(Math.max(page.first, 0), MAX_PAGE_SIZE);
    const matching = [orgId, filter.gateId ?? null, filter.artefactDigest ?? null, filter.verdict ?? null];
    const after = page.after === undefined ? undefined : decodeCursor(page.after);
    const [count] = await this.manager.query<{ count: string }[]>(
      `SELECT count(*) FROM assay.decision WHERE ${MATCHES}`,
      matching,
    );
    const rows = await this.manager.query<DecisionRow[]>(
      `SELECT ${DECISION_COLUMNS} FROM assay.decision
        WHERE ${MATCHES} AND ($5::timestamptz IS NULL OR (decided_at, decision_id) < ($5, $6::uuid))
        ORDER BY decided_at DESC, decision_id DESC LIMIT $7`,
      [...matching, after?.at ?? null, after?.decisionId ?? null, first + 1],
    );
    const items = rows.slice(0, first).map(decisionFrom);
    const last = items.at(-1);
    return {
      items,
      totalCount: Number(count?.count ?? 0),
      endCursor: last ? encodeCursor(last) : null,
      hasNextPage: rows.length > first,
    };
  }
}

interface DecisionKey {
  readonly orgId: string;
  readonly decisionId: string;
}

interface ReusableKey {
  readonly orgId: string;
  readonly inputsDigest: string;
  readonly asOf: Instant;
}

const encodeCursor = ({ decidedAt, decisionId }: Decision): string =>
  Buffer.from(`${decidedAt} ${decisionId}`).toString('base64url');

function decodeCursor(cursor: string): { at: Date; decisionId: string } | undefined {
  const match = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return match?.[1] && match[2] ? { at: new Date(Number(match[1])), decisionId: match[2] } : undefined;
}
