import type { EntityManager } from 'typeorm';
import { failed, ok } from '../kernel/result.js';
import type { EntryDraft } from './entry.js';
import type { LedgerKeys } from './keys.js';
import type { Appended, GroupLedger } from './ledger.js';
import type { Pseudonym } from './pseudonym.js';
import { bodiesLine, type SealedEntry } from './sealed-entry.js';
import { Sealer, type WrappedKey } from './sealer.js';

interface AppendRow {
  /** 0: all were created, in order from `seq`. */
  readonly ordinal: number;
  readonly seq: string;
  readonly outcome: 'created' | 'exists' | 'conflict';
}

interface KeyRow {
  readonly org_id: string;
  readonly subject: Pseudonym;
  readonly key_id: string;
  readonly wrapped_key: Buffer;
}

/** The ledger on the caller's transaction. The role needs EXECUTE on two functions and no right to any table. */
export class PgLedger implements GroupLedger {
  /** A sealer of its own remembers nothing of other transactions: correct, and one more round trip per person. */
  constructor(
    private readonly manager: EntityManager,
    keys: LedgerKeys,
    private readonly sealer = new Sealer(keys),
  ) {}

  async append(draft: EntryDraft): Promise<Appended> {
    const [outcome] = await this.appendAll([draft]);
    if (!outcome) throw new Error('append_batch answered nothing');
    return outcome;
  }

  async appendAll(drafts: readonly EntryDraft[]): Promise<readonly Appended[]> {
    if (drafts.length === 0) return [];
    try {
      const offered = this.sealer.offers(drafts);
      const living = offered.length === 0 ? [] : await this.#livingKeys(offered);
      return outcomesOf(await this.#write(this.sealer.seal(drafts, offered, living)), drafts.length);
    } catch (error) {
      this.sealer.forget(drafts); // a key it rests on may be the reason
      throw error;
    }
  }

  #write(entries: readonly SealedEntry[]): Promise<AppendRow[]> {
    return this.manager.query<AppendRow[]>(
      'SELECT ordinal, seq, outcome FROM ledger.append_batch($1, $2, $3, $4, $5)',
      [
        entries.map(({ leaf }) => leaf).join('\n'),
        entries.map(({ statement }) => statement).join('\n'),
        entries.map(bodiesLine).join('\n'),
        Buffer.concat(entries.map(({ key }) => key)),
        Buffer.concat(entries.map(({ contentDigest }) => contentDigest)),
      ],
    );
  }

  async #livingKeys(offered: readonly WrappedKey[]): Promise<readonly WrappedKey[]> {
    const rows = await this.manager.query<KeyRow[]>(
      'SELECT org_id, subject, key_id, wrapped_key FROM ledger.living_keys($1, $2, $3, $4)',
      [
        offered.map(({ orgId }) => orgId),
        offered.map(({ subject }) => subject),
        offered.map(({ keyId }) => keyId),
        offered.map(({ wrapped }) => wrapped),
      ],
    );
    return rows.map((row) => ({
      orgId: row.org_id,
      subject: row.subject,
      keyId: row.key_id,
      wrapped: row.wrapped_key,
    }));
  }
}

function outcomesOf(rows: readonly AppendRow[], count: number): readonly Appended[] {
  const [first] = rows;
  if (first?.ordinal === 0) {
    const base = Number(first.seq);
    return Array.from({ length: count }, (_, n) => ok({ status: 'created' as const, seq: base + n }));
  }
  if (rows.length !== count) throw new Error(`append_batch answered ${rows.length} of ${count} records`);
  return rows.map(({ seq, outcome }) =>
    outcome === 'conflict'
      ? failed({ kind: 'IdempotencyConflict' as const, seq: Number(seq) })
      : ok({ status: outcome, seq: Number(seq) }),
  );
}
