/** Cursor paging. `after` is opaque to callers; `first` is capped by the read model that answers. */
export interface PageRequest {
  readonly first: number;
  readonly after?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Exact count of what matches, whatever the page. */
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
