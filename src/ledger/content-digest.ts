import { createHmac } from 'node:crypto';
import { canonicalJson, objectText, type CanonicalMember, type JsonValue } from '../kernel/canonical-json.js';
import { draftParts } from './draft-parts.js';
import type { EntryDraft } from './entry.js';

/**
 * What a retry changes: times, the decision's id, when and how the person logged in, and which build verified; and
 * the project, which statements did not name before 2026-11.
 */
const NOT_OF_THE_FACTS = new Set(['tsStart', 'tsEnd', 'asOf', 'decisionId', 'authTime', 'amr', 'projectId']);
const NOT_OF_THE_SUMMARY = new Set(['timeVerified', 'verifier']);

/**
 * 32 bytes over what the request determines: equal for a retry, different for another request under the same
 * key. Leaves out what a retry changes. Keyed, because it covers personal fields that must not be guessable from
 * it. The members are put together in canonical order; the spec holds the text against one made in one piece.
 */
export function contentDigest(
  draft: EntryDraft,
  pseudonymKey: Buffer,
  parts = draftParts(draft, pseudonymKey),
): Buffer {
  const text = [
    `{"actor":"${parts.actor}"`,
    `"facts":${determined(parts.facts, NOT_OF_THE_FACTS)}`,
    `"kind":"${draft.kind}"`,
    `"orgId":${canonicalJson(draft.orgId)}`,
    `"personal":${canonicalJson((draft.personal ?? []) as unknown as JsonValue)}`, // what is not JSON is refused at run time
    ...(draft.persons ? [`"persons":${canonicalJson(parts.persons)}`] : []),
    `"subjects":${canonicalJson(draft.subjects as unknown as JsonValue)}`,
    `"verdictSummary":${determined(parts.summary, NOT_OF_THE_SUMMARY)}}`,
  ].join(',');
  return createHmac('sha256', pseudonymKey).update(`assay/content/1\n${text}`).digest();
}

const determined = (members: readonly CanonicalMember[], leaveOut: ReadonlySet<string>): string =>
  objectText(members.filter(({ name }) => !leaveOut.has(name)));
