import type { Instant } from './clock.js';
import { isUuid } from './id.js';
import { failed, ok, type Result } from './result.js';

/** Cursor paging. `after` is opaque to callers; `first` is capped by the read model that answers. */
export interface PageRequest {
  readonly first: number;
  readonly after?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** How many match, whatever the page; up to a bound where they are many (`countMatching`). */
  readonly totalCount: number;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

/** The cursor is not one that the list gave. Refused: who began at the start again would read on for ever. */
export interface InvalidCursor {
  readonly kind: 'InvalidCursor';
  readonly given: string;
}

export const MAX_PAGE_SIZE = 200;

/** How many items the page holds at most. */
export const pageSize = ({ first }: Pick<PageRequest, 'first'>): number =>
  Math.min(Math.max(first, 0), MAX_PAGE_SIZE);

/** A page of what was read with one item more than it holds: that there is one more tells that there is a next page. */
export function pageOf<T>(
  read: readonly T[],
  { first, totalCount }: { readonly first: number; readonly totalCount: number },
  cursorOf: (item: T) => string,
): Page<T> {
  const items = read.slice(0, first);
  const last = items.at(-1);
  return { items, totalCount, endCursor: last ? cursorOf(last) : null, hasNextPage: read.length > first };
}

export const EMPTY_PAGE: Page<never> = { items: [], totalCount: 0, endCursor: null, hasNextPage: false };

/** A place in a list that is ordered by time, and by id within one instant. */
export interface Moment {
  readonly at: Instant;
  readonly id: string;
}

export const momentCursor = ({ at, id }: Moment): string =>
  Buffer.from(`${String(at)} ${id}`).toString('base64url');

/** Behind which item of such a list the page begins; undefined: at the start. */
export function momentAfter({ after }: PageRequest): Result<Moment | undefined, InvalidCursor> {
  if (after === undefined) return ok(undefined);
  const [at = '', id = '', ...rest] = Buffer.from(after, 'base64url').toString().split(' ');
  return /^\d{1,15}$/.test(at) && isUuid(id) && rest.length === 0
    ? ok({ at: Number(at), id })
    : failed({ kind: 'InvalidCursor', given: after });
}

/** Behind which number of a list that is ordered by one – its cursor – the page begins; undefined: at the start. */
export function numberAfter({ after }: PageRequest): Result<number | undefined, InvalidCursor> {
  if (after === undefined) return ok(undefined);
  return /^\d{1,15}$/.test(after) ? ok(Number(after)) : failed({ kind: 'InvalidCursor', given: after });
}
