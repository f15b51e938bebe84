import type { OrgOwned, RecordTable } from './record-table.js';
import type { RecordRead } from './record.store.js';

/** The highest version of what is kept in versions; undefined where there is none. */
export async function standing<T extends OrgOwned & { readonly version: number }>(
  records: RecordRead,
  table: RecordTable<T>,
  match: Partial<T> & OrgOwned,
): Promise<T | undefined> {
  const [newest] = await records.find(table, match, { by: 'version', descending: true, limit: 1 });
  return newest;
}
