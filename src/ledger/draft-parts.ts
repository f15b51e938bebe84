import { canonicalMembers, type CanonicalMember, type JsonObject } from '../kernel/canonical-json.js';
import type { EntryDraft } from './entry.js';
import { pseudonymOf, pseudonymsOf, type Pseudonym } from './pseudonym.js';

/** What the content digest and the statement of a draft have in common, and what costs most of either. */
export interface DraftParts extends CanonicalFacts {
  readonly actor: Pseudonym | 'system';
  /** Of the draft's persons, by the part they play. */
  readonly persons: Readonly<Record<string, Pseudonym>>;
}

export interface CanonicalFacts {
  readonly facts: readonly CanonicalMember[];
  readonly summary: readonly CanonicalMember[];
}

/** Throws on facts that have no exact JSON form. */
export const canonicalFacts = ({ facts, verdictSummary = {} }: EntryDraft): CanonicalFacts => ({
  facts: canonicalMembers(facts as unknown as JsonObject), // plain data; anything else is refused at run time
  summary: canonicalMembers(verdictSummary),
});

export const draftParts = (draft: EntryDraft, pseudonymKey: Buffer): DraftParts => ({
  ...canonicalFacts(draft),
  actor:
    draft.actor === 'system' ? 'system' : pseudonymOf(pseudonymKey, draft.orgId, draft.actor.principalId),
  persons: pseudonymsOf(pseudonymKey, draft.orgId, draft.persons),
});
