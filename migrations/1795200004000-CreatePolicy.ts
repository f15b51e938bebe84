import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Published policy versions and the checklist versions that pin them. Both are documents named by their
 * digest; the columns beside the document are what rows are found by. Drafts and reviews get tables of their
 * own: a published version never goes back.
 */
export class CreatePolicy1795200004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assay.policy_version (
        org_id uuid NOT NULL,
        policy_id text NOT NULL,
        version text NOT NULL,
        digest text NOT NULL,
        source_digest text NOT NULL,
        document text NOT NULL,
        published_at timestamptz NOT NULL,
        published_by uuid,
        entry_key bytea NOT NULL,
        CONSTRAINT policy_version_pk PRIMARY KEY (org_id, policy_id, version),
        CONSTRAINT policy_version_digest_unique UNIQUE (org_id, digest),
        CONSTRAINT policy_version_digest_shape CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
        CONSTRAINT policy_version_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation (org_id)
      );

      CREATE TABLE assay.checklist_version (
        org_id uuid NOT NULL,
        chk_id text NOT NULL,
        version integer NOT NULL,
        digest text NOT NULL,
        document text NOT NULL,
        published_at timestamptz NOT NULL,
        published_by uuid,
        entry_key bytea NOT NULL,
        CONSTRAINT checklist_version_pk PRIMARY KEY (org_id, chk_id, version),
        CONSTRAINT checklist_version_digest_shape CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
        CONSTRAINT checklist_version_number CHECK (version > 0),
        CONSTRAINT checklist_version_id_shape CHECK (chk_id ~ '^CHK_[A-Z0-9_-]+$'),
        CONSTRAINT checklist_version_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation (org_id)
      );

      CREATE TRIGGER policy_version_immutable BEFORE UPDATE OR DELETE ON assay.policy_version
        FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
      CREATE TRIGGER policy_version_no_truncate BEFORE TRUNCATE ON assay.policy_version
        FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
      ALTER TABLE assay.policy_version ENABLE ALWAYS TRIGGER policy_version_immutable;
      ALTER TABLE assay.policy_version ENABLE ALWAYS TRIGGER policy_version_no_truncate;
      CREATE TRIGGER checklist_version_immutable BEFORE UPDATE OR DELETE ON assay.checklist_version
        FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
      CREATE TRIGGER checklist_version_no_truncate BEFORE TRUNCATE ON assay.checklist_version
        FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
      ALTER TABLE assay.checklist_version ENABLE ALWAYS TRIGGER checklist_version_immutable;
      ALTER TABLE assay.checklist_version ENABLE ALWAYS TRIGGER checklist_version_no_truncate;

      GRANT SELECT, INSERT ON assay.policy_version, assay.checklist_version TO assay_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE assay.checklist_version, assay.policy_version;`);
  }
}
