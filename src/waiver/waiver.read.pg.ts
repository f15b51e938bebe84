import type { EntityManager } from 'typeorm';
import type { Instant } from '../kernel/clock.js';
import { Gathering } from '../kernel/gathering.js';
import { isUuid, type IdempotencyKey } from '../kernel/id.js';
import { MAX_PAGE_SIZE, type InvalidCursor, type Page, type PageRequest } from '../kernel/page.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { APPROVED_AT, asDate, SELECT_RECORDS, stateAt, type RecordRow } from './waiver-record.read.pg.js';
import type { Escalation } from './clock/escalation.js';
import type { WaiverFilter, WaiverRead } from './waiver.read.js';
import type { WaiverRecord } from './waiver.js';

/** Parameters $1…$5 of every list query. */
const MATCHES = `w.org_id = $1 AND ($2::text IS NULL OR w.gate_id = $2) AND ($3::uuid IS NULL OR w.requester_id = $3)
  AND ($4::text IS NULL OR $4 = ${stateAt('$5::timestamptz')})`;

interface CandidateKey {
  readonly orgId: string;
  readonly gateId: string;
  readonly artId: string;
  readonly digest: string;
}

export class PgWaiverRead implements WaiverRead {
  private readonly asked = new Gathering((keys: readonly CandidateKey[]) => this.candidatesOf(keys));

  constructor(private readonly manager: EntityManager) {}

  async byId(orgId: string, waiverId: string): Promise<WaiverRecord | undefined> {
    if (!isUuid(waiverId)) return undefined;
    const [row] = await this.manager.query<RecordRow[]>(
      `${SELECT_RECORDS} WHERE w.org_id = $1 AND w.waiver_id = $2`,
      [orgId, waiverId],
    );
    return row?.record;
  }

  async entryKeyOf(orgId: string, waiverId: string): Promise<IdempotencyKey | undefined> {
    const [row] = await this.manager.query<{ key: IdempotencyKey }[]>(
      `SELECT entry_key AS key FROM assay.waiver WHERE org_id = $1 AND waiver_id = $2`,
      [orgId, waiverId],
    );
    return row?.key;
  }

  async list(
    orgId: string,
    filter: WaiverFilter,
    at: Instant,
    page: PageRequest,
  ): Promise<Result<Page<WaiverRecord>, InvalidCursor>> {
    const first = Math.min(Math.max(page.first, 0), MAX_PAGE_SIZE);
    const { gateId = null, requesterId = null, state = null } = filter;
    const matching = [orgId, gateId, requesterId, state, asDate(at)];
    const after = page.after === undefined ? undefined : decodeCursor(page.after);
    if (page.after !== undefined && !after) return failed({ kind: 'InvalidCursor', given: page.after });
    const [count] = await this.manager.query<{ count: string }[]>(
      `SELECT count(*) FROM assay.waiver w WHERE ${MATCHES}`,
      matching,
    );
    const rows = await this.manager.query<RecordRow[]>(
      `${SELECT_RECORDS} WHERE ${MATCHES}
         AND ($6::timestamptz IS NULL OR (w.requested_at, w.waiver_id) < ($6, $7::uuid))
       ORDER BY w.requested_at DESC, w.waiver_id DESC LIMIT $8`,
      [...matching, after ? asDate(after.at) : null, after?.waiverId ?? null, first + 1],
    );
    const items = rows.slice(0, first).map(({ record }) => record);
    const last = items.at(-1);
    return ok({
      items,
      totalCount: Number(count?.count ?? 0),
      endCursor: last ? encodeCursor(last) : null,
      hasNextPage: rows.length > first,
    });
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
    const rows = await this.manager.query<{ id: string }[]>(
      `SELECT waiver_id AS id FROM assay.waiver WHERE renews = $2 AND org_id = $1 ORDER BY requested_at, waiver_id`,
      [orgId, waiverId],
    );
    return rows.map(({ id }) => id);
  }

  async escalationsOf(orgId: string, waiverId: string): Promise<readonly Escalation[]> {
    const rows = await this.manager.query<{ step: number; role: string; at: Date }[]>(
      `SELECT step, role, at FROM assay.waiver_escalation WHERE org_id = $1 AND waiver_id = $2 ORDER BY step`,
      [orgId, waiverId],
    );
    return rows.map(({ step, role, at }) => ({ step, role, at: at.getTime() }));
  }

  candidates(
    orgId: string,
    at: { gateId: string; artId: string; digest: string },
  ): Promise<readonly WaiverRecord[]> {
    return this.asked.ask({ orgId, gateId: at.gateId, artId: at.artId, digest: at.digest });
  }

  /** Each waiver once, with the places of those it is a candidate for: many artefacts share most of them. */
  private async candidatesOf(keys: readonly CandidateKey[]): Promise<readonly (readonly WaiverRecord[])[]> {
    const rows = await this.manager.query<(RecordRow & { places: readonly string[] })[]>(
      `SELECT found.places, records.record
         FROM (SELECT w.waiver_id, array_agg(asked.place) AS places
                 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
                      WITH ORDINALITY AS asked(org_id, gate_id, art_id, digest, place)
                 JOIN assay.waiver w ON w.org_id = asked.org_id AND (w.gate_id IS NULL OR w.gate_id = asked.gate_id)
                WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(w.selectors) s
                                   WHERE s ->> 'type' = 'artefact'
                                     AND (s ->> 'artId' <> asked.art_id OR coalesce(s ->> 'digest', asked.digest) <> asked.digest)
                                      OR s ->> 'type' = 'artefact-pattern'
                                     AND asked.art_id NOT LIKE replace(replace(s ->> 'pattern', '_', '\\_'), '*', '%'))
                GROUP BY w.waiver_id) found
        CROSS JOIN LATERAL (${SELECT_RECORDS} WHERE w.waiver_id = found.waiver_id AND ${APPROVED_AT} IS NOT NULL) records
        ORDER BY found.waiver_id`,
      [
        keys.map(({ orgId }) => orgId),
        keys.map(({ gateId }) => gateId),
        keys.map(({ artId }) => artId),
        keys.map(({ digest }) => digest),
      ],
    );
    const records: WaiverRecord[][] = keys.map(() => []);
    for (const { record, places } of rows)
      for (const place of places) records[Number(place) - 1]?.push(record);
    return records;
  }
}

const encodeCursor = ({ waiver }: WaiverRecord): string =>
  Buffer.from(`${String(waiver.requestedAt)} ${waiver.waiverId}`).toString('base64url');

function decodeCursor(cursor: string): { at: Instant; waiverId: string } | undefined {
  const [at = '', waiverId = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  return /^\d{1,15}$/.test(at) && isUuid(waiverId) ? { at: Number(at), waiverId } : undefined;
}
