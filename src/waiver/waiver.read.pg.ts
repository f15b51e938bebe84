import type { EntityManager } from 'typeorm';
import { countMatching } from '../kernel/count-matching.js';
import type { Instant } from '../kernel/clock.js';
import { isUuid, type IdempotencyKey } from '../kernel/id.js';
import { OneByOne, type LookUps } from '../kernel/look-ups.js';
import {
  momentAfter,
  momentCursor,
  pageOf,
  pageSize,
  type InvalidCursor,
  type Page,
  type PageRequest,
} from '../kernel/page.js';
import { ok, type Result } from '../kernel/result.js';
import { APPROVED_AT, asDate, SELECT_RECORDS, stateAt, type RecordRow } from './waiver-record.read.pg.js';
import type { Escalation } from './clock/escalation.js';
import type { WaiverFilter, WaiverRead } from './waiver.read.js';
import type { WaiverRecord } from './waiver.js';

/** Parameters $1…$5 of every list query. */
const MATCHES = `w.org_id = $1 AND ($2::text IS NULL OR w.gate_id = $2) AND ($3::uuid IS NULL OR w.requester_id = $3)
  AND ($4::text IS NULL OR $4 = ${stateAt('$5::timestamptz')})`;

export class PgWaiverRead implements WaiverRead {
  constructor(
    private readonly manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async byId(orgId: string, waiverId: string): Promise<WaiverRecord | undefined> {
    if (!isUuid(waiverId)) return undefined;
    const [row] = await this.lookUps.rows<RecordRow>({
      sql: `${SELECT_RECORDS} WHERE w.org_id = $1 AND w.waiver_id = $2`,
      types: ['uuid'],
      parameters: [orgId, waiverId],
    });
    return row?.record;
  }

  async entryKeyOf(orgId: string, waiverId: string): Promise<IdempotencyKey | undefined> {
    const [row] = await this.lookUps.rows<{ key: IdempotencyKey }>({
      sql: `SELECT entry_key AS key FROM assay.waiver WHERE org_id = $1 AND waiver_id = $2`,
      types: ['uuid'],
      parameters: [orgId, waiverId],
    });
    return row?.key;
  }

  async list(
    orgId: string,
    filter: WaiverFilter,
    at: Instant,
    page: PageRequest,
  ): Promise<Result<Page<WaiverRecord>, InvalidCursor>> {
    const first = pageSize(page);
    const { gateId = null, requesterId = null, state = null } = filter;
    const matching = [orgId, gateId, requesterId, state, asDate(at)];
    const from = momentAfter(page);
    if (!from.ok) return from;
    const after = from.value;
    const totalCount = await countMatching(this.manager, `assay.waiver w WHERE ${MATCHES}`, matching);
    const rows = await this.manager.query<RecordRow[]>(
      `${SELECT_RECORDS} WHERE ${MATCHES}
         AND ($6::timestamptz IS NULL OR (w.requested_at, w.waiver_id) < ($6, $7::uuid))
       ORDER BY w.requested_at DESC, w.waiver_id DESC LIMIT $8`,
      [...matching, after ? asDate(after.at) : null, after?.id ?? null, first + 1],
    );
    return ok(
      pageOf(
        rows.map(({ record }) => record),
        { first, totalCount },
        ({ waiver }) => momentCursor({ at: waiver.requestedAt, id: waiver.waiverId }),
      ),
    );
  }

  async chainLength(orgId: string, waiverId: string): Promise<number> {
    const [row] = await this.manager.query<{ count: string }[]>(
      `WITH RECURSIVE chain AS (
         SELECT waiver_id, renews FROM assay.waiver WHERE org_id = $1 AND waiver_id = $2
         UNION SELECT w.waiver_id, w.renews FROM assay.waiver w JOIN chain c ON w.waiver_id = c.renews)
       SELECT count(*) FROM chain`,
      [orgId, waiverId],
    );
    return Number(row?.count ?? 0);
  }

  async renewalsOf(orgId: string, waiverId: string): Promise<readonly string[]> {
    const rows = await this.lookUps.rows<{ id: string }>({
      sql: `SELECT waiver_id AS id FROM assay.waiver WHERE renews = $2 AND org_id = $1 ORDER BY requested_at, waiver_id`,
      types: ['uuid'],
      parameters: [orgId, waiverId],
    });
    return rows.map(({ id }) => id);
  }

  async escalationsOf(orgId: string, waiverId: string): Promise<readonly Escalation[]> {
    const rows = await this.lookUps.rows<{ step: number; role: string; at: Date }>({
      sql: `SELECT step, role, at FROM assay.waiver_escalation WHERE org_id = $1 AND waiver_id = $2 ORDER BY step`,
      types: ['uuid'],
      parameters: [orgId, waiverId],
    });
    return rows.map(({ step, role, at }) => ({ step, role, at: at.getTime() }));
  }

  async candidates(
    orgId: string,
    at: { gateId: string; artId: string; digest: string },
  ): Promise<readonly WaiverRecord[]> {
    const found = await this.lookUps.rows<{ id: string }>({
      sql: `SELECT w.waiver_id AS id FROM assay.waiver w
       WHERE w.org_id = $1 AND (w.gate_id IS NULL OR w.gate_id = $2) AND ${APPROVED_AT} IS NOT NULL
         AND NOT EXISTS (SELECT FROM jsonb_array_elements(w.selectors) s
                          WHERE s ->> 'type' = 'artefact'
                            AND (s ->> 'artId' <> $3 OR coalesce(s ->> 'digest', $4) <> $4)
                             OR s ->> 'type' = 'artefact-pattern'
                            AND $3 NOT LIKE replace(replace(s ->> 'pattern', '_', '\\_'), '*', '%'))
       ORDER BY w.waiver_id`,
      types: ['text', 'text', 'text'],
      parameters: [orgId, at.gateId, at.artId, at.digest],
    });
    // By themselves, because a record is most of it and many artefacts share their candidates.
    const records = await Promise.all(found.map(({ id }) => this.byId(orgId, id)));
    return records.filter((record) => record !== undefined);
  }
}
