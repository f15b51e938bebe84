import type { EntityManager } from 'typeorm';
import { countMatching } from '../../kernel/count-matching.js';
import type { Instant } from '../../kernel/clock.js';
import { isUuid } from '../../kernel/id.js';
import {
  EMPTY_PAGE,
  momentAfter,
  momentCursor,
  pageOf,
  pageSize,
  type InvalidCursor,
  type Page,
  type PageRequest,
} from '../../kernel/page.js';
import { ok, type Result } from '../../kernel/result.js';
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
    const first = pageSize(page);
    const { delegatorId = null, delegateId = null, state = null } = filter;
    const from = momentAfter(page);
    if (!from.ok) return from;
    const after = from.value;
    // Whoever asks about what cannot be the id of anybody asks about nobody.
    const nobody = [delegatorId, delegateId].some((id) => id !== null && !isUuid(id));
    if (nobody) return ok(EMPTY_PAGE);
    const matching = [orgId, delegatorId, delegateId, state, asDate(at)];
    const totalCount = await countMatching(
      this.manager,
      `assay.waiver_delegation d WHERE ${MATCHES}`,
      matching,
    );
    const rows = await this.manager.query<DelegationRow[]>(
      `${SELECT_DELEGATIONS} WHERE ${MATCHES}
         AND ($6::timestamptz IS NULL OR (d.given_at, d.delegation_id) < ($6, $7::uuid))
       ORDER BY d.given_at DESC, d.delegation_id DESC LIMIT $8`,
      [...matching, after ? asDate(after.at) : null, after?.id ?? null, first + 1],
    );
    return ok(
      pageOf(
        rows.map(({ record }) => record),
        { first, totalCount },
        ({ delegation }) => momentCursor({ at: delegation.givenAt, id: delegation.delegationId }),
      ),
    );
  }
}
