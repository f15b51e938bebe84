import type { EntityManager } from 'typeorm';
import { newUuid } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { EntryDraft } from './entry.js';
import type { LedgerKeys } from './keys.js';
import type { AppendOutcome, IdempotencyConflict, Ledger } from './ledger.js';
import { dataKeyContext, newDataKey, seal, unseal } from './personal.js';
import type { Pseudonym } from './pseudonym.js';
import { peopleOf, sealEntry, type DataKey, type SealedEntry } from './sealed-entry.js';

interface AppendRow {
  readonly seq: string;
  readonly outcome: 'created' | 'exists' | 'conflict';
}

/** The ledger on the caller's transaction. The role needs EXECUTE on two functions and no right to any table. */
export class PgLedger implements Ledger {
  constructor(
    private readonly manager: EntityManager,
    private readonly keys: LedgerKeys,
  ) {}

  async append(draft: EntryDraft): Promise<Result<AppendOutcome, IdempotencyConflict>> {
    const dataKeys = new Map<Pseudonym, DataKey>();
    for (const subject of peopleOf(draft, this.keys.pseudonym).keys()) {
      dataKeys.set(subject, await this.#dataKey(draft.orgId, subject));
    }
    const { seq, outcome } = await this.#write(sealEntry(draft, this.keys, dataKeys));
    return outcome === 'conflict'
      ? failed({ kind: 'IdempotencyConflict', seq: Number(seq) })
      : ok({ status: outcome, seq: Number(seq) });
  }

  async #write(entry: SealedEntry): Promise<AppendRow> {
    const bodies = entry.bodies.map(({ subject, keyId, ciphertext }) => ({
      subject,
      key_id: keyId,
      ciphertext: ciphertext.toString('base64'),
    }));
    const [row] = await this.manager.query<AppendRow[]>(
      'SELECT seq, outcome FROM ledger.append_batch($1, $2, $3, $4, $5)',
      [entry.leaf, entry.statement, JSON.stringify(bodies), entry.key, entry.contentDigest],
    );
    if (!row) throw new Error('append_batch answered nothing');
    return row;
  }

  async #dataKey(orgId: string, subject: Pseudonym): Promise<DataKey> {
    const offered = { keyId: newUuid(), key: newDataKey() };
    const wrapped = seal(this.keys.keyEncryption, offered.key, dataKeyContext(subject, offered.keyId));
    const [living] = await this.manager.query<{ key_id: string; wrapped_key: Buffer }[]>(
      'SELECT key_id, wrapped_key FROM ledger.living_key($1, $2, $3, $4)',
      [orgId, subject, offered.keyId, wrapped],
    );
    if (!living) throw new Error(`no living key for ${subject}`);
    const context = dataKeyContext(subject, living.key_id);
    const key = unseal(this.keys.keyEncryption, living.wrapped_key, context);
    if (!key) throw new Error(`the data key of ${subject} does not open: other key-encryption key?`);
    return { keyId: living.key_id, key };
  }
}
