import type { EntryKind } from '../../ledger/entry.js';
import type { CheckedPart } from '../../ledger/verify.js';

/** How the rows of a table (`r`) hang on the entries (`f` the fact) that their `entry_key` names. */
export interface Link {
  readonly table: string;
  readonly what: CheckedPart;
  readonly kinds: readonly EntryKind[];
  /** SQL: unique, and what a person calls the row. */
  readonly name: string;
  /** Column that is the moment of the entry. */
  readonly at?: string;
  /** Column that is its actor; NULL is the system. */
  readonly by?: string;
  /** Only the entry knows that the row must be there: no other check looks for it. */
  readonly owed?: true;
  /** What else must hold, in SQL, by what to call it. NULL counts as not. */
  readonly also?: Readonly<Record<string, string>>;
}

/** The member of a statement's predicate that holds the facts. */
export const FACTS = `'urn:assay:facts:v1'`;
/** A detail of the entry. */
export const detail = (name: string): string =>
  `(f.statement::jsonb #>> ARRAY['predicate', ${FACTS}, 'details', '${name}'])`;
/** A column says what is stated, or both say nothing. */
export const same = (column: string, stated: string): string => `${column} IS NOT DISTINCT FROM ${stated}`;
/** A subject of the statement has this name. */
export const subject = (name: string): string =>
  `EXISTS (SELECT FROM jsonb_array_elements(f.statement::jsonb -> 'subject') s WHERE s ->> 'name' = ${name})`;

/** `uuidFromKey` of kernel/id.ts, in SQL. */
export const idOfKey = (column: string): string =>
  `${column} = encode(set_byte(set_byte(r.entry_key, 6, (get_byte(r.entry_key, 6) & 15) | 128),
    8, (get_byte(r.entry_key, 8) & 63) | 128), 'hex')::uuid`;
