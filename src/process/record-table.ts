import { digestOf, type JsonObject, type JsonValue } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';

/** How a field is stored. `instant` is milliseconds in the record and timestamptz in the table. */
export type ColumnType = 'text' | 'uuid' | 'integer' | 'boolean' | 'instant' | 'json';

export interface OrgOwned {
  readonly orgId: string;
}

/**
 * A table whose rows are only ever added, one per entry: the record is the row, its digest a subject of the entry. So
 * one store writes them all, and one check holds them all against the ledger.
 */
export interface RecordTable<T extends OrgOwned> {
  readonly table: string;
  readonly columns: Readonly<Record<keyof T & string, ColumnType>>;
  /** Name of the record's subject in its entry: unique in the organisation, over all of these tables. */
  readonly subject: (record: T) => string;
}

/** `caseId` → `case_id` */
export const columnOf = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Covers every field: a row that was changed in any of them no longer fits its entry. */
export const recordDigest = (record: OrgOwned): Digest => digestOf(record as unknown as JsonObject);

/** Whether two records say the same, whoever says it and when: but for the fields in `besides`. */
export function saysTheSame<T extends OrgOwned>(a: T, b: T, besides: readonly (keyof T & string)[]): boolean {
  const left = new Set<string>(besides);
  const said = (record: T): Digest =>
    digestOf(
      Object.fromEntries(
        Object.entries<JsonValue>(record as object as JsonObject).filter(([field]) => !left.has(field)),
      ),
    );
  return said(a) === said(b);
}
