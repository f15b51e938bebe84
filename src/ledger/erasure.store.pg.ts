import type { EntityManager } from 'typeorm';
import { newUuid } from '../kernel/id.js';
import type { EntryDraft } from './entry.js';
import type { Erased, ErasureStore, Lifted, NewHold, Recorded } from './erasure.store.js';
import type { LedgerKeys } from './keys.js';
import { dataKeyContext, newDataKey, seal, unseal } from './personal.js';
import type { Pseudonym } from './pseudonym.js';
import { peopleOf, sealEntry, type DataKey } from './sealed-entry.js';

interface Row {
  readonly outcome: Erased['outcome'] | 'lifted';
  readonly seq: string | null;
  readonly holds?: readonly string[];
}

/** Parameters of every function: leaf, statement, bodies, idempotency key, content digest. */
type Sealed = readonly [leaf: string, fact: string, bodies: string, key: Buffer, digest: Buffer];

/** On a connection that acts as assay_eraser: EXECUTE on four functions, and no right to any table. */
export class PgErasureStore implements ErasureStore {
  constructor(
    private readonly manager: EntityManager,
    private readonly keys: LedgerKeys,
  ) {}

  async erase(principalId: string, draft: EntryDraft): Promise<Erased> {
    const sealed = await this.#seal(draft);
    const row = await this.#call('ledger.erase_person($1, $2, $3, $4, $5, $6, $7)', [
      draft.orgId,
      principalId,
      ...sealed,
    ]);
    if (row.outcome === 'unknown') return { outcome: 'unknown' };
    if (row.outcome === 'held') return { outcome: 'held', holdIds: row.holds ?? [] };
    return recorded(row);
  }

  async setHold({ holdId, scope, until }: NewHold, draft: EntryDraft): Promise<Recorded> {
    const sealed = await this.#seal(draft);
    const at = until === null ? null : new Date(until);
    return recorded(
      await this.#call('ledger.set_hold($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
        draft.orgId,
        holdId,
        scope,
        at,
        ...sealed,
      ]),
    );
  }

  async liftHold(holdId: string, draft: EntryDraft): Promise<Lifted> {
    const sealed = await this.#seal(draft);
    const row = await this.#call('ledger.lift_hold($1, $2, $3, $4, $5, $6, $7)', [
      draft.orgId,
      holdId,
      ...sealed,
    ]);
    if (row.outcome === 'unknown') return { outcome: 'unknown' };
    if (row.outcome === 'lifted') return { outcome: 'lifted', seq: Number(row.seq) };
    return recorded(row);
  }

  async #call(call: string, parameters: unknown[]): Promise<Row> {
    const [row] = await this.manager.query<Row[]>(`SELECT * FROM ${call}`, parameters);
    if (!row) throw new Error(`${call} answered nothing`);
    return row;
  }

  async #seal(draft: EntryDraft): Promise<Sealed> {
    const dataKeys = new Map<Pseudonym, DataKey>();
    for (const subject of peopleOf(draft, this.keys.pseudonym).keys())
      dataKeys.set(subject, await this.#dataKey(draft.orgId, subject));
    const { leaf, statement, bodies, key, contentDigest } = sealEntry(draft, this.keys, dataKeys);
    const rows = bodies.map(({ subject, keyId, ciphertext }) => ({
      subject,
      key_id: keyId,
      ciphertext: ciphertext.toString('base64'),
    }));
    return [leaf, statement, JSON.stringify(rows), key, contentDigest];
  }

  async #dataKey(orgId: string, subject: Pseudonym): Promise<DataKey> {
    const offered = { keyId: newUuid(), key: newDataKey() };
    const wrapped = seal(this.keys.keyEncryption, offered.key, dataKeyContext(subject, offered.keyId));
    const [living] = await this.manager.query<{ key_id: string; wrapped_key: Buffer }[]>(
      'SELECT key_id, wrapped_key FROM ledger.living_key($1, $2, $3, $4)',
      [orgId, subject, offered.keyId, wrapped],
    );
    const key =
      living && unseal(this.keys.keyEncryption, living.wrapped_key, dataKeyContext(subject, living.key_id));
    if (!living || !key)
      throw new Error(`the data key of ${subject} does not open: other key-encryption key?`);
    return { keyId: living.key_id, key };
  }
}

function recorded({ outcome, seq }: Row): Recorded {
  if (seq === null || (outcome !== 'created' && outcome !== 'exists' && outcome !== 'conflict'))
    throw new Error(`unexpected outcome ${outcome}`);
  return { outcome, seq: Number(seq) };
}
