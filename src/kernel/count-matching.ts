import type { Queries } from './look-ups.js';

/** Lists say how many match up to this many. One more stands for "more than that": the SDL says so at `totalCount`. */
export const MAX_COUNTED = 10_000;

/**
 * The question how many rows match, looked at no further than the bound: to count a million takes longer than a page
 * may. `rows`: what follows FROM, with its WHERE; SQL of ours, never anything given. Answers one row with `count`.
 */
export const countingSql = (rows: string): string =>
  `SELECT count(*) FROM (SELECT FROM ${rows} LIMIT ${String(MAX_COUNTED + 1)}) counted`;

/** Asks it; what is looked up with others asks `countingSql` itself. */
export async function countMatching(
  on: Queries,
  rows: string,
  parameters: readonly unknown[],
): Promise<number> {
  const [counted] = await on.query<{ count: string }[]>(countingSql(rows), [...parameters]);
  return Number(counted?.count ?? 0);
}
