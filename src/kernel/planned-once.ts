/**
 * Marks a statement that PostgreSQL may plan once for each connection and then keep (PREPARE). For those that are asked
 * again and again and find by key: to plan one takes several times as long as to run it. Not for filters that may be
 * left out – `$2 IS NULL OR …` – and say, when given, by which index to look: a plan for any value uses none for them.
 * `sql`: a text that does not change from one call to the next; a plan is kept for each text.
 */
export const plannedOnce = (sql: string): string => (isPlannedOnce(sql) ? sql : MARK + sql);

export const isPlannedOnce = (sql: string): boolean => sql.startsWith(MARK);

const MARK = '/* planned once */ ';
