import type { Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';

/**
 * What an inbox is made of. WAIVER_TO_REVIEW and RUN_PAUSED wait for the viewer; WAIVER_EXPIRES and DECISION_EXPIRES
 * end soon; DECISION_STALE and RUN_LATE are behind already, whoever mends it.
 */
export const INBOX_SECTIONS = [
  'WAIVER_TO_REVIEW',
  'RUN_PAUSED',
  'WAIVER_EXPIRES',
  'DECISION_EXPIRES',
  'DECISION_STALE',
  'RUN_LATE',
] as const;
export type InboxSection = (typeof INBOX_SECTIONS)[number];

/** One step that the viewer could take, and why not. */
export interface InboxStep {
  readonly action: string;
  readonly allowed: boolean;
  readonly reasonCode: string;
}

export interface InboxItem {
  readonly section: InboxSection;
  /** Of the waiver, the run or the decision. */
  readonly id: string;
  readonly gateId: string | null;
  readonly artId: string | null;
  readonly artefactDigest: Digest | null;
  /** Since when it is here. */
  readonly since: Instant;
  /** When it ends, or should be done; null where nothing says so. */
  readonly due: Instant | null;
  readonly viewerCan: readonly InboxStep[];
}

/**
 * A page of a section, most urgent first: what is due, earliest first; then the rest, the longest waiting first. The
 * cursor is the last item's place in that order.
 */
export function pageOfInbox(
  items: readonly InboxItem[],
  { first, after }: PageRequest,
): Result<Page<InboxItem>, InvalidCursor> {
  const sorted = items.toSorted((a, b) => compareKeys(keyOf(a), keyOf(b)));
  const from = after === undefined ? undefined : placeOf(after);
  if (after !== undefined && !from) return failed({ kind: 'InvalidCursor', given: after });
  const rest = from ? sorted.filter((item) => compareKeys(keyOf(item), from) > 0) : sorted;
  const page = rest.slice(0, first);
  const last = page.at(-1);
  return ok({
    items: page,
    totalCount: items.length,
    endCursor: last ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null,
    hasNextPage: rest.length > page.length,
  });
}

/** Sorts what is never due behind what is; Infinity is no JSON. */
const NO_DUE = Number.MAX_SAFE_INTEGER;
type Key = readonly [due: number, since: number, id: string];
const keyOf = ({ due, since, id }: InboxItem): Key => [due ?? NO_DUE, since, id];
const compareKeys = (a: Key, b: Key): number =>
  a[0] - b[0] || a[1] - b[1] || Number(a[2] > b[2]) - Number(a[2] < b[2]);

function placeOf(cursor: string): Key | undefined {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(key) &&
      key.length === 3 &&
      typeof key[0] === 'number' &&
      typeof key[1] === 'number' &&
      typeof key[2] === 'string'
      ? [key[0], key[1], key[2]]
      : undefined;
  } catch {
    return undefined;
  }
}
