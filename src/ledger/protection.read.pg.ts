import type { EntityManager } from 'typeorm';
import { countMatching } from '../kernel/count-matching.js';
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
import { failed, ok, type Result } from '../kernel/result.js';
import type { Hold, HoldScope } from './hold.js';
import type { Person, ProtectionRead } from './protection.read.js';

interface HoldRow {
  readonly id: string;
  readonly org_id: string;
  readonly scope: HoldScope;
  readonly until: Date | null;
  readonly entry_seq: string;
  readonly lifted_seq: string | null;
  readonly at: Date;
}

interface PersonRow {
  readonly principalId: string;
  readonly kind: Person['kind'];
  readonly displayName: string;
  readonly erasedAt: Date | null;
}

const SELECT_HOLD = `SELECT h.*, e.at FROM ledger.hold h JOIN ledger.entry e ON e.seq = h.entry_seq WHERE h.org_id = $1`;
const IN_FORCE = `($2::timestamptz IS NULL OR (h.lifted_seq IS NULL AND (h.until IS NULL OR h.until > $2)))`;

export class PgProtectionRead implements ProtectionRead {
  constructor(
    private readonly manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async holds(
    orgId: string,
    { inForceAt, ...page }: PageRequest & { readonly inForceAt?: Instant },
  ): Promise<Result<Page<Hold>, InvalidCursor>> {
    const after = numberAfter(page);
    if (!after.ok) return after;
    const first = pageSize(page);
    const matching = [orgId, inForceAt === undefined ? null : new Date(inForceAt)];
    const rows = await this.manager.query<HoldRow[]>(
      `${SELECT_HOLD} AND ${IN_FORCE} AND h.entry_seq > $3 ORDER BY h.entry_seq LIMIT $4`,
      [...matching, after.value ?? -1, first + 1],
    );
    const totalCount = await countMatching(
      this.manager,
      `ledger.hold h WHERE h.org_id = $1 AND ${IN_FORCE}`,
      matching,
    );
    return ok(pageOf(rows.map(holdOf), { first, totalCount }, ({ setSeq }) => setSeq.toString()));
  }

  async hold(orgId: string, holdId: string): Promise<Hold | undefined> {
    const [row] = await this.manager.query<HoldRow[]>(`${SELECT_HOLD} AND h.id = $2`, [orgId, holdId]);
    return row && holdOf(row);
  }

  async persons(
    orgId: string,
    { after, ...page }: PageRequest,
    pseudonymOf: (principalId: string) => string,
  ): Promise<Result<Page<Person>, InvalidCursor>> {
    if (after !== undefined && !isUuid(after)) return failed({ kind: 'InvalidCursor', given: after });
    const first = pageSize(page);
    const rows = await this.manager.query<PersonRow[]>(
      `SELECT principal_id AS "principalId", kind, display_name AS "displayName", erased_at AS "erasedAt"
         FROM assay.principal WHERE org_id = $1 AND ($2::uuid IS NULL OR principal_id > $2)
        ORDER BY principal_id LIMIT $3`,
      [orgId, after ?? null, first + 1],
    );
    const totalCount = await countMatching(this.manager, `assay.principal WHERE org_id = $1`, [orgId]);
    const shown = pageOf(rows, { first, totalCount }, ({ principalId }) => principalId);
    const records = await this.#records(
      orgId,
      shown.items.map(({ principalId }) => pseudonymOf(principalId)),
    );
    return ok({
      ...shown,
      items: shown.items.map(({ erasedAt, displayName, ...person }) => ({
        ...person,
        displayName: erasedAt ? null : displayName,
        erasedAt: erasedAt?.getTime() ?? null,
        records: records.get(pseudonymOf(person.principalId)) ?? 0,
      })),
    });
  }

  async holdsOn(orgId: string, person: string): Promise<readonly string[]> {
    const rows = await this.lookUps.rows<{ id: string }>({
      sql: `SELECT ledger.holds_on($1, $2) AS id`,
      types: ['text'],
      parameters: [orgId, person],
    });
    return rows.map(({ id }) => id);
  }

  async #records(orgId: string, pseudonyms: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.manager.query<{ subject: string; count: string }[]>(
      `SELECT subject, count(*) FROM ledger.body
        WHERE org_id = $1 AND subject = ANY ($2) AND erased_at IS NULL GROUP BY subject`,
      [orgId, pseudonyms],
    );
    return new Map(rows.map(({ subject, count }) => [subject, Number(count)]));
  }
}

const holdOf = ({ id, org_id, scope, until, entry_seq, lifted_seq, at }: HoldRow): Hold => ({
  holdId: id,
  orgId: org_id,
  scope,
  until: until?.getTime() ?? null,
  setAt: at.getTime(),
  setSeq: Number(entry_seq),
  liftedSeq: lifted_seq === null ? null : Number(lifted_seq),
});
