import type { EntityManager } from 'typeorm';

const PAGE = 500;

/**
 * Every row of a query, a page at a time. The query orders by one unique text expression, takes what was last
 * seen as $1 and the page size as $2, and names the expression `cursor`.
 */
export async function* pageThrough<Row extends { readonly cursor: string }>(
  manager: EntityManager,
  query: string,
): AsyncIterable<Row> {
  for (let after = ''; ;) {
    const rows = await manager.query<Row[]>(query, [after, PAGE]);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.cursor;
  }
}
