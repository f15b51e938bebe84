import type { EntityManager } from 'typeorm';
import type { Instant } from '../../kernel/clock.js';
import { digestFrom } from '../../kernel/digest.js';
import type { DriftStore, ReadStep } from './drift.store.js';
import {
  FACTS,
  STANDING_COLUMNS,
  STANDING_MEMBERS,
  standingFrom,
  standingTold,
  type StandingRow,
} from './standing-row.read.pg.js';
import {
  CAUSE_KINDS,
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

const KINDS = CAUSE_KINDS.map((kind) => `'${kind}'`).join(', ');

/** $1 from, $2 to (exclusive). Of several decisions on one thing the one that stands. */
const DECISIONS_STAND = `
  INSERT INTO assay.standing_decision AS known (${STANDING_MEMBERS.join(', ')})
  ${standingTold('f.seq >= $1 AND f.seq < $2')}
  ON CONFLICT (org_id, gate_id, art_id, artefact_digest) DO UPDATE SET
      ${STANDING_MEMBERS.slice(4)
        .map((column) => `${column} = excluded.${column}`)
        .join(', ')}, stale_seq = NULL
    WHERE (known.as_of, known.seq) < (excluded.as_of, excluded.seq)`;

/** Since the first entry that says so, however many causes come at once. */
const ARE_STALE = `
  UPDATE assay.standing_decision d SET stale_seq = coalesce(d.stale_seq, f.seq)
    FROM (SELECT org_id, gate_id, art_id, artefact_digest, decision_id, min(seq) AS seq FROM ledger.fact
           WHERE seq >= $1 AND seq < $2 AND kind = 'decision.stale' GROUP BY 1, 2, 3, 4, 5) f
   WHERE d.org_id = f.org_id AND d.gate_id = f.gate_id AND d.art_id = f.art_id
     AND d.artefact_digest = f.artefact_digest AND d.decision_id = f.decision_id::uuid`;

/** Whether entry `f` may concern standing decision `d`; what it names no part of, it may concern all of. */
const TOUCHES = `d.org_id = f.org_id AND CASE f.kind
    WHEN 'evidence.normalised' THEN d.artefact_digest = f.artefact_digest AND d.art_id = f.art_id
    WHEN 'gate.defined' THEN d.gate_id = f.gate_id
    WHEN 'checklist.activated' THEN d.gate_id IN (SELECT g.gate_id FROM assay.gate g WHERE g.org_id = f.org_id
      AND g.checklist_version IS NULL AND g.chk_id = f.statement::jsonb #> ${FACTS} #>> '{details,chkId}')
    ELSE coalesce(f.gate_id, d.gate_id) = d.gate_id AND coalesce(f.art_id, d.art_id) = d.art_id
      AND coalesce(f.artefact_digest, d.artefact_digest) = d.artefact_digest END`;

const CHECK = `
  INSERT INTO assay.drift_check (decision_id, cause_seq, cause_kind, org_id, gate_id, art_id, artefact_digest)
  SELECT d.decision_id, f.seq, f.kind, d.org_id, d.gate_id, d.art_id, d.artefact_digest`;
const ONCE = 'ON CONFLICT (decision_id, cause_seq) DO NOTHING';

/** $1 from, $2 to: entries of these kinds with the decisions that stood when they came. */
const stoodBy = (kinds: string, joined: string, also = ''): string => `
  ${CHECK} FROM ledger.fact f ${joined}
   WHERE f.seq >= $1 AND f.seq < $2 AND f.kind IN (${kinds}) AND d.seq < f.seq ${also} ${ONCE}`;

const SAME_ARTEFACT = 'd.org_id = f.org_id AND d.artefact_digest = f.artefact_digest';
const WAIVERS = CAUSE_KINDS.flatMap((kind) => (kind.startsWith('waiver.') ? `'${kind}'` : [])).join(', ');

/**
 * What an entry may concern, each by an index of the standing decisions: by artefact, by gate; a waiver that names
 * neither may concern all that its organisation has.
 */
const MAY_BE_STALE = [
  stoodBy(
    `'evidence.normalised'`,
    `JOIN assay.standing_decision d ON ${SAME_ARTEFACT} AND d.art_id = f.art_id`,
  ),
  stoodBy(
    `'gate.defined'`,
    'JOIN assay.standing_decision d ON d.org_id = f.org_id AND d.gate_id = f.gate_id',
  ),
  stoodBy(
    `'checklist.activated'`,
    `JOIN assay.gate g ON g.org_id = f.org_id AND g.checklist_version IS NULL
       AND g.chk_id = f.statement::jsonb #> ${FACTS} #>> '{details,chkId}'
     JOIN assay.standing_decision d ON d.org_id = g.org_id AND d.gate_id = g.gate_id`,
  ),
  stoodBy(
    WAIVERS,
    `JOIN assay.standing_decision d ON ${SAME_ARTEFACT}`,
    'AND d.art_id = f.art_id AND coalesce(f.gate_id, d.gate_id) = d.gate_id',
  ),
  stoodBy(
    WAIVERS,
    'JOIN assay.standing_decision d ON d.org_id = f.org_id AND d.gate_id = f.gate_id',
    'AND f.artefact_digest IS NULL AND coalesce(f.art_id, d.art_id) = d.art_id',
  ),
  stoodBy(
    WAIVERS,
    'JOIN assay.standing_decision d ON d.org_id = f.org_id',
    'AND f.artefact_digest IS NULL AND f.gate_id IS NULL AND coalesce(f.art_id, d.art_id) = d.art_id',
  ),
];

/** A decision may have gathered its inputs so long before its run began. */
const GATHERING = `interval '5 seconds'`;
/** Entries that one run of a gate sees pass by, at most; beyond it nothing but evidence is looked for. */
const WHILE_JUDGING = 5_000;

/** Decisions that were being made while the entry came: it is before them, and they may not have seen it. */
const RACED = [
  `${CHECK} FROM ledger.fact told
     JOIN assay.standing_decision d ON d.seq = told.seq AND d.org_id = told.org_id AND d.gate_id = told.gate_id
       AND d.art_id = told.art_id AND d.artefact_digest = told.artefact_digest
     JOIN ledger.fact f ON f.artefact_digest = told.artefact_digest AND f.kind = 'evidence.normalised' AND f.seq < told.seq
       AND f.org_id = told.org_id AND f.art_id = told.art_id
       AND f.ts_end::timestamptz >= told.ts_start::timestamptz - ${GATHERING}
   WHERE told.seq >= $1 AND told.seq < $2 AND told.kind = 'decision.recorded' ${ONCE}`,
  `${CHECK} FROM ledger.fact told
     JOIN assay.standing_decision d ON d.seq = told.seq AND d.org_id = told.org_id AND d.gate_id = told.gate_id
       AND d.art_id = told.art_id AND d.artefact_digest = told.artefact_digest
     JOIN ledger.fact f ON f.org_id = told.org_id AND f.kind IN (${KINDS}) AND f.kind <> 'evidence.normalised'
       AND f.seq < told.seq AND f.seq >= $1::bigint - ${String(WHILE_JUDGING)}
       AND f.ts_end::timestamptz >= told.ts_start::timestamptz - ${GATHERING} AND ${TOUCHES}
   WHERE told.seq >= $1 AND told.seq < $2 AND told.kind = 'decision.recorded' ${ONCE}`,
];

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
    const [last] = await this.manager.query<{ to: string | null }[]>(
      `SELECT max(seq) + 1 AS to FROM (SELECT seq FROM ledger.fact WHERE seq >= $1 ORDER BY seq LIMIT $2) page`,
      [from, limit],
    );
    if (last?.to == null) return { entries: 0 };
    const to = Number(last.to);
    for (const step of [DECISIONS_STAND, ARE_STALE, ...MAY_BE_STALE, ...RACED])
      await this.manager.query(step, [from, to]);
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
