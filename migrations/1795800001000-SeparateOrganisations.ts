import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every table whose rows are of one organisation, but for those that test/schema/row-security.spec.ts excuses. */
const TABLES: readonly string[] = [
  ...['organisation', 'project', 'principal', 'principal_standing', 'rate_window'],
  ...['access_grant', 'access_grant_revocation'],
  ...['artefact', 'artefact_version', 'artefact_relation', 'evidence', 'evidence_report'],
  ...['policy_version', 'policy_check', 'policy_revision', 'policy_review', 'policy_review_outcome'],
  ...['policy_retirement', 'checklist_version', 'checklist_activation'],
  ...['waiver', 'waiver_approval', 'waiver_refusal', 'waiver_revocation', 'waiver_escalation', 'waiver_due'],
  ...['waiver_delegation', 'waiver_delegation_withdrawal'],
  ...['gate', 'gate_version', 'gate_run', 'gate_run_step', 'decision'],
  ...['standing_decision', 'drift_check', 'decision_stale'],
  ...['kpi_start', 'kpi_unit', 'kpi_criterion', 'kpi_waiver', 'kpi_fix'],
  ...['export', 'export_pack', 'export_run', 'scan', 'scan_result', 'scan_run', 'scan_source'],
  ...['work_item', 'process_template', 'process_step', 'acceptance_criterion', 'process_role', 'case_route'],
  'fix_task',
].map((table) => `assay.${table}`);
const LEDGER_TABLES = ['ledger.fact', 'ledger.body', 'ledger.subject_key', 'ledger.hold'];

/** What was told with the statement (src/app/database/told-statement.ts). Nobody told: NULL, and no row. */
const TOLD = `org_id = nullif(current_setting('assay.org_id', true), '')::uuid`;

/**
 * Rows are seen and written on behalf of the organisation that was told, whoever asks; by `assay_across` for all of
 * them, and read by auditors. The owner, whose rights the ledger's functions have, is not bound (ADR 0022).
 */
export class SeparateOrganisations1795800001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES, ...LEDGER_TABLES])
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY told_organisation ON ${table} USING (${TOLD}) WITH CHECK (${TOLD});
        CREATE POLICY every_organisation ON ${table} TO assay_across USING (true) WITH CHECK (true);
        CREATE POLICY auditors ON ${table} FOR SELECT TO assay_auditor USING (true);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES, ...LEDGER_TABLES])
      await runner.query(`
        DROP POLICY told_organisation ON ${table};
        DROP POLICY every_organisation ON ${table};
        DROP POLICY auditors ON ${table};
        ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY;`);
  }
}
