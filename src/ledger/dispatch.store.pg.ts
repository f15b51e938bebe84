import type { EntityManager } from 'typeorm';
import type { DispatchItem, DispatchStore, Readership, UnhandledQuery } from './dispatch.store.js';
import type { EntryKind } from './entry.js';
import { readStatement, type RecordedEntry } from './recorded-entry.js';

export class PgDispatchStore implements DispatchStore {
  constructor(private readonly manager: EntityManager) {}

  async undispatched(limit: number): Promise<readonly DispatchItem[]> {
    const rows = await this.manager.query<{ seq: string; org_id: string; kind: EntryKind }[]>(
      `SELECT seq, org_id, kind FROM ledger.dispatch WHERE dispatched_at IS NULL
       ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [limit],
    );
    return rows.map(({ seq, org_id, kind }) => ({ seq: Number(seq), orgId: org_id, kind }));
  }

  async unhandled({
    kind,
    reader,
    from,
    dispatchedBefore,
    limit,
  }: UnhandledQuery): Promise<readonly DispatchItem[]> {
    const rows = await this.manager.query<{ seq: string; org_id: string; kind: EntryKind }[]>(
      `SELECT d.seq, d.org_id, d.kind FROM ledger.dispatch d
        WHERE d.kind = $1 AND d.seq >= $5 AND d.dispatched_at < $3
          AND NOT EXISTS (SELECT FROM ledger.handled h WHERE h.reader = $2 AND h.seq = d.seq)
        ORDER BY d.seq LIMIT $4`,
      [kind, reader, new Date(dispatchedBefore), limit, from],
    );
    return rows.map(({ seq, org_id, kind: of }) => ({ seq: Number(seq), orgId: org_id, kind: of }));
  }

  /** Numbers become visible in their order, so that nothing can appear below the greatest one that is seen. */
  async settledBelow({ kind, reader, from }: Readership): Promise<number> {
    const [row] = await this.manager.query<{ below: string | null }[]>(
      `SELECT coalesce(
         (SELECT d.seq FROM ledger.dispatch d
           WHERE d.kind = $1 AND d.seq >= $3
             AND NOT EXISTS (SELECT FROM ledger.handled h WHERE h.reader = $2 AND h.seq = d.seq)
           ORDER BY d.seq LIMIT 1),
         (SELECT max(seq) + 1 FROM ledger.dispatch)) AS below`,
      [kind, reader, from],
    );
    return Math.max(from, Number(row?.below ?? 0));
  }

  async keysOf(seqs: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const rows = await this.manager.query<{ seq: string; key: string }[]>(
      `SELECT seq, encode(idem_key, 'hex') AS key FROM ledger.idem WHERE seq = ANY ($1::bigint[])`,
      [seqs],
    );
    return new Map(rows.map(({ seq, key }) => [Number(seq), key]));
  }

  async markDispatched(seqs: readonly number[]): Promise<void> {
    await this.manager.query(
      `UPDATE ledger.dispatch SET dispatched_at = clock_timestamp()
       WHERE seq = ANY ($1::bigint[]) AND dispatched_at IS NULL`,
      [seqs],
    );
  }

  async handled(reader: string, seq: number): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      'INSERT INTO ledger.handled (reader, seq) VALUES ($1, $2) ON CONFLICT (reader, seq) DO NOTHING RETURNING seq',
      [reader, seq],
    );
    return rows.length > 0;
  }

  async recorded(seq: number): Promise<RecordedEntry | undefined> {
    const [row] = await this.manager.query<{ statement: string }[]>(
      'SELECT statement FROM ledger.fact WHERE seq = $1',
      [seq],
    );
    if (!row) return undefined;
    const recorded = readStatement(row.statement);
    if (!recorded.ok) throw new Error(`entry ${String(seq)}: ${recorded.problem.detail}; run the verifier`);
    return recorded.value;
  }
}
