import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['kpi_start', 'kpi_unit', 'kpi_criterion', 'kpi_waiver', 'kpi_fix'].map(
  (name) => `assay.${name}`,
);

/**
 * Read models of the key figures, made from the entries by cursor: docs/OPERATING.md says what each figure counts.
 * Emptied, they are made again from the first entry; only that function may empty them.
 */
export class CreateInsight1795700005100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What is judged until it passes: a case, or an artefact version that belongs to none. Since when it is there.
      CREATE TABLE assay.kpi_start (
        org_id uuid NOT NULL,
        unit text NOT NULL,                -- case <id>, or artefact <ART_*> <digest>
        started_at timestamptz NOT NULL,
        CONSTRAINT kpi_start_pk PRIMARY KEY (org_id, unit)
      );
      -- One unit at one gate.
      CREATE TABLE assay.kpi_unit (
        org_id uuid NOT NULL,
        gate_id text NOT NULL,
        unit text NOT NULL,
        project_id uuid,
        case_id text,
        first_at timestamptz NOT NULL,
        first_passed boolean NOT NULL,
        judged integer NOT NULL,
        passed_at timestamptz,
        CONSTRAINT kpi_unit_pk PRIMARY KEY (org_id, gate_id, unit)
      );
      CREATE INDEX kpi_unit_first_idx ON assay.kpi_unit (org_id, first_at); -- a period
      CREATE TABLE assay.kpi_criterion (
        org_id uuid NOT NULL,
        case_id text NOT NULL,
        criterion_id text NOT NULL,
        project_id uuid,
        stated_at timestamptz NOT NULL,
        tests integer NOT NULL,
        withdrawn boolean NOT NULL,
        CONSTRAINT kpi_criterion_pk PRIMARY KEY (org_id, case_id, criterion_id)
      );
      CREATE TABLE assay.kpi_waiver (
        org_id uuid NOT NULL,
        waiver_id uuid NOT NULL,
        project_id uuid,
        gate_id text,                      -- null: it names none
        approved_at timestamptz,           -- null until all approvals are there
        effective_until timestamptz NOT NULL,
        revoked_at timestamptz,
        uses integer NOT NULL,             -- decisions that it excused something in
        last_used_at timestamptz,
        CONSTRAINT kpi_waiver_pk PRIMARY KEY (org_id, waiver_id)
      );
      CREATE TABLE assay.kpi_fix (
        org_id uuid NOT NULL,
        seq bigint NOT NULL,
        project_id uuid,
        gate_id text,
        opened_at timestamptz NOT NULL,
        CONSTRAINT kpi_fix_pk PRIMARY KEY (org_id, seq)
      );

      CREATE FUNCTION assay.empty_insight() RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        TRUNCATE ${TABLES.join(', ')};
        DELETE FROM ledger.cursor WHERE reader = 'insight';
      END $$;
      REVOKE ALL ON FUNCTION assay.empty_insight() FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION assay.empty_insight() TO assay_service;

      GRANT SELECT, INSERT, UPDATE ON ${TABLES.join(', ')} TO assay_service;
      GRANT SELECT ON ${TABLES.join(', ')} TO assay_auditor;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION assay.empty_insight(); DROP TABLE ${TABLES.join(', ')}`);
  }
}
