import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['artefact', 'artefact_version', 'evidence', 'evidence_report'];

/**
 * Artefacts, the evidence received about them and what was made of it: rows that are only ever added. Bytes are
 * blobs outside the database, named here by their digests.
 */
export class CreateEvidence1795200003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assay.artefact (
        org_id uuid NOT NULL,
        art_id text NOT NULL,
        project_id uuid NOT NULL,
        name text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT artefact_pk PRIMARY KEY (org_id, art_id)
      );

      CREATE TABLE assay.artefact_version (
        org_id uuid NOT NULL,
        art_id text NOT NULL,
        digest text NOT NULL,
        author_id uuid,
        act_id text,
        case_id text,
        agent jsonb,
        registered_by uuid NOT NULL,
        registered_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT artefact_version_pk PRIMARY KEY (org_id, art_id, digest),
        CONSTRAINT artefact_version_artefact_fk FOREIGN KEY (org_id, art_id)
          REFERENCES assay.artefact (org_id, art_id),
        CONSTRAINT artefact_version_digest_shape CHECK
          (digest ~ '^(sha256:[0-9a-f]{64}|gitCommit:[0-9a-f]{40}([0-9a-f]{24})?)$')
      );
      CREATE INDEX artefact_version_digest_idx ON assay.artefact_version (org_id, digest); -- a gate is asked by digest

      CREATE TABLE assay.evidence (
        evidence_id uuid NOT NULL,          -- derived from the caller's idempotency key
        org_id uuid NOT NULL,
        art_id text NOT NULL,
        artefact_digest text NOT NULL,
        stored_digest text NOT NULL,        -- secrets masked: what decisions quote
        received_digest text NOT NULL,      -- of bytes that were never written
        size_bytes bigint NOT NULL,
        masked_count integer NOT NULL,
        declared_format text,
        source text NOT NULL,
        collected_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        uploaded_by uuid NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT evidence_pk PRIMARY KEY (evidence_id),
        CONSTRAINT evidence_artefact_fk FOREIGN KEY (org_id, art_id, artefact_digest)
          REFERENCES assay.artefact_version (org_id, art_id, digest),
        CONSTRAINT evidence_stored_shape CHECK (stored_digest ~ '^sha256:[0-9a-f]{64}$'),
        CONSTRAINT evidence_received_shape CHECK (received_digest ~ '^sha256:[0-9a-f]{64}$'),
        CONSTRAINT evidence_counts_not_negative CHECK (size_bytes >= 0 AND masked_count >= 0)
      );
      CREATE INDEX evidence_artefact_idx ON assay.evidence (org_id, artefact_digest, art_id); -- on every evaluation
      CREATE INDEX evidence_stored_idx ON assay.evidence (org_id, stored_digest); -- what a decision quotes

      CREATE TABLE assay.evidence_report (
        evidence_id uuid NOT NULL,
        normaliser text NOT NULL,           -- another version of it makes another report
        org_id uuid NOT NULL,
        format text NOT NULL,
        format_version text,
        kinds jsonb NOT NULL,
        state text NOT NULL,
        reasons jsonb NOT NULL,
        document_digest text NOT NULL,
        normalised_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT evidence_report_pk PRIMARY KEY (evidence_id, normaliser),
        CONSTRAINT evidence_report_evidence_fk FOREIGN KEY (evidence_id) REFERENCES assay.evidence (evidence_id),
        CONSTRAINT evidence_report_state_known CHECK
          (state IN ('COMPLETE', 'INCOMPLETE', 'ERROR', 'NOT_MEASURED', 'UNKNOWN')),
        CONSTRAINT evidence_report_document_shape CHECK (document_digest ~ '^sha256:[0-9a-f]{64}$')
      );

      GRANT SELECT, INSERT ON assay.artefact, assay.artefact_version, assay.evidence, assay.evidence_report
        TO assay_service;
    `);
    for (const table of TABLES)
      await runner.query(`
        CREATE TRIGGER ${table}_immutable BEFORE UPDATE OR DELETE ON assay.${table}
          FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
        CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON assay.${table}
          FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
        ALTER TABLE assay.${table} ENABLE ALWAYS TRIGGER ${table}_immutable;
        ALTER TABLE assay.${table} ENABLE ALWAYS TRIGGER ${table}_no_truncate;
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE assay.evidence_report, assay.evidence, assay.artefact_version, assay.artefact`,
    );
  }
}
