import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which version of a checklist is in force: an activation of its own, numbered per checklist and never changed.
 * What was published before this migration was in force as soon as it was published, and stays so until the
 * checklist is first activated; no activation is made up for it. Gates may follow the version in force.
 */
export class CreateActivations1795300002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Rows that are there get true without being updated, which their triggers would refuse.
      ALTER TABLE assay.checklist_version ADD COLUMN active_when_published boolean NOT NULL DEFAULT true;
      ALTER TABLE assay.checklist_version ALTER COLUMN active_when_published SET DEFAULT false;

      CREATE TABLE assay.checklist_activation (
        org_id uuid NOT NULL,
        chk_id text NOT NULL,
        activation integer NOT NULL,        -- counts the checklist's activations, from 1; the highest is in force
        version integer NOT NULL,
        previous_version integer,           -- in force before; null when none was
        activated_at timestamptz NOT NULL,
        activated_by uuid,                  -- null: the installation itself
        entry_key bytea NOT NULL,           -- of the entry with the reason, which is encrypted
        CONSTRAINT checklist_activation_pk PRIMARY KEY (org_id, chk_id, activation),
        CONSTRAINT checklist_activation_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT checklist_activation_number CHECK (activation >= 1),
        CONSTRAINT checklist_activation_version_fk FOREIGN KEY (org_id, chk_id, version)
          REFERENCES assay.checklist_version (org_id, chk_id, version)
      );
      CREATE TRIGGER checklist_activation_immutable BEFORE UPDATE OR DELETE ON assay.checklist_activation
        FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
      CREATE TRIGGER checklist_activation_no_truncate BEFORE TRUNCATE ON assay.checklist_activation
        FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
      ALTER TABLE assay.checklist_activation ENABLE ALWAYS TRIGGER checklist_activation_immutable;
      ALTER TABLE assay.checklist_activation ENABLE ALWAYS TRIGGER checklist_activation_no_truncate;
      GRANT SELECT, INSERT ON assay.checklist_activation TO assay_service;

      ALTER TABLE assay.gate ALTER COLUMN checklist_version DROP NOT NULL; -- null: the version in force
    `);
  }

  /** A gate that follows would have no version to go back to: then this is refused, and nothing is lost. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE assay.gate ALTER COLUMN checklist_version SET NOT NULL;
      DROP TABLE assay.checklist_activation;
      ALTER TABLE assay.checklist_version DROP COLUMN active_when_published;
    `);
  }
}
