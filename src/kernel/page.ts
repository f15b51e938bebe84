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

export const MAX_PAGE_SIZE = 200;
