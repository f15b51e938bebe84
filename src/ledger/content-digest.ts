import { createHmac } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../kernel/canonical-json.js';
import type { EntryDraft } from './entry.js';
import { pseudonymOf, pseudonymsOf } from './pseudonym.js';

/**
 * 32 bytes over what the request determines: equal for a retry, different for another request under the same
 * key. Leaves out what a retry changes: times, the decision's id, when and how the person logged in, and which
 * build verified. Keyed, because it covers personal fields that must not be guessable from it.
 */
export function contentDigest(draft: EntryDraft, pseudonymKey: Buffer): Buffer {
  const { orgId, kind, actor, subjects, verdictSummary, personal } = draft;
  const content = {
    orgId,
    kind,
    actor: actor === 'system' ? actor : pseudonymOf(pseudonymKey, orgId, actor.principalId),
    ...(draft.persons && { persons: pseudonymsOf(pseudonymKey, orgId, draft.persons) }),
    subjects,
    facts: determined(draft.facts, ['tsStart', 'tsEnd', 'asOf', 'decisionId', 'authTime', 'amr']),
    verdictSummary: determined(verdictSummary ?? {}, ['timeVerified', 'verifier']),
    personal: personal ?? [],
  } as unknown as JsonObject; // canonicalJson refuses, at run time, whatever is not JSON
  return createHmac('sha256', pseudonymKey)
    .update(`assay/content/1\n${canonicalJson(content)}`)
    .digest();
}

const determined = (members: object, leaveOut: readonly string[]): object =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !leaveOut.includes(name)));
