import type { EntityManager } from 'typeorm';
import type { Instant } from '../../kernel/clock.js';
import { digestFrom } from '../../kernel/digest.js';
import type { EntryKind } from '../../ledger/entry.js';
import type { DriftStore, ReadStep } from './drift.store.js';
import { STEPS } from './drift-steps.store.pg.js';
import { STANDING_COLUMNS, standingFrom, type StandingRow } from './standing-row.read.pg.js';
import {
  causeName,
  type CauseKind,
  type CheckOutcome,
  type DriftCheck,
  type StandingDecision,
  type StandingKey,
  type Staleness,
} from './standing.js';

/** Name of the reader; never renamed. */
export const READER = 'drift';

interface CheckRow extends Omit<DriftCheck, 'cause' | 'artefactDigest'> {
  readonly artefactDigest: string;
  readonly causeSeq: string;
  readonly causeKind: CauseKind;
}

export class PgDriftStore implements DriftStore {
  constructor(private readonly manager: EntityManager) {}

  async readOn(limit: number): Promise<ReadStep> {
    await this.manager.query(`INSERT INTO ledger.cursor VALUES ($1, 0) ON CONFLICT (reader) DO NOTHING`, [
      READER,
    ]);
    // Another replica that reads at this moment does the same work: leave it to that one.
    const [cursor] = await this.manager.query<{ next: string }[]>(
      `SELECT next FROM ledger.cursor WHERE reader = $1 FOR UPDATE SKIP LOCKED`,
      [READER],
    );
    if (!cursor) return { entries: 0 };
    const from = Number(cursor.next);
    const [page] = await this.manager.query<{ to: string | null; kinds: readonly EntryKind[] }[]>(
      `SELECT max(seq) + 1 AS to, array_agg(DISTINCT kind) AS kinds
         FROM (SELECT seq, kind FROM ledger.fact WHERE seq >= $1 ORDER BY seq LIMIT $2) page`,
      [from, limit],
    );
    if (page?.to == null) return { entries: 0 };
    const to = Number(page.to);
    for (const { of, sql } of STEPS)
      if (of.some((kind) => page.kinds.includes(kind))) await this.manager.query(sql, [from, to]);
    await this.manager.query(`UPDATE ledger.cursor SET next = $2 WHERE reader = $1`, [READER, to]);
    return { entries: to - from };
  }

  async standing({
    orgId,
    gateId,
    artId,
    artefactDigest,
  }: StandingKey): Promise<StandingDecision | undefined> {
    const [row] = await this.manager.query<StandingRow[]>(
      `SELECT ${STANDING_COLUMNS} FROM assay.standing_decision d
        WHERE d.org_id = $1 AND d.gate_id = $2 AND d.art_id = $3 AND d.artefact_digest = $4`,
      [orgId, gateId, artId, artefactDigest],
    );
    return row && standingFrom(row);
  }

  async openChecks(limit: number): Promise<readonly DriftCheck[]> {
    const rows = await this.manager.query<CheckRow[]>(
      `SELECT org_id AS "orgId", gate_id AS "gateId", art_id AS "artId", artefact_digest AS "artefactDigest",
              decision_id AS "decisionId", cause_seq AS "causeSeq", cause_kind AS "causeKind"
         FROM assay.drift_check WHERE outcome IS NULL ORDER BY cause_seq, decision_id LIMIT $1`,
      [limit],
    );
    return rows.map(({ causeSeq, causeKind, ...row }) => ({
      ...row,
      artefactDigest: digestFrom(row.artefactDigest),
      cause: { kind: causeKind, seq: Number(causeSeq) },
    }));
  }

  async close({ decisionId, cause }: DriftCheck, outcome: CheckOutcome): Promise<void> {
    await this.manager.query(
      `UPDATE assay.drift_check SET outcome = $3 WHERE decision_id = $1 AND cause_seq = $2`,
      [decisionId, cause.seq, outcome],
    );
  }

  async lapsed(now: Instant, limit: number): Promise<readonly StandingDecision[]> {
    const rows = await this.manager.query<StandingRow[]>(
      `SELECT ${STANDING_COLUMNS} FROM assay.standing_decision d
        WHERE d.stale_seq IS NULL AND d.valid_until <= $1 AND d.valid_until > d.as_of + interval '1 millisecond'
          AND NOT EXISTS (SELECT FROM assay.decision_stale s WHERE s.decision_id = d.decision_id AND s.cause = 'valid-until')
        ORDER BY d.valid_until, d.decision_id LIMIT $2`,
      [new Date(now), limit],
    );
    return rows.map(standingFrom);
  }

  async addStale(staleness: Staleness): Promise<boolean> {
    const { decisionId, cause, orgId, gateId, artId, artefactDigest, foundAt, entryKey } = staleness;
    const added = await this.manager.query<unknown[]>(
      `INSERT INTO assay.decision_stale (decision_id, cause, org_id, cause_kind, cause_seq, gate_id, art_id,
                                         artefact_digest, found_at, entry_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (decision_id, cause) DO NOTHING RETURNING cause`,
      [
        decisionId,
        causeName(cause),
        orgId,
        cause.kind,
        cause.seq,
        gateId,
        artId,
        artefactDigest,
        new Date(foundAt),
        entryKey,
      ],
    );
    return added.length > 0;
  }
}
