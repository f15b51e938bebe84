import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The projects that were told with the statement (src/app/database/told-statement.ts). None told: NULL, and no row. */
const PROJECTS = `nullif(current_setting('assay.project_ids', true), '')::uuid[]`;
const TOLD = `project_id = ANY (${PROJECTS})`;
/** Of the organisation as a whole: for whoever was narrowed to projects at all. */
const WHOLE = `${PROJECTS} IS NOT NULL`;

/** Path of the facts in a statement. */
const FACTS = `'{predicate,urn:assay:facts:v1,projectId}'`;

interface Narrowed {
  readonly tables: readonly string[];
  /** SQL: which rows are seen. */
  readonly seen: string;
  /** SQL: which rows may be written, where these are fewer. */
  readonly written?: string;
}

const assay = (...tables: readonly string[]): readonly string[] => tables.map((table) => `assay.${table}`);

/** Every table with row-level security. test/schema/row-security.spec.ts holds whatever is made later to the same. */
const NARROWED: readonly Narrowed[] = [
  {
    tables: [
      ...assay('project', 'artefact', 'gate', 'work_item', 'process_role', 'fix_task', 'standing_decision'),
      ...assay('kpi_unit', 'kpi_criterion', 'kpi_waiver', 'kpi_fix'),
    ],
    seen: TOLD,
  },
  // A role that is held everywhere is seen by all whom it concerns, and given by nobody who is narrowed.
  { tables: assay('access_grant'), seen: `${TOLD} OR (project_id IS NULL AND ${WHOLE})`, written: TOLD },
  {
    tables: assay('access_grant_revocation'),
    seen: 'assay.narrowed_to_grant(grant_id, true)',
    written: 'assay.narrowed_to_grant(grant_id, false)',
  },
  {
    tables: assay('gate_version', 'gate_run', 'decision', 'decision_stale', 'drift_check'),
    seen: 'assay.narrowed_to_gate(org_id, gate_id)',
  },
  { tables: assay('gate_run_step'), seen: 'assay.narrowed_to_run(run_id)' },
  {
    tables: assay('artefact_version', 'evidence', 'scan'),
    seen: 'assay.narrowed_to_artefact(org_id, art_id)',
  },
  { tables: assay('artefact_relation'), seen: 'assay.narrowed_to_artefact(org_id, from_art_id)' },
  { tables: assay('evidence_report'), seen: 'assay.narrowed_to_evidence(evidence_id)' },
  { tables: assay('scan_run', 'scan_result'), seen: 'assay.narrowed_to_scan(scan_id)' },
  { tables: assay('scan_source'), seen: 'assay.narrowed_to_source(org_id, digest)' },
  {
    tables: assay('process_step', 'acceptance_criterion', 'case_route'),
    seen: 'assay.narrowed_to_case(org_id, case_id)',
  },
  // One for every gate of the organisation is taken into account everywhere, and asked for by nobody who is narrowed.
  {
    tables: assay('waiver'),
    seen: `CASE WHEN gate_id IS NULL THEN ${WHOLE} ELSE assay.narrowed_to_gate(org_id, gate_id) END`,
    written: 'assay.narrowed_to_gate(org_id, gate_id)',
  },
  {
    tables: assay(
      ...['waiver_approval', 'waiver_refusal', 'waiver_revocation', 'waiver_escalation', 'waiver_due'],
    ),
    seen: 'assay.narrowed_to_waiver(waiver_id, true)',
    written: 'assay.narrowed_to_waiver(waiver_id, false)',
  },
  {
    tables: ['ledger.fact'],
    seen: 'assay.narrowed_to_fact(org_id, kind, gate_id, art_id, case_id, statement)',
  },
  { tables: ['ledger.body'], seen: 'assay.narrowed_to_entry(seq)' },
  // What all projects share.
  {
    tables: [
      ...assay('organisation', 'principal', 'principal_standing', 'process_template', 'kpi_start'),
      ...assay('policy_version', 'policy_check', 'policy_revision', 'policy_review', 'policy_review_outcome'),
      ...assay('policy_retirement', 'checklist_version', 'checklist_activation'),
      ...assay('waiver_delegation', 'waiver_delegation_withdrawal'),
      'ledger.subject_key',
    ],
    seen: WHOLE,
    written: 'false',
  },
  // What is asked for by roles that are held everywhere, and only by them.
  {
    tables: [...assay('export', 'export_pack', 'export_run', 'rate_window'), 'ledger.hold'],
    seen: 'false',
  },
];

/**
 * What hangs on something that has a project. With the owner's rights, whom no policy binds: that the row's
 * organisation is the told one the policy beside this one sees to.
 */
const FUNCTIONS: readonly { readonly of: string; readonly answer: string }[] = [
  {
    of: 'narrowed_to_gate(of_org uuid, of_gate text)',
    answer: `EXISTS (SELECT FROM assay.gate g WHERE g.org_id = of_org AND g.gate_id = of_gate AND g.${TOLD})`,
  },
  {
    of: 'narrowed_to_artefact(of_org uuid, of_art text)',
    answer: `EXISTS (SELECT FROM assay.artefact a WHERE a.org_id = of_org AND a.art_id = of_art AND a.${TOLD})`,
  },
  {
    // Its project never changes.
    of: 'narrowed_to_case(of_org uuid, of_case text)',
    answer: `EXISTS (SELECT FROM assay.work_item i WHERE i.org_id = of_org AND i.case_id = of_case AND i.${TOLD})`,
  },
  {
    of: 'narrowed_to_grant(of_grant uuid, or_whole boolean)',
    answer: `EXISTS (SELECT FROM assay.access_grant g WHERE g.grant_id = of_grant
                        AND (g.${TOLD} OR (or_whole AND g.project_id IS NULL AND ${WHOLE})))`,
  },
  {
    of: 'narrowed_to_run(of_run uuid)',
    answer: `EXISTS (SELECT FROM assay.gate_run r JOIN assay.gate g USING (org_id, gate_id)
                      WHERE r.run_id = of_run AND g.${TOLD})`,
  },
  {
    of: 'narrowed_to_evidence(of_evidence uuid)',
    answer: `EXISTS (SELECT FROM assay.evidence e JOIN assay.artefact a USING (org_id, art_id)
                      WHERE e.evidence_id = of_evidence AND a.${TOLD})`,
  },
  {
    of: 'narrowed_to_scan(of_scan uuid)',
    answer: `EXISTS (SELECT FROM assay.scan s JOIN assay.artefact a USING (org_id, art_id)
                      WHERE s.scan_id = of_scan AND a.${TOLD})`,
  },
  {
    of: 'narrowed_to_source(of_org uuid, of_digest text)',
    answer: `EXISTS (SELECT FROM assay.scan s JOIN assay.artefact a USING (org_id, art_id)
                      WHERE s.org_id = of_org AND s.source_digest = of_digest AND a.${TOLD})`,
  },
  {
    of: 'narrowed_to_waiver(of_waiver uuid, or_whole boolean)',
    answer: `EXISTS (SELECT FROM assay.waiver w LEFT JOIN assay.gate g USING (org_id, gate_id)
                      WHERE w.waiver_id = of_waiver
                        AND (g.${TOLD} OR (or_whole AND w.gate_id IS NULL AND ${WHOLE})))`,
  },
  {
    // As its row: a waiver for every gate is of the organisation, whatever case or artefact it speaks of.
    of: `narrowed_to_fact(of_org uuid, of_kind text, of_gate text, of_art text, of_case text, said text)`,
    answer: `CASE WHEN of_gate IS NOT NULL THEN assay.narrowed_to_gate(of_org, of_gate)
                  WHEN of_kind LIKE 'waiver.%' THEN ${WHOLE}
                  WHEN of_art IS NOT NULL THEN assay.narrowed_to_artefact(of_org, of_art)
                  WHEN of_case IS NOT NULL THEN assay.narrowed_to_case(of_org, of_case)
                  WHEN said::jsonb #>> ${FACTS} IS NULL THEN ${WHOLE}
                  ELSE (said::jsonb #>> ${FACTS})::uuid = ANY (${PROJECTS}) END`,
  },
  {
    of: 'narrowed_to_entry(of_seq bigint)',
    answer: `EXISTS (SELECT FROM ledger.fact f WHERE f.seq = of_seq
                        AND assay.narrowed_to_fact(f.org_id, f.kind, f.gate_id, f.art_id, f.case_id, f.statement))`,
  },
];

/**
 * For `assay_narrowed` rows are those of the projects that were told, beside the organisation: the policies are
 * restrictive, so both must hold. No other role is bound by them, nor pays for them (ADR 0022).
 */
export class SeparateProjects1795930001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const { of, answer } of FUNCTIONS)
      await runner.query(`
        CREATE FUNCTION assay.${of} RETURNS boolean
          LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
          AS $$ BEGIN RETURN ${answer}; END $$;
        REVOKE ALL ON FUNCTION assay.${signature(of)} FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION assay.${signature(of)} TO assay_narrowed;`);
    for (const { tables, seen, written = seen } of NARROWED)
      for (const table of tables)
        await runner.query(
          `CREATE POLICY told_projects ON ${table} AS RESTRICTIVE TO assay_narrowed USING (${seen}) WITH CHECK (${written})`,
        );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { tables } of NARROWED)
      for (const table of tables) await runner.query(`DROP POLICY told_projects ON ${table}`);
    for (const { of } of FUNCTIONS.toReversed()) await runner.query(`DROP FUNCTION assay.${signature(of)}`);
  }
}

/** Without the names of the arguments. */
function signature(of: string): string {
  return of.replace(/\w+ (uuid|text|boolean|bigint)/g, '$1');
}
