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
 * Scans: one row per scanner that was asked for, and one result for each. A source archive is not a blob: it is the
 * customer's code, kept only until its scans are done. How the worker ran a tool stands beside the evidence it made.
 */
export class CreateScans1795600001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE assay.evidence ADD COLUMN tool_run jsonb; -- a ToolRun, as its entry says it; null for uploads

      CREATE TABLE assay.scan_source (
        org_id uuid NOT NULL,
        digest text NOT NULL,
        size_bytes bigint NOT NULL,
        uploaded_by uuid NOT NULL,
        uploaded_at timestamptz NOT NULL,   -- the latest time
        removed_at timestamptz,             -- null while its bytes are there
        CONSTRAINT scan_source_pk PRIMARY KEY (org_id, digest),
        CONSTRAINT scan_source_digest_shape CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
        CONSTRAINT scan_source_size CHECK (size_bytes > 0)
      );

      CREATE TABLE assay.scan (
        scan_id uuid NOT NULL,              -- derived from the caller's idempotency key
        scanner text NOT NULL,
        org_id uuid NOT NULL,
        art_id text NOT NULL,
        artefact_digest text NOT NULL,
        source_digest text NOT NULL,        -- of an archive handed in, or the commit of a checkout
        checkout text,                      -- below the worker's folder of checkouts; null for an archive
        requested_by uuid NOT NULL,
        requested_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT scan_pk PRIMARY KEY (scan_id, scanner),
        CONSTRAINT scan_source_is_named CHECK
          (CASE WHEN checkout IS NULL THEN source_digest LIKE 'sha256:%' ELSE source_digest LIKE 'gitCommit:%' END)
      );
      CREATE INDEX scan_artefact_idx ON assay.scan (org_id, artefact_digest, art_id); -- what was asked about a build
      CREATE INDEX scan_source_idx ON assay.scan (org_id, source_digest); -- whether a source is still needed
      ${appendOnly('scan')}

      CREATE TABLE assay.scan_result (
        scan_id uuid NOT NULL,
        scanner text NOT NULL,
        org_id uuid NOT NULL,
        evidence_id uuid NOT NULL,          -- there always is some: that it did not run is evidence too
        outcome text NOT NULL,
        started_at timestamptz NOT NULL,
        finished_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT scan_result_pk PRIMARY KEY (scan_id, scanner),
        CONSTRAINT scan_result_scan_fk FOREIGN KEY (scan_id, scanner) REFERENCES assay.scan (scan_id, scanner),
        CONSTRAINT scan_result_outcome_known CHECK
          (outcome IN ('FINISHED', 'PARTIAL', 'FAILED', 'NOT_RUN', 'NOTHING_TO_SCAN'))
      );
      CREATE INDEX scan_result_recent_idx ON assay.scan_result (org_id, scanner, finished_at); -- how long it takes
      ${appendOnly('scan_result')}

      CREATE TABLE assay.scan_run (
        scan_id uuid NOT NULL,
        scanner text NOT NULL,
        org_id uuid NOT NULL,
        attempts integer NOT NULL,
        started_at timestamptz NOT NULL,    -- the latest attempt
        CONSTRAINT scan_run_pk PRIMARY KEY (scan_id, scanner),
        CONSTRAINT scan_run_scan_fk FOREIGN KEY (scan_id, scanner) REFERENCES assay.scan (scan_id, scanner),
        CONSTRAINT scan_run_attempts CHECK (attempts > 0)
      );

      GRANT SELECT, INSERT ON assay.scan, assay.scan_result TO assay_service;
      GRANT SELECT, INSERT, UPDATE ON assay.scan_source, assay.scan_run TO assay_service;
      GRANT SELECT ON assay.scan, assay.scan_result, assay.scan_source, assay.scan_run TO assay_auditor;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE assay.scan_run, assay.scan_result, assay.scan, assay.scan_source;
      ALTER TABLE assay.evidence DROP COLUMN tool_run;
    `);
  }
}
