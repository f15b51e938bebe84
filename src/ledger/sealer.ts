import { newUuid } from '../kernel/id.js';
import { LruMap } from '../kernel/lru-map.js';
import type { EntryDraft } from './entry.js';
import type { LedgerKeys } from './keys.js';
import { dataKeyContext, newDataKey, seal, unseal } from './personal.js';
import type { Pseudonym } from './pseudonym.js';
import { peopleOf, sealEntry, type DataKey, type SealedEntry } from './sealed-entry.js';

/** A person's data key as the database holds it. */
export interface WrappedKey {
  readonly orgId: string;
  readonly subject: Pseudonym;
  readonly keyId: string;
  readonly wrapped: Buffer;
}

/** People whose wrapped keys a replica remembers, about 200 bytes each. */
const REMEMBERED = 20_000;

/**
 * Seals and signs drafts, which is most of what an entry costs, as soon as they are known: outside the
 * transaction where that is possible. One for each replica.
 *
 * It remembers people's keys in their wrapped form. That is a guess: the person may have been erased meanwhile.
 * `append_batch` locks each key it is given and refuses destroyed ones (SQLSTATE 40001); then `forget`.
 */
export class Sealer {
  private readonly known = new LruMap<string, WrappedKey>(REMEMBERED);
  /** By the draft itself: who tries again with an equal one gets a new signature, which no reader minds. */
  private readonly sealed = new WeakMap<EntryDraft, SealedEntry>();

  constructor(private readonly keys: LedgerKeys) {}

  /** Seals a draft if every person's key is remembered. Throws on a draft that cannot be stated. */
  prepare(draft: EntryDraft): void {
    if (this.sealed.has(draft)) return;
    const people = [...peopleOf(draft, this.keys.pseudonym).keys()];
    const dataKeys = new Map<Pseudonym, DataKey>();
    for (const subject of people) {
      const known = this.known.get(placeOf(draft.orgId, subject));
      if (!known) return;
      dataKeys.set(subject, this.open(known));
    }
    this.sealed.set(draft, sealEntry(draft, this.keys, dataKeys));
  }

  /** A new key for everyone whose key is needed and not remembered, to be offered to the database; in one order. */
  offers(drafts: readonly EntryDraft[]): readonly WrappedKey[] {
    const missing = new Map<string, WrappedKey>();
    for (const draft of drafts) {
      if (this.sealed.has(draft)) continue;
      for (const subject of peopleOf(draft, this.keys.pseudonym).keys()) {
        const place = placeOf(draft.orgId, subject);
        if (this.known.get(place) || missing.has(place)) continue;
        missing.set(place, this.newKey(draft.orgId, subject));
      }
    }
    return [...missing].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
  }

  /**
   * The drafts as the database takes them. `living` are the answers to `offers`. Remembered are those that were
   * there before: an offered one is gone if this transaction rolls back.
   */
  seal(
    drafts: readonly EntryDraft[],
    offered: readonly WrappedKey[],
    living: readonly WrappedKey[],
  ): readonly SealedEntry[] {
    const fresh = new Map(living.map((key) => [placeOf(key.orgId, key.subject), key]));
    const own = new Set(offered.map(({ keyId }) => keyId));
    for (const [place, key] of fresh) if (!own.has(key.keyId)) this.known.set(place, key);
    return drafts.map((draft) => this.sealed.get(draft) ?? this.sealNow(draft, fresh));
  }

  /** After a failed append: its people's keys are asked for anew. */
  forget(drafts: readonly EntryDraft[]): void {
    for (const draft of drafts) {
      if ((draft.personal ?? []).length === 0) continue; // sealed with nobody's key
      this.sealed.delete(draft);
      for (const subject of peopleOf(draft, this.keys.pseudonym).keys())
        this.known.delete(placeOf(draft.orgId, subject));
    }
  }

  private sealNow(draft: EntryDraft, fresh: ReadonlyMap<string, WrappedKey>): SealedEntry {
    const dataKeys = [...peopleOf(draft, this.keys.pseudonym).keys()].map((subject) => {
      const place = placeOf(draft.orgId, subject);
      const key = fresh.get(place) ?? this.known.get(place);
      if (!key) throw new Error(`no living key for ${subject}`);
      return [subject, this.open(key)] as const;
    });
    return sealEntry(draft, this.keys, new Map(dataKeys));
  }

  private newKey(orgId: string, subject: Pseudonym): WrappedKey {
    const keyId = newUuid();
    const wrapped = seal(this.keys.keyEncryption, newDataKey(), dataKeyContext(subject, keyId));
    return { orgId, subject, keyId, wrapped };
  }

  private open({ subject, keyId, wrapped }: WrappedKey): DataKey {
    const key = unseal(this.keys.keyEncryption, wrapped, dataKeyContext(subject, keyId));
    if (!key) throw new Error(`the data key of ${subject} does not open: other key-encryption key?`);
    return { keyId, key };
  }
}

const placeOf = (orgId: string, subject: Pseudonym): string => `${orgId} ${subject}`;
