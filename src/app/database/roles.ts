/**
 * The three roles of the database, none of which can log in: a login is a member of one and takes it on with
 * `-c role=`. Owner owns every table and only migrates; service reads and appends; integrator holds the tree.
 */
export const DATABASE_ROLES = {
  owner: 'assay_owner',
  service: 'assay_service',
  integrator: 'assay_integrator',
} as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[keyof typeof DATABASE_ROLES];

/** The login of each door, made by bootstrap when a password is given for it. */
export const DATABASE_LOGINS = { service: 'assay_app', integrator: 'assay_log' } as const;

export const SCHEMAS = ['assay', 'ledger', 'bullmq'] as const;
