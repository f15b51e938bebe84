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
 * Evidence packs that were asked for, and those that were made. The request keeps all that its pack depends on, so
 * that a pack can be made again byte for byte; how far the making is, is a matter of the moment and may change.
 */
export class CreateExports1795400004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assay.export (
        export_id uuid NOT NULL,
        org_id uuid NOT NULL,
        query jsonb NOT NULL,               -- from, to, projectId, gateId, artefactDigest: as its entry says them
        checkpoint_size bigint NOT NULL,    -- the pack covers the entries below
        checkpoint_note text NOT NULL,      -- as it was then: cosignatures that come later are not in the pack
        previous_checkpoint text,           -- the note that the caller kept from before
        settings jsonb NOT NULL,            -- keys, witnesses and version at that time: as its entry says them
        requested_by uuid NOT NULL,
        requested_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT export_pk PRIMARY KEY (export_id),
        CONSTRAINT export_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT export_checkpoint_not_empty CHECK (checkpoint_size > 0)
      );
      CREATE INDEX export_list_idx ON assay.export (org_id, requested_at DESC, export_id DESC); -- newest first
      ${appendOnly('export')}

      CREATE TABLE assay.export_pack (
        export_id uuid NOT NULL,
        org_id uuid NOT NULL,
        digest text NOT NULL,               -- of the tar, a blob of the organisation
        size_bytes bigint NOT NULL,
        counts jsonb NOT NULL,              -- as in the manifest
        made_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT export_pack_pk PRIMARY KEY (export_id),
        CONSTRAINT export_pack_export_fk FOREIGN KEY (export_id) REFERENCES assay.export (export_id),
        CONSTRAINT export_pack_digest_shape CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
        CONSTRAINT export_pack_not_empty CHECK (size_bytes > 0)
      );
      ${appendOnly('export_pack')}

      CREATE TABLE assay.export_run (
        export_id uuid NOT NULL,
        org_id uuid NOT NULL,
        state text NOT NULL,
        done bigint NOT NULL,
        total bigint NOT NULL,
        started_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        failure text,                       -- a stable code; the log has the rest
        CONSTRAINT export_run_pk PRIMARY KEY (export_id),
        CONSTRAINT export_run_export_fk FOREIGN KEY (export_id) REFERENCES assay.export (export_id),
        CONSTRAINT export_run_state_known CHECK (state IN ('running', 'failed')),
        CONSTRAINT export_run_failed_says_why CHECK ((state = 'failed') = (failure IS NOT NULL)),
        CONSTRAINT export_run_progress CHECK (done >= 0 AND total >= done)
      );

      GRANT SELECT, INSERT ON assay.export, assay.export_pack TO assay_service;
      GRANT SELECT, INSERT, UPDATE ON assay.export_run TO assay_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE assay.export_run, assay.export_pack, assay.export');
  }
}
