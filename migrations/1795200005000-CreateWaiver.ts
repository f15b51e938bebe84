import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['waiver', 'waiver_approval', 'waiver_refusal', 'waiver_revocation'];

/**
 * Waivers and what happened to them, as rows that are only ever added: the state is derived from them and from
 * as-of. No prose here: reasons and audit notes are encrypted in the ledger's bodies.
 */
export class CreateWaiver1795200005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assay.waiver (
        waiver_id uuid NOT NULL,
        org_id uuid NOT NULL,
        gate_id text,                       -- the gate its scope names, if any: derived from selectors, for look-up
        selectors jsonb NOT NULL,
        selectors_digest text NOT NULL,
        severity text NOT NULL,
        effective_from timestamptz NOT NULL,
        effective_until timestamptz NOT NULL,
        required_approvals integer NOT NULL,
        requester_id uuid NOT NULL,
        requested_at timestamptz NOT NULL,
        compensating_control text,
        reference text,
        case_id text,
        entry_key bytea NOT NULL,
        CONSTRAINT waiver_pk PRIMARY KEY (waiver_id),
        CONSTRAINT waiver_severity_known CHECK (severity IN ('none', 'low', 'medium', 'high', 'critical', 'unknown')),
        CONSTRAINT waiver_window_ordered CHECK (effective_from <= effective_until),
        CONSTRAINT waiver_needs_approval CHECK (required_approvals >= 1)
      );
      CREATE INDEX waiver_gate_idx ON assay.waiver (org_id, gate_id); -- candidates of one gate, on every evaluation
      CREATE INDEX waiver_newest_idx ON assay.waiver (org_id, requested_at, waiver_id); -- paged list, newest first

      CREATE TABLE assay.waiver_approval (
        waiver_id uuid NOT NULL,
        ordinal integer NOT NULL,
        org_id uuid NOT NULL,
        approver_id uuid NOT NULL,
        at timestamptz NOT NULL,
        auth_time bigint,                   -- auth_time claim of the approver's token, seconds
        amr text[] NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT waiver_approval_pk PRIMARY KEY (waiver_id, ordinal),
        CONSTRAINT waiver_approval_once_each UNIQUE (waiver_id, approver_id),
        CONSTRAINT waiver_approval_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT waiver_approval_ordinal_positive CHECK (ordinal >= 1),
        CONSTRAINT waiver_approval_waiver_fk FOREIGN KEY (waiver_id) REFERENCES assay.waiver (waiver_id)
      );

      CREATE TABLE assay.waiver_refusal (
        waiver_id uuid NOT NULL,
        org_id uuid NOT NULL,
        refused_by uuid NOT NULL,
        at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT waiver_refusal_pk PRIMARY KEY (waiver_id),
        CONSTRAINT waiver_refusal_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT waiver_refusal_waiver_fk FOREIGN KEY (waiver_id) REFERENCES assay.waiver (waiver_id)
      );

      CREATE TABLE assay.waiver_revocation (
        waiver_id uuid NOT NULL,
        org_id uuid NOT NULL,
        revoked_by uuid NOT NULL,
        at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT waiver_revocation_pk PRIMARY KEY (waiver_id),
        CONSTRAINT waiver_revocation_key_unique UNIQUE (org_id, entry_key),
        CONSTRAINT waiver_revocation_waiver_fk FOREIGN KEY (waiver_id) REFERENCES assay.waiver (waiver_id)
      );
      GRANT SELECT, INSERT ON assay.waiver, assay.waiver_approval, assay.waiver_refusal, assay.waiver_revocation
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
      `DROP TABLE assay.waiver_revocation, assay.waiver_refusal, assay.waiver_approval, assay.waiver`,
    );
  }
}
