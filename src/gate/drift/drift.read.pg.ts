import type { EntityManager } from 'typeorm';
import { countMatching } from '../../kernel/count-matching.js';
import type { Instant } from '../../kernel/clock.js';
import { OneByOne, type LookUps } from '../../kernel/look-ups.js';
import { pageOf, pageSize, type InvalidCursor, type Page, type PageRequest } from '../../kernel/page.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { DriftRead, FoundCause, RejudgeProgress, StandingFilter } from './drift.read.js';
import { PgDriftStore } from './drift.store.pg.js';
import { STANDING_COLUMNS, standingFrom, type StandingRow } from './standing-row.read.pg.js';
import type { CauseKind, StandingDecision, StandingKey } from './standing.js';

/** Null in `$n` means: not asked for. */
const MATCHES = `d.org_id = $1 AND ($2::text IS NULL OR d.gate_id = $2) AND ($3::uuid IS NULL OR d.project_id = $3)
  AND ($4::boolean IS NULL OR (d.stale_seq IS NOT NULL) = $4)`;

export class PgDriftRead implements DriftRead {
  constructor(
    private readonly manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  standing(key: StandingKey): Promise<StandingDecision | undefined> {
    return new PgDriftStore(this.manager).standing(key);
  }

  async list(
    orgId: string,
    filter: StandingFilter,
    page: PageRequest,
  ): Promise<Result<Page<StandingDecision>, InvalidCursor>> {
    const after = page.after === undefined ? undefined : decodeCursor(page.after);
    if (page.after !== undefined && !after) return failed({ kind: 'InvalidCursor', given: page.after });
    const first = pageSize(page);
    const matching = [orgId, filter.gateId ?? null, filter.projectId ?? null, filter.stale ?? null];
    const totalCount = await countMatching(
      this.manager,
      `assay.standing_decision d WHERE ${MATCHES}`,
      matching,
    );
    const rows = await this.manager.query<StandingRow[]>(
      `SELECT ${STANDING_COLUMNS} FROM assay.standing_decision d
        WHERE ${MATCHES} AND ($5::text IS NULL OR (d.gate_id, d.art_id, d.artefact_digest) > ($5, $6::text, $7::text))
        ORDER BY d.gate_id, d.art_id, d.artefact_digest LIMIT $8`,
      [...matching, ...(after ?? [null, null, null]), first + 1],
    );
    return ok(pageOf(rows.map(standingFrom), { first, totalCount }, encodeCursor));
  }

  async following(
    orgId: string,
    key: StandingKey | undefined,
    limit: number,
  ): Promise<readonly StandingDecision[]> {
    const rows = await this.manager.query<StandingRow[]>(
      `SELECT ${STANDING_COLUMNS} FROM assay.standing_decision d
        WHERE d.org_id = $1 AND (d.gate_id, d.art_id, d.artefact_digest) > ($2, $3, $4)
        ORDER BY d.gate_id, d.art_id, d.artefact_digest LIMIT $5`,
      [orgId, key?.gateId ?? '', key?.artId ?? '', key?.artefactDigest ?? '', limit],
    );
    return rows.map(standingFrom);
  }

  async ending(orgId: string, until: Instant, limit: number): Promise<readonly StandingDecision[]> {
    const rows = await this.manager.query<StandingRow[]>(
      `SELECT ${STANDING_COLUMNS} FROM assay.standing_decision d
        WHERE d.org_id = $1 AND d.stale_seq IS NULL AND d.valid_until <= $2
          AND d.valid_until > d.as_of + interval '1 millisecond'
        ORDER BY d.valid_until, d.decision_id LIMIT $3`,
      [orgId, new Date(until), limit],
    );
    return rows.map(standingFrom);
  }

  async causes(orgId: string, decisionId: string): Promise<readonly FoundCause[]> {
    const rows = await this.lookUps.rows<{ kind: CauseKind; seq: string | null; foundAt: Date }>({
      sql: `SELECT cause_kind AS kind, cause_seq AS seq, found_at AS "foundAt" FROM assay.decision_stale
        WHERE org_id = $1 AND decision_id = $2 ORDER BY found_at, cause_seq`,
      types: ['uuid'],
      parameters: [orgId, decisionId],
    });
    return rows.map(({ kind, seq, foundAt }) => ({
      cause: { kind, seq: seq === null ? null : Number(seq) },
      foundAt: foundAt.getTime(),
    }));
  }

  async waiting(limit: number): Promise<readonly StandingDecision[]> {
    const rows = await this.manager.query<StandingRow[]>(
      `SELECT ${STANDING_COLUMNS} FROM assay.standing_decision d WHERE d.stale_seq IS NOT NULL
        ORDER BY CASE d.locus WHEN 'RELEASE' THEN 1 WHEN 'PR' THEN 2 ELSE 3 END, d.stale_seq LIMIT $1`,
      [limit],
    );
    return rows.map(standingFrom);
  }

  async progress(orgId: string, causeSeq?: number): Promise<RejudgeProgress> {
    const [row] = await this.manager.query<
      { total: string; open: string; unchecked: string; startedAt: Date | null }[]
    >(
      `SELECT count(*) AS total, count(d.decision_id) AS open, min(s.found_at) AS "startedAt",
              (SELECT count(*) FROM assay.drift_check c
                WHERE c.outcome IS NULL AND c.org_id = $1 AND ($2::bigint IS NULL OR c.cause_seq = $2)) AS unchecked
         FROM assay.decision_stale s
         LEFT JOIN assay.standing_decision d ON d.org_id = s.org_id AND d.gate_id = s.gate_id AND d.art_id = s.art_id
           AND d.artefact_digest = s.artefact_digest AND d.decision_id = s.decision_id
        WHERE s.org_id = $1 AND ($2::bigint IS NULL OR s.cause_seq = $2)`,
      [orgId, causeSeq ?? null],
    );
    const total = Number(row?.total ?? 0);
    return {
      total,
      done: total - Number(row?.open ?? 0),
      unchecked: Number(row?.unchecked ?? 0),
      startedAt: row?.startedAt?.getTime() ?? null,
    };
  }

  async ledgerSize(): Promise<number> {
    const [row] = await this.manager.query<{ next: string }[]>(
      `SELECT next FROM ledger.cursor WHERE reader = 'drift'`,
    );
    return Number(row?.next ?? 0);
  }
}

const encodeCursor = ({ gateId, artId, artefactDigest }: StandingDecision): string =>
  Buffer.from(`${gateId} ${artId} ${artefactDigest}`).toString('base64url');

function decodeCursor(cursor: string): [string, string, string] | undefined {
  const match = /^(GATE_[^ ]+) (ART_[^ ]+) ([^ ]+)$/.exec(Buffer.from(cursor, 'base64url').toString());
  return match?.[1] && match[2] && match[3] ? [match[1], match[2], match[3]] : undefined;
}
