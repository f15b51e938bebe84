import type { MigrationInterface, QueryRunner } from 'typeorm';

const appendOnly = (table: string): string => `
  CREATE TRIGGER ${table}_immutable BEFORE UPDATE OR DELETE ON assay.${table}
    FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
  CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON assay.${table}
    FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
  ALTER TABLE assay.${table} ENABLE ALWAYS TRIGGER ${table}_immutable;
  ALTER TABLE assay.${table} ENABLE ALWAYS TRIGGER ${table}_no_truncate;
`;

/**
 * Grants that end, grants of one project, and principals that are shut out. Nothing is changed: a revocation and a
 * standing are rows of their own, so that who was allowed what at any instant can still be read.
 */
export class AdministerAccess1795700004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE assay.access_grant
        ADD COLUMN project_id uuid,              -- null: everywhere in the organisation
        ADD COLUMN requests_per_minute integer,  -- null: what the class of principal may
        ADD CONSTRAINT access_grant_project_fk FOREIGN KEY (project_id) REFERENCES assay.project (project_id),
        ADD CONSTRAINT access_grant_rate CHECK
          (requests_per_minute IS NULL OR (requests_per_minute > 0 AND project_id IS NULL));

      CREATE TABLE assay.access_grant_revocation (
        grant_id uuid NOT NULL,
        org_id uuid NOT NULL,
        revoked_at timestamptz NOT NULL,
        revoked_by uuid NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT access_grant_revocation_pk PRIMARY KEY (grant_id), -- a grant ends once
        CONSTRAINT access_grant_revocation_grant_fk FOREIGN KEY (grant_id) REFERENCES assay.access_grant (grant_id)
      );
      ${appendOnly('access_grant_revocation')}

      CREATE TABLE assay.principal_standing (
        principal_id uuid NOT NULL,
        ordinal integer NOT NULL,                -- the latest one counts; without any the principal is let in
        org_id uuid NOT NULL,
        disabled boolean NOT NULL,
        changed_at timestamptz NOT NULL,
        changed_by uuid NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT principal_standing_pk PRIMARY KEY (principal_id, ordinal),
        CONSTRAINT principal_standing_ordinal CHECK (ordinal > 0),
        CONSTRAINT principal_standing_principal_fk FOREIGN KEY (principal_id) REFERENCES assay.principal (principal_id)
      );
      ${appendOnly('principal_standing')}

      CREATE INDEX access_grant_listed_idx ON assay.access_grant (org_id, granted_at, grant_id); -- the list of grants

      GRANT SELECT, INSERT ON assay.access_grant_revocation, assay.principal_standing TO assay_service;
      GRANT SELECT ON assay.access_grant_revocation, assay.principal_standing TO assay_auditor;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX assay.access_grant_listed_idx;
      DROP TABLE assay.principal_standing, assay.access_grant_revocation;
      ALTER TABLE assay.access_grant DROP COLUMN requests_per_minute, DROP COLUMN project_id;
    `);
  }
}
