import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Gates get terms (severities, deadlines, retries, escalation, who may waive), and every definition is kept: a verdict
 * about the past is given by the gate as it stood, and whoever edited an older one is shown what it was.
 */
export class AddGateTerms1795700002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Only what is not as every gate has it; jsonb, for nothing in it is ever searched for.
      ALTER TABLE assay.gate ADD COLUMN terms jsonb NOT NULL DEFAULT '{}';
      GRANT UPDATE (terms) ON assay.gate TO assay_service;

      CREATE TABLE assay.gate_version (
        org_id uuid NOT NULL,
        gate_id text NOT NULL,
        version integer NOT NULL,
        definition jsonb NOT NULL,          -- as the entry has it
        defined_at timestamptz NOT NULL,
        entry_key bytea NOT NULL,
        CONSTRAINT gate_version_pk PRIMARY KEY (org_id, gate_id, version),
        CONSTRAINT gate_version_version_positive CHECK (version >= 1)
      );

      -- What was defined so far, from the entries that say so.
      INSERT INTO assay.gate_version (org_id, gate_id, version, definition, defined_at, entry_key)
      SELECT f.org_id, f.gate_id, (d.details ->> 'version')::integer,
             d.details || jsonb_build_object('gateId', f.gate_id), f.ts_end::timestamptz, i.idem_key
        FROM ledger.fact f JOIN ledger.idem i ON i.seq = f.seq
        CROSS JOIN LATERAL (
          SELECT f.statement::jsonb #> ARRAY['predicate', 'urn:assay:facts:v1', 'details'] AS details) d
       WHERE f.kind = 'gate.defined';

      CREATE TRIGGER gate_version_immutable BEFORE UPDATE OR DELETE ON assay.gate_version
        FOR EACH ROW EXECUTE FUNCTION assay.refuse_change();
      CREATE TRIGGER gate_version_no_truncate BEFORE TRUNCATE ON assay.gate_version
        FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change();
      ALTER TABLE assay.gate_version ENABLE ALWAYS TRIGGER gate_version_immutable;
      ALTER TABLE assay.gate_version ENABLE ALWAYS TRIGGER gate_version_no_truncate;

      GRANT SELECT, INSERT ON assay.gate_version TO assay_service;
      GRANT SELECT ON assay.gate_version TO assay_auditor;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE assay.gate_version; ALTER TABLE assay.gate DROP COLUMN terms`);
  }
}
