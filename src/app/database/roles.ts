/**
 * The roles of the database, none of which can log in: a login is a member of one and takes it on with
 * `-c role=`. Owner owns every table and only migrates; service reads and appends, for one organisation at a time;
 * across is service for all of them at once, narrowed for some projects of one (ADR 0022); integrator holds the tree; eraser erases persons and sets
 * holds; reader sees its organisations' record, auditor all but names and keys.
 */
export const DATABASE_ROLES = {
  owner: 'assay_owner',
  service: 'assay_service',
  across: 'assay_across',
  narrowed: 'assay_narrowed',
  integrator: 'assay_integrator',
  eraser: 'assay_eraser',
  reader: 'assay_reader',
  auditor: 'assay_auditor',
} as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[keyof typeof DATABASE_ROLES];

/** The login of each door, and of erasures, made by bootstrap when a password is given for it. */
export const DATABASE_LOGINS = {
  service: 'assay_app',
  integrator: 'assay_log',
  eraser: 'assay_erase',
} as const;

export const SCHEMAS = ['assay', 'ledger', 'bullmq'] as const;
