import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Organisations, projects and principals: what every other table refers to by org_id. `refuse_change` is the
 * one trigger function that keeps immutable tables immutable, also for a superuser who forgot what he is doing
 * (who did not forget can switch it off: that is what the ledger finds).
 */
export class CreateFoundations1795200001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION assay.refuse_change() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        RAISE EXCEPTION '%.% is append-only: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
          USING ERRCODE = '42501';
      END $$;
      REVOKE ALL ON FUNCTION assay.refuse_change() FROM PUBLIC;

      CREATE TABLE assay.organisation (
        org_id uuid NOT NULL,
        slug text NOT NULL,
        name text NOT NULL,
        time_zone text NOT NULL,
        locale text NOT NULL,
        created_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT organisation_pk PRIMARY KEY (org_id),
        CONSTRAINT organisation_slug_unique UNIQUE (slug),
        CONSTRAINT organisation_slug_shape CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
        CONSTRAINT organisation_locale_known CHECK (locale IN ('en', 'nl'))
      );

      CREATE TABLE assay.project (
        project_id uuid NOT NULL,
        org_id uuid NOT NULL,
        slug text NOT NULL,
        name text NOT NULL,
        created_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT project_pk PRIMARY KEY (project_id),
        CONSTRAINT project_slug_unique UNIQUE (org_id, slug),
        CONSTRAINT project_slug_shape CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
        CONSTRAINT project_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation (org_id)
      );

      -- Who can be authenticated: issuer and subject are the token's claims. The display name is the only
      -- personal field outside the ledger's encrypted bodies; erasing a person blanks it.
      CREATE TABLE assay.principal (
        principal_id uuid NOT NULL,
        org_id uuid NOT NULL,
        kind text NOT NULL,
        issuer text NOT NULL,
        subject text NOT NULL,
        display_name text NOT NULL,
        created_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT principal_pk PRIMARY KEY (principal_id),
        CONSTRAINT principal_subject_unique UNIQUE (org_id, issuer, subject),
        CONSTRAINT principal_kind_known CHECK (kind IN ('person', 'service', 'agent')),
        CONSTRAINT principal_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation (org_id)
      );

      CREATE TABLE assay.access_grant (
        grant_id uuid NOT NULL,
        org_id uuid NOT NULL,
        principal_id uuid NOT NULL,
        access_role text NOT NULL,
        granted_at timestamptz NOT NULL,
        granted_by uuid,
        entry_key bytea NOT NULL,
        CONSTRAINT access_grant_pk PRIMARY KEY (grant_id),
        CONSTRAINT access_grant_role_known CHECK (access_role IN
          ('service', 'developer', 'officer', 'approver', 'auditor', 'admin', 'data-protection')),
        CONSTRAINT access_grant_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation (org_id),
        CONSTRAINT access_grant_principal_fk FOREIGN KEY (principal_id) REFERENCES assay.principal (principal_id)
      );

      CREATE INDEX access_grant_principal_idx ON assay.access_grant (principal_id); -- roles of one principal, on every request

      CREATE TRIGGER access_grant_immutable BEFORE UPDATE OR DELETE ON assay.access_grant
        FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
      CREATE TRIGGER access_grant_no_truncate BEFORE TRUNCATE ON assay.access_grant
        FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
      ALTER TABLE assay.access_grant ENABLE ALWAYS TRIGGER access_grant_immutable;
      ALTER TABLE assay.access_grant ENABLE ALWAYS TRIGGER access_grant_no_truncate;

      GRANT SELECT, INSERT ON assay.organisation, assay.project, assay.principal, assay.access_grant
        TO assay_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE assay.access_grant, assay.principal, assay.project, assay.organisation;
      DROP FUNCTION assay.refuse_change();
    `);
  }
}
