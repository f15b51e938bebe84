import type { EntityManager } from 'typeorm';
import type { Instant } from '../../kernel/clock.js';
import { isUuid } from '../../kernel/id.js';
import { MAX_PAGE_SIZE, type InvalidCursor, type Page, type PageRequest } from '../../kernel/page.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import { asDate } from '../waiver-record.read.pg.js';
import { delegationStateAt, SELECT_DELEGATIONS, type DelegationRow } from './delegation-record.read.pg.js';
import type { DelegationFilter, DelegationRead } from './delegation.read.js';
import type { DelegationRecord } from './delegation.js';

/** Parameters $1…$5 of every list query. */
const MATCHES = `d.org_id = $1 AND ($2::uuid IS NULL OR d.delegator_id = $2)
  AND ($3::uuid IS NULL OR d.delegate_id = $3)
  AND ($4::text IS NULL OR $4 = ${delegationStateAt('$5::timestamptz')})`;

export class PgDelegationRead implements DelegationRead {
  constructor(private readonly manager: EntityManager) {}

  async byId(orgId: string, delegationId: string): Promise<DelegationRecord | undefined> {
    if (!isUuid(delegationId)) return undefined;
    const [row] = await this.manager.query<DelegationRow[]>(
      `${SELECT_DELEGATIONS} WHERE d.org_id = $1 AND d.delegation_id = $2`,
      [orgId, delegationId],
    );
    return row?.record;
  }

  async list(
    orgId: string,
    filter: DelegationFilter,
    at: Instant,
    page: PageRequest,
  ): Promise<Result<Page<DelegationRecord>, InvalidCursor>> {
    const first = Math.min(Math.max(page.first, 0), MAX_PAGE_SIZE);
    const { delegatorId = null, delegateId = null, state = null } = filter;
    const after = page.after === undefined ? undefined : decodeCursor(page.after);
    if (page.after !== undefined && !after) return failed({ kind: 'InvalidCursor', given: page.after });
    // Whoever asks about what cannot be the id of anybody asks about nobody.
    const nobody = [delegatorId, delegateId].some((id) => id !== null && !isUuid(id));
    if (nobody) return ok({ items: [], totalCount: 0, endCursor: null, hasNextPage: false });
    const matching = [orgId, delegatorId, delegateId, state, asDate(at)];
    const [count] = await this.manager.query<{ count: string }[]>(
      `SELECT count(*) FROM assay.waiver_delegation d WHERE ${MATCHES}`,
      matching,
    );
    const rows = await this.manager.query<DelegationRow[]>(
      `${SELECT_DELEGATIONS} WHERE ${MATCHES}
         AND ($6::timestamptz IS NULL OR (d.given_at, d.delegation_id) < ($6, $7::uuid))
       ORDER BY d.given_at DESC, d.delegation_id DESC LIMIT $8`,
      [...matching, after ? asDate(after.at) : null, after?.id ?? null, first + 1],
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
}

const encodeCursor = ({ delegation }: DelegationRecord): string =>
  Buffer.from(`${String(delegation.givenAt)} ${delegation.delegationId}`).toString('base64url');

function decodeCursor(cursor: string): { at: Instant; id: string } | undefined {
  const [at = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  return /^\d{1,15}$/.test(at) && isUuid(id) ? { at: Number(at), id } : undefined;
}
