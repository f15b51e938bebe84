import type { EntityManager } from 'typeorm';
import type { EntryDraft } from './entry.js';
import type { Erased, ErasureStore, Lifted, NewHold, Recorded } from './erasure.store.js';
import type { LedgerKeys } from './keys.js';
import { bodiesLine } from './sealed-entry.js';
import { Sealer, type WrappedKey } from './sealer.js';

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

  /** With keys asked for anew: an erasure is the one place where a remembered key is likely to be gone. */
  async #seal(draft: EntryDraft): Promise<Sealed> {
    const sealer = new Sealer(this.keys);
    const offered = sealer.offers([draft]);
    const living: WrappedKey[] = [];
    for (const key of offered) living.push(await this.#livingKey(key));
    const [sealed] = sealer.seal([draft], offered, living);
    if (!sealed) throw new Error('one draft was not sealed to one entry');
    return [sealed.leaf, sealed.statement, bodiesLine(sealed), sealed.key, sealed.contentDigest];
  }

  async #livingKey(offered: WrappedKey): Promise<WrappedKey> {
    const { orgId, subject, keyId, wrapped } = offered;
    const [living] = await this.manager.query<{ key_id: string; wrapped_key: Buffer }[]>(
      'SELECT key_id, wrapped_key FROM ledger.living_key($1, $2, $3, $4)',
      [orgId, subject, keyId, wrapped],
    );
    if (!living) throw new Error(`no living key for ${subject}`);
    return { ...offered, keyId: living.key_id, wrapped: living.wrapped_key };
  }
}

function recorded({ outcome, seq }: Row): Recorded {
  if (seq === null || (outcome !== 'created' && outcome !== 'exists' && outcome !== 'conflict'))
    throw new Error(`unexpected outcome ${outcome}`);
  return { outcome, seq: Number(seq) };
}
