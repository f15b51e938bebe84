/**
 * How each table with row-level security is narrowed to projects (ADR 0022). `own` by a column; `of …` by what it hangs
 * on; `whole`: of the organisation as a whole, seen by all and written by nobody who is narrowed; `closed`: neither.
 * A table that is made later is put here, with a policy to match, or test/schema/row-security.spec.ts fails.
 */
export type How =
  | 'own'
  | 'own or whole'
  | `of ${'gate' | 'run' | 'artefact' | 'evidence' | 'scan' | 'source' | 'case' | 'waiver' | 'grant' | 'fact' | 'entry'}`
  | 'gate or whole'
  | { readonly whole: string }
  | { readonly closed: string };

const HELD_EVERYWHERE = 'asked for by roles that are held everywhere alone';
const RULES = 'rules are written for all projects, and projects are judged by them';
const PEOPLE = 'who acts in a project is somebody of the organisation';

export const NARROWED: Readonly<Record<string, How>> = {
  'assay.acceptance_criterion': 'of case',
  'assay.access_grant': 'own or whole',
  'assay.access_grant_revocation': 'of grant',
  'assay.artefact': 'own',
  'assay.artefact_relation': 'of artefact',
  'assay.artefact_version': 'of artefact',
  'assay.case_route': 'of case',
  'assay.checklist_activation': { whole: RULES },
  'assay.checklist_version': { whole: RULES },
  'assay.decision': 'of gate',
  'assay.decision_stale': 'of gate',
  'assay.drift_check': 'of gate',
  'assay.evidence': 'of artefact',
  'assay.evidence_report': 'of evidence',
  'assay.export': { closed: HELD_EVERYWHERE },
  'assay.export_pack': { closed: HELD_EVERYWHERE },
  'assay.export_run': { closed: HELD_EVERYWHERE },
  'assay.fix_task': 'own',
  'assay.gate': 'own',
  'assay.gate_run': 'of gate',
  'assay.gate_run_step': 'of run',
  'assay.gate_version': 'of gate',
  'assay.kpi_criterion': 'own',
  'assay.kpi_fix': 'own',
  'assay.kpi_start': { whole: 'a moment by the name of a unit, shown with the row of kpi_unit alone' },
  'assay.kpi_unit': 'own',
  'assay.kpi_waiver': 'own',
  'assay.organisation': { whole: 'what all projects are in' },
  'assay.policy_check': { whole: RULES },
  'assay.policy_retirement': { whole: RULES },
  'assay.policy_review': { whole: RULES },
  'assay.policy_review_outcome': { whole: RULES },
  'assay.policy_revision': { whole: RULES },
  'assay.policy_version': { whole: RULES },
  'assay.principal': { whole: PEOPLE },
  'assay.principal_standing': { whole: PEOPLE },
  'assay.process_role': 'own',
  'assay.process_step': 'of case',
  'assay.process_template': { whole: RULES },
  'assay.project': 'own',
  'assay.rate_window': { closed: 'counted before anybody is narrowed' },
  'assay.scan': 'of artefact',
  'assay.scan_result': 'of scan',
  'assay.scan_run': 'of scan',
  'assay.scan_source': 'of source',
  'assay.standing_decision': 'own',
  'assay.waiver': 'gate or whole',
  'assay.waiver_approval': 'of waiver',
  'assay.waiver_delegation': { whole: 'an approver hands over for all that is theirs' },
  'assay.waiver_delegation_withdrawal': { whole: 'an approver hands over for all that is theirs' },
  'assay.waiver_due': 'of waiver',
  'assay.waiver_escalation': 'of waiver',
  'assay.waiver_refusal': 'of waiver',
  'assay.waiver_revocation': 'of waiver',
  'assay.work_item': 'own',
  'ledger.body': 'of entry',
  'ledger.fact': 'of fact',
  'ledger.hold': { closed: HELD_EVERYWHERE },
  'ledger.subject_key': { whole: 'a key for each person; what it opens is in ledger.body' },
};

const PROJECTS = `(NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]`;
const TOLD = `(project_id = ANY (${PROJECTS}))`;
const WHOLE = `(${PROJECTS} IS NOT NULL)`;
const GATE = 'assay.narrowed_to_gate(org_id, gate_id)';

const OF: Readonly<Record<string, string>> = {
  'of gate': GATE,
  'of run': 'assay.narrowed_to_run(run_id)',
  'of artefact': 'assay.narrowed_to_artefact(org_id, art_id)',
  'of evidence': 'assay.narrowed_to_evidence(evidence_id)',
  'of scan': 'assay.narrowed_to_scan(scan_id)',
  'of source': 'assay.narrowed_to_source(org_id, digest)',
  'of case': 'assay.narrowed_to_case(org_id, case_id)',
  'of fact': 'assay.narrowed_to_fact(org_id, kind, gate_id, art_id, case_id, statement)',
  'of entry': 'assay.narrowed_to_entry(seq)',
};

/** SQL as PostgreSQL prints it: which rows are seen, and which are written. */
function conditionsOf(table: string, how: How): readonly [seen: string, written: string] {
  if (how === 'own') return [TOLD, TOLD];
  if (how === 'own or whole') return [`(${TOLD} OR ((project_id IS NULL) AND ${WHOLE}))`, TOLD];
  if (how === 'of waiver' || how === 'of grant') {
    const name = how.slice(3);
    return [`${name}_id, true`, `${name}_id, false`].map(
      (given) => `assay.narrowed_to_${name}(${given})`,
    ) as [string, string];
  }
  if (how === 'gate or whole')
    return [`\nCASE\n    WHEN (gate_id IS NULL) THEN ${WHOLE}\n    ELSE ${GATE}\nEND`, GATE];
  if (typeof how === 'object') return 'whole' in how ? [WHOLE, 'false'] : ['false', 'false'];
  const of = table === 'assay.artefact_relation' ? OF[how]?.replace('art_id', 'from_art_id') : OF[how];
  return [of ?? '', of ?? ''];
}

/** The policy that a table must have. */
export function policyOf(table: string): string {
  const how = NARROWED[table];
  return how ? `RESTRICTIVE ALL {assay_narrowed} ${conditionsOf(table, how).join(' ')}` : '';
}
