import { createHash } from 'node:crypto';

/** What a request body says of the operation it asks for. */
interface Asked {
  readonly query?: unknown;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: unknown } } | null;
}

/** Mercurius's provider, as far as it is used. Its types want more than it asks. */
export interface PersistedOperations {
  isPersistedQuery(body: object): boolean;
  /** Clients cannot add operations. */
  isPersistedQueryRetry(body: object): boolean;
  getHash(body: object): string;
  getQueryFromHash(hash: string): Promise<string>;
  readonly notFoundError: string;
}

/** What clients of Apollo's persisted queries look for in the answer. */
export const OPERATION_NOT_FOUND = 'PersistedQueryNotFound';

/** SHA-256 of the text as it stands, in hex: what `sha256sum` says of the file. */
export const operationHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Operations that are asked for by their hash alone, in the form of Apollo's persisted queries:
 * `extensions.persistedQuery.sha256Hash` without a query. With `only`, nothing else is answered; the text itself will
 * do, too, where it is one of them.
 */
export function persistedOperations(texts: readonly string[], only: boolean): PersistedOperations {
  const known = new Map(texts.map((text) => [operationHash(text), text]));
  return {
    isPersistedQuery: (body) => {
      const { query, extensions } = body as Asked;
      return only || (query === undefined && extensions?.persistedQuery != null);
    },
    isPersistedQueryRetry: () => false,
    getHash: (body) => {
      const { query, extensions } = body as Asked;
      if (typeof query === 'string') return operationHash(query);
      const hash = extensions?.persistedQuery?.sha256Hash;
      return typeof hash === 'string' ? hash.toLowerCase() : 'none';
    },
    getQueryFromHash: (hash) => Promise.resolve(known.get(hash) ?? ''),
    notFoundError: OPERATION_NOT_FOUND,
  };
}
