import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { JsonObject } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import type { IdempotencyKey } from '../kernel/id.js';
import { actedBy } from '../ledger/acted.js';
import type { EntryDraft, EntryFacts, EntryKind, EntrySubject } from '../ledger/entry.js';
import { recordDigest, type OrgOwned, type RecordTable } from './record-table.js';

/** A change of the process, on its way into the ledger. */
export interface ProcessChange {
  readonly kind: EntryKind;
  readonly orgId: string;
  readonly actor: Actor | 'system';
  readonly context: ProcessContext;
  readonly at: Instant;
  readonly key: IdempotencyKey;
  /** One for each row that it writes. */
  readonly subjects: readonly EntrySubject[];
  readonly facts: Partial<EntryFacts>;
  readonly details: JsonObject;
  /** Names and free text, encrypted with the actor's key. */
  readonly prose?: Readonly<Record<string, string>>;
  readonly persons?: Readonly<Record<string, string>>;
}

export const subjectOf = <T extends OrgOwned>(table: RecordTable<T>, record: T): EntrySubject => ({
  name: table.subject(record),
  digest: recordDigest(record),
});

/** What the command is about counts before what its caller said of where it happens. */
export function processEntry(change: ProcessChange): EntryDraft {
  const { kind, orgId, actor, context, at, key, subjects, facts, details, prose = {}, persons } = change;
  return {
    orgId,
    kind,
    actor: actor === 'system' ? actor : { principalId: actor.principalId },
    ...(persons && { persons }),
    subjects,
    facts: { tsStart: at, tsEnd: at, ...actedBy(actor, context), ...facts, details },
    ...(actor !== 'system' &&
      Object.keys(prose).length > 0 && { personal: [{ principalId: actor.principalId, fields: prose }] }),
    key,
  };
}

export const principalOf = (actor: Actor | 'system'): string | null =>
  actor === 'system' ? null : actor.principalId;
