import { GraphQLError, Kind, visit, type DocumentNode } from 'graphql';

/**
 * Whether a text can be stored and hashed as it is: PostgreSQL holds no U+0000, and half a surrogate pair is no
 * character, so that canonical JSON and UTF-8 have nothing to write for it.
 */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

export const STORABLE = 'text without U+0000 and without halves of surrogate pairs';

/** Refuses a query that holds such a text, in its variables or written into it, and says where. */
export function refuseUnstorable(query: DocumentNode, variables: unknown): void {
  const where =
    unstorableIn(variables, 'variables') ?? (hasUnstorableLiteral(query) ? 'the query' : undefined);
  if (where !== undefined) throw new GraphQLError(`${where}: expected ${STORABLE}`);
}

/** The path of the first such text. Variables come from JSON, so they end. */
function unstorableIn(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const found = isStorable(name) ? unstorableIn(member, `${path}.${name}`) : path;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Documents are kept, and most requests bring one that was seen before. */
const looked = new WeakMap<DocumentNode, boolean>();

function hasUnstorableLiteral(query: DocumentNode): boolean {
  const known = looked.get(query);
  if (known !== undefined) return known;
  let found = false;
  visit(query, {
    [Kind.STRING]: ({ value }) => {
      found ||= !isStorable(value);
    },
  });
  looked.set(query, found);
  return found;
}
