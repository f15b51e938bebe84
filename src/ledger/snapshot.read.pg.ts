import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../kernel/canonical-json.js';
import { sha256 } from '../kernel/digest.js';
import type { StoredCheckpoint } from './integrator.store.js';
import { dataKeyContext, openRecord, recordContext, unseal } from './personal.js';
import type { Coordinators, LedgerSnapshot, SnapshotBody, SnapshotEntry, Stray } from './snapshot.read.js';
import type { Tile } from './tile.js';
import type { CosignedCheckpoint } from './verify-cosignatures.js';

/** Entries fetched at once: about a megabyte of statements. */
const PAGE = 500;

interface EntryRow {
  readonly seq: string;
  readonly leaf: string;
  readonly leaf_hash: Buffer;
  readonly content_digest: Buffer;
  readonly statement: string | null;
  readonly columns: JsonObject | null;
  readonly idem_key: Buffer | null;
  readonly idem_digest: Buffer | null;
}

interface BodyRow {
  readonly seq: string;
  readonly subject: string;
  readonly org_id: string;
  readonly retention_class: string;
  readonly ciphertext: Buffer | null;
  readonly key_id: string;
  readonly wrapped_key: Buffer | null;
}

/**
 * The ledger as the manager's transaction sees it: open that as REPEATABLE READ, READ ONLY, or entries may be
 * added between two questions. With a key-encryption key personal fields are opened and checked too.
 */
export class PgLedgerSnapshot implements LedgerSnapshot {
  constructor(
    private readonly manager: EntityManager,
    private readonly keyEncryption?: Buffer,
  ) {}

  async *entries(from = 0): AsyncIterable<SnapshotEntry> {
    for (let after = String(from - 1); ;) {
      const rows = await this.manager.query<EntryRow[]>(
        `SELECT e.seq, e.leaf, e.leaf_hash, e.content_digest, f.statement,
           to_jsonb(f) - 'seq' - 'statement' AS columns, i.idem_key, i.content_digest AS idem_digest
         FROM ledger.entry e LEFT JOIN ledger.fact f ON f.seq = e.seq LEFT JOIN ledger.idem i ON i.seq = e.seq
         WHERE e.seq > $1 ORDER BY e.seq LIMIT ${String(PAGE)}`,
        [after],
      );
      const last = rows.at(-1);
      if (!last) return;
      const bodies = await this.#bodies(after, last.seq);
      for (const row of rows) yield this.#entryOf(row, bodies.get(row.seq) ?? []);
      after = last.seq;
    }
  }

  async *checkpoints(from = 0): AsyncIterable<StoredCheckpoint & CosignedCheckpoint> {
    for (let after = String(from - 1); ;) {
      const rows = await this.manager.query<
        { size: string; root: Buffer; note: string; cosigned: string | null }[]
      >(
        `SELECT size, root, note, cosigned FROM ledger.checkpoint WHERE size > $1 ORDER BY size LIMIT ${String(PAGE)}`,
        [after],
      );
      const last = rows.at(-1);
      if (!last) return;
      for (const { size, root, note, cosigned } of rows)
        yield { size: Number(size), root, note, cosigned: cosigned ?? undefined };
      after = last.size;
    }
  }

  async latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    const [row] = await this.manager.query<{ size: string; root: Buffer; note: string }[]>(
      'SELECT size, root, note FROM ledger.checkpoint ORDER BY size DESC LIMIT 1',
    );
    return row && { size: Number(row.size), root: row.root, note: row.note };
  }

  async tiles(level: number, index: number): Promise<readonly Tile[]> {
    const rows = await this.manager.query<{ width: number; data: Buffer }[]>(
      'SELECT width, data FROM ledger.tile WHERE level = $1 AND idx = $2 ORDER BY width',
      [level, index],
    );
    return rows.map(({ width, data }) => ({ level, index, width, data }));
  }

  async strays(): Promise<readonly Stray[]> {
    const rows = await this.manager.query<{ what: Stray['what']; seq: string }[]>(
      `SELECT 'fact' AS what, seq FROM ledger.fact f WHERE NOT EXISTS (SELECT FROM ledger.entry e WHERE e.seq = f.seq)
       UNION ALL
       SELECT 'idempotency', seq FROM ledger.idem i WHERE NOT EXISTS (SELECT FROM ledger.entry e WHERE e.seq = i.seq)
       UNION ALL
       SELECT 'body', seq FROM ledger.body b WHERE NOT EXISTS (SELECT FROM ledger.entry e WHERE e.seq = b.seq)
       ORDER BY seq, what`,
    );
    return rows.map(({ what, seq }) => ({ what, seq: Number(seq) }));
  }

  async coordinators(): Promise<Coordinators> {
    const [row] = await this.manager.query<{ next: string; size: string; root: Buffer }[]>(
      `SELECT coalesce((SELECT next FROM ledger.seqcoord WHERE id = 1), -1) AS next,
              coalesce((SELECT size FROM ledger.intcoord WHERE id = 1), -1) AS size,
              coalesce((SELECT root FROM ledger.intcoord WHERE id = 1), '') AS root`,
    );
    if (!row) throw new Error('a SELECT without FROM answered nothing');
    return { next: Number(row.next), size: Number(row.size), root: row.root };
  }

  async #bodies(after: string, upTo: string): Promise<ReadonlyMap<string, readonly BodyRow[]>> {
    const rows = await this.manager.query<BodyRow[]>(
      `SELECT b.seq, b.subject, b.org_id, b.retention_class, b.ciphertext, b.key_id, k.wrapped_key
       FROM ledger.body b LEFT JOIN ledger.subject_key k
         ON k.key_id = b.key_id AND k.org_id = b.org_id AND k.subject = b.subject
       WHERE b.seq > $1 AND b.seq <= $2 ORDER BY b.seq, b.subject`,
      [after, upTo],
    );
    const bySeq = new Map<string, BodyRow[]>();
    for (const row of rows) bySeq.set(row.seq, [...(bySeq.get(row.seq) ?? []), row]);
    return bySeq;
  }

  #entryOf(row: EntryRow, bodies: readonly BodyRow[]): SnapshotEntry {
    const { statement, columns, idem_key, idem_digest } = row;
    return {
      seq: Number(row.seq),
      leaf: row.leaf,
      leafHash: row.leaf_hash,
      contentDigest: row.content_digest,
      fact: statement !== null && columns !== null ? { statement, columns } : undefined,
      idem: idem_key && idem_digest ? { key: idem_key, contentDigest: idem_digest } : undefined,
      bodies: bodies.map((body) => this.#bodyOf(body, idem_key)),
    };
  }

  #bodyOf(row: BodyRow, key: Buffer | null): SnapshotBody {
    const { subject, ciphertext, key_id, wrapped_key } = row;
    const about = { subject, orgId: row.org_id, retentionClass: row.retention_class };
    if (!ciphertext) return { ...about, ciphertext: null, commitment: null };
    const stored = { ...about, ciphertext: sha256(ciphertext) };
    if (!this.keyEncryption || !key) return { ...stored, commitment: null };
    const dataKey = wrapped_key && unseal(this.keyEncryption, wrapped_key, dataKeyContext(subject, key_id));
    const opened = dataKey && openRecord(dataKey, ciphertext, recordContext(subject, key));
    if (!opened) return { ...stored, commitment: 'unreadable' };
    return { ...stored, commitment: opened.commitment, fields: opened.record.fields };
  }
}
