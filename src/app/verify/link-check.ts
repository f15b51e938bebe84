import type { EntityManager } from 'typeorm';
import type { EntryKind } from '../../ledger/entry.js';
import { pseudonymOf } from '../../ledger/pseudonym.js';
import type { CheckedPart, DomainCheck, Finding } from '../../ledger/verify.js';
import { pageThrough } from './page-through.js';

/** How the rows of a table (`r`) hang on the entries (`f` the fact) that their `entry_key` names. */
interface Link {
  readonly table: string;
  readonly what: CheckedPart;
  readonly kinds: readonly EntryKind[];
  /** SQL: unique, and what a person calls the row. */
  readonly name: string;
  /** Column that is the moment of the entry. */
  readonly at?: string;
  /** Column that is its actor; NULL is the system. */
  readonly by?: string;
  /** Only the entry knows that the row must be there: no other check looks for it. */
  readonly owed?: true;
  /** What else must hold, in SQL, by what to call it. NULL counts as not. */
  readonly also?: Readonly<Record<string, string>>;
}

const FACTS = `'urn:assay:facts:v1'`;
const detail = (name: string): string =>
  `(f.statement::jsonb #>> ARRAY['predicate', ${FACTS}, 'details', '${name}'])`;
const same = (column: string, stated: string): string => `${column} IS NOT DISTINCT FROM ${stated}`;
/** A subject of the statement has this name. */
const subject = (name: string): string =>
  `EXISTS (SELECT FROM jsonb_array_elements(f.statement::jsonb -> 'subject') s WHERE s ->> 'name' = ${name})`;

/** `uuidFromKey` of kernel/id.ts, in SQL. */
const idOfKey = (column: string): string =>
  `${column} = encode(set_byte(set_byte(r.entry_key, 6, (get_byte(r.entry_key, 6) & 15) | 128),
    8, (get_byte(r.entry_key, 8) & 63) | 128), 'hex')::uuid`;

const WAIVER = { what: 'waiver', also: { waiver: `f.waiver_ids ->> 0 = r.waiver_id::text` } } as const;

const LINKS: readonly Link[] = [
  {
    ...{
      table: 'assay.organisation',
      what: 'organisation',
      kinds: ['organisation.created'],
      at: 'created_at',
      owed: true,
    },
    name: `'organisation ' || r.org_id`,
    also: { slug: same('r.slug', detail('slug')), id: idOfKey('r.org_id') },
  },
  {
    ...{
      table: 'assay.project',
      what: 'organisation',
      kinds: ['project.created'],
      at: 'created_at',
      owed: true,
    },
    name: `'project ' || r.project_id`,
    also: { slug: same('r.slug', detail('slug')), id: idOfKey('r.project_id') },
  },
  {
    ...{ table: 'assay.principal', what: 'grant', kinds: ['principal.added'], at: 'created_at' },
    name: `'principal ' || r.principal_id`,
    also: { id: `r.principal_id::text = ${detail('principalId')}` },
  },
  {
    ...{
      table: 'assay.access_grant',
      what: 'grant',
      kinds: ['grant.given'],
      at: 'granted_at',
      by: 'granted_by',
    },
    name: `'grant ' || r.grant_id`,
    also: {
      id: `r.grant_id::text = ${detail('grantId')}`,
      project: same('r.project_id::text', detail('projectId')),
      rate: same('r.requests_per_minute::text', detail('requestsPerMinute')),
      unrecorded: same(
        'to_jsonb(r.unrecorded_policies)',
        `(f.statement::jsonb #> ARRAY['predicate', ${FACTS}, 'details', 'unrecordedPolicies'])`,
      ),
    },
  },
  {
    ...{ table: 'assay.access_grant_revocation', what: 'grant', kinds: ['grant.revoked'], owed: true },
    ...{ at: 'revoked_at', by: 'revoked_by' },
    name: `'revocation of grant ' || r.grant_id`,
    also: { id: `r.grant_id::text = ${detail('grantId')}` },
  },
  {
    ...{ table: 'assay.principal_standing', what: 'grant', owed: true, at: 'changed_at', by: 'changed_by' },
    kinds: ['principal.disabled', 'principal.enabled'],
    name: `'standing ' || r.ordinal || ' of principal ' || r.principal_id`,
    also: {
      id: `r.principal_id::text = ${detail('principalId')} AND r.ordinal::text = ${detail('ordinal')}`,
      standing: `r.disabled = (f.kind = 'principal.disabled')`,
    },
  },
  {
    ...{ table: 'assay.artefact_version', what: 'artefact', kinds: ['artefact.registered'] },
    ...{ at: 'registered_at', by: 'registered_by' },
    name: `'artefact version ' || r.org_id || ' ' || r.art_id || ' ' || r.digest`,
    also: {
      id: 'f.art_id = r.art_id AND f.artefact_digest = r.digest',
      activity: same('r.act_id', 'f.act_id'),
      case: same('r.case_id', 'f.case_id'),
    },
  },
  {
    ...{ table: 'assay.evidence', what: 'evidence', kinds: ['evidence.received'] },
    ...{ at: 'received_at', by: 'uploaded_by' },
    name: `'evidence ' || r.evidence_id`,
    also: { id: `r.evidence_id::text = ${detail('evidenceId')}` },
  },
  {
    ...{
      table: 'assay.evidence_report',
      what: 'evidence',
      kinds: ['evidence.normalised'],
      at: 'normalised_at',
    },
    name: `'report on evidence ' || r.evidence_id || ' by ' || r.normaliser`,
    also: { id: `r.evidence_id::text = ${detail('evidenceId')} AND r.normaliser = ${detail('normaliser')}` },
  },
  {
    ...{ table: 'assay.export', what: 'export', kinds: ['export.requested'] },
    ...{ at: 'requested_at', by: 'requested_by' },
    name: `'export ' || r.export_id`,
    also: { id: `r.export_id::text = ${detail('exportId')}` },
  },
  {
    ...{ table: 'assay.export_pack', what: 'export', kinds: ['export.made'], at: 'made_at' },
    name: `'pack of export ' || r.export_id`,
    also: { id: `r.export_id::text = ${detail('exportId')}` },
  },
  {
    ...{ table: 'assay.decision', what: 'decision', kinds: ['decision.recorded'], at: 'decided_at' },
    name: `'decision ' || r.decision_id`,
    also: { id: 'f.decision_id = r.decision_id::text' },
  },
  {
    ...{
      table: 'assay.decision_stale',
      what: 'decision',
      kinds: ['decision.stale'],
      at: 'found_at',
      owed: true,
    },
    name: `'staleness of decision ' || r.decision_id || ' for ' || r.cause`,
    also: {
      decision: 'f.decision_id = r.decision_id::text AND f.gate_id = r.gate_id',
      artefact: 'f.art_id = r.art_id AND f.artefact_digest = r.artefact_digest',
      cause: `r.cause_kind = ${detail('cause')} AND r.cause_seq::text IS NOT DISTINCT FROM ${detail('causeSeq')}
        AND r.cause = coalesce('entry:' || r.cause_seq, 'valid-until')`,
    },
  },
  {
    ...{ table: 'assay.gate', what: 'gate', kinds: ['gate.defined'] },
    name: `'gate ' || r.org_id || ' ' || r.gate_id`,
    also: { id: 'f.gate_id = r.gate_id' },
  },
  {
    ...{ table: 'assay.gate_run_step', what: 'gate', at: 'at', by: 'acted_by' },
    kinds: [
      ...(['gate-run.retried', 'gate-run.paused', 'gate-run.resumed'] as const),
      ...(['gate-run.overridden', 'gate-run.rejected', 'gate-run.escalated'] as const),
    ],
    name: `'step ' || r.ordinal || ' of gate run ' || r.run_id`,
    also: {
      kind: `f.kind = 'gate-run.' || r.kind`,
      run: `r.run_id::text = ${detail('runId')} AND r.ordinal::text = ${detail('ordinal')}`,
    },
  },
  {
    ...{ table: 'assay.gate_version', what: 'gate', kinds: ['gate.defined'], at: 'defined_at' },
    name: `'version of gate ' || r.org_id || ' ' || r.gate_id || '@' || r.version`,
    also: { id: `f.gate_id = r.gate_id AND r.version::text = ${detail('version')}` },
  },
  {
    ...{ table: 'assay.policy_version', what: 'policy', kinds: ['policy.published'] },
    ...{ at: 'published_at', by: 'published_by' },
    name: `'policy ' || r.org_id || ' ' || r.policy_id || '@' || r.version`,
    also: { id: subject(`r.policy_id || '@' || r.version`) },
  },
  {
    ...{ table: 'assay.checklist_version', what: 'policy', kinds: ['checklist.published'] },
    ...{ at: 'published_at', by: 'published_by' },
    name: `'checklist ' || r.org_id || ' ' || r.chk_id || '@' || r.version`,
    also: { id: subject(`r.chk_id || '@' || r.version`) },
  },
  {
    ...{ table: 'assay.checklist_activation', what: 'activation', kinds: ['checklist.activated'] },
    name: `'activation ' || r.activation || ' of ' || r.chk_id || ': organisation ' || r.org_id`,
    also: { id: `r.chk_id = ${detail('chkId')} AND r.activation::text = ${detail('activation')}` },
  },
  {
    ...{ table: 'assay.policy_revision', what: 'policy', by: 'saved_by' },
    kinds: ['policy.draft-saved', 'policy.draft-discarded'],
    name: `'policy-revision/' || r.policy_id || '@' || r.revision || ' ' || r.org_id`,
    also: { id: subject(`'policy-revision/' || r.policy_id || '/' || r.revision`) },
  },
  {
    ...{
      table: 'assay.policy_review',
      what: 'policy',
      kinds: ['policy.review-requested'],
      by: 'requested_by',
    },
    name: `'policy-review/' || r.review_id`,
    also: { id: subject(`'policy-review/' || r.review_id`) },
  },
  {
    ...{
      table: 'assay.policy_review_outcome',
      what: 'policy',
      kinds: ['policy.reviewed'],
      by: 'reviewer_id',
    },
    name: `'policy-review-outcome/' || r.review_id || '/' || r.ordinal`,
    also: { id: subject(`'policy-review-outcome/' || r.review_id || '/' || r.ordinal`) },
  },
  {
    ...{ table: 'assay.policy_retirement', what: 'policy', kinds: ['policy.retired'], by: 'retired_by' },
    name: `'policy-retirement/' || r.policy_id || '@' || r.version || ' ' || r.org_id`,
    also: { id: subject(`'policy-retirement/' || r.policy_id || '@' || r.version`) },
  },
  {
    ...{ table: 'assay.waiver', kinds: ['waiver.requested'], by: 'requester_id', at: 'requested_at' },
    ...{ what: 'waiver', name: `'waiver ' || r.waiver_id` },
    also: {
      ...WAIVER.also,
      gate: same('r.gate_id', 'f.gate_id'),
      selectors: same('r.selectors_digest', detail('selectorsDigest')),
    },
  },
  {
    ...{ ...WAIVER, table: 'assay.waiver_approval', kinds: ['waiver.approved'], by: 'approver_id' },
    name: `'waiver ' || r.waiver_id || ' approval ' || r.ordinal`,
    also: { ...WAIVER.also, delegation: same('r.delegation_id::text', detail('delegationId')) },
  },
  {
    ...{
      ...WAIVER,
      table: 'assay.waiver_refusal',
      kinds: ['waiver.refused', 'waiver.withdrawn'],
      by: 'refused_by',
    },
    name: `'waiver ' || r.waiver_id || ' refusal'`,
  },
  {
    ...{ ...WAIVER, table: 'assay.waiver_revocation', kinds: ['waiver.revoked'], by: 'revoked_by' },
    name: `'waiver ' || r.waiver_id || ' revocation'`,
  },
  {
    ...{ ...WAIVER, table: 'assay.waiver_escalation', kinds: ['waiver.escalated'], at: 'at', owed: true },
    name: `'waiver ' || r.waiver_id || ' escalation ' || r.step`,
    also: {
      ...WAIVER.also,
      step: same('r.step::text', detail('step')),
      role: same('r.role', detail('toRole')),
    },
  },
  {
    ...{ table: 'assay.waiver_delegation', what: 'waiver', kinds: ['waiver-delegation.given'] },
    ...{ at: 'given_at', by: 'delegator_id' },
    name: `'waiver delegation ' || r.delegation_id`,
    also: { id: `r.delegation_id::text = ${detail('delegationId')}` },
  },
  {
    ...{ table: 'assay.waiver_delegation_withdrawal', what: 'waiver' },
    ...{ kinds: ['waiver-delegation.withdrawn'], at: 'at', by: 'withdrawn_by' },
    name: `'waiver delegation ' || r.delegation_id || ' withdrawal'`,
    also: { id: `r.delegation_id::text = ${detail('delegationId')}` },
  },
  {
    ...{ table: 'assay.scan', what: 'evidence', kinds: ['scan.requested'], owed: true },
    ...{ at: 'requested_at', by: 'requested_by' },
    name: `'scan ' || r.scan_id || ' by ' || r.scanner`,
    also: {
      id: `r.scan_id::text = ${detail('scanId')} AND r.scanner = ${detail('scanner')}`,
      artefact: 'f.art_id = r.art_id AND f.artefact_digest = r.artefact_digest',
      source: `r.source_digest = ${detail('sourceDigest')}`,
      checkout: same('r.checkout', detail('checkout')),
    },
  },
  {
    ...{
      table: 'assay.scan_result',
      what: 'evidence',
      kinds: ['scan.finished'],
      owed: true,
      at: 'finished_at',
    },
    name: `'result of scan ' || r.scan_id || ' by ' || r.scanner`,
    also: {
      id: `r.scan_id::text = ${detail('scanId')} AND r.scanner = ${detail('scanner')}`,
      evidence: `r.evidence_id::text = ${detail('evidenceId')}`,
      outcome: 'r.outcome = f.result',
    },
  },
];

interface Row {
  readonly cursor: string;
  readonly orgId: string;
  readonly seq: string | null;
  readonly actor: string | null;
  readonly by: string | null;
  readonly changed: readonly string[];
}

/**
 * Every row of every table that an entry records: it names that entry, is of its organisation, moment and actor,
 * and the entry is about this row. Finds rows that were put in, and those whose origin was changed.
 */
export const linkCheck = (manager: EntityManager, pseudonymKey: Buffer): DomainCheck => ({
  standsAlone: false,
  read: () => Promise.resolve([]),
  finish: async () => {
    const findings: Finding[] = [];
    for (const link of LINKS) findings.push(...(await linkedSafely(manager, link, pseudonymKey)));
    return findings;
  },
});

/**
 * PostgreSQL reads the statements here, and refuses one that is no JSON any more (class 22, data exception): a
 * finding, not the end of the pass. The savepoint keeps the transaction usable.
 */
async function linkedSafely(manager: EntityManager, link: Link, pseudonymKey: Buffer): Promise<Finding[]> {
  try {
    return await manager.transaction((inner) => linked(inner, link, pseudonymKey));
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (typeof code !== 'string' || !code.startsWith('22')) throw error;
    return [{ what: link.what, detail: `${link.table}: a statement that its rows rest on cannot be read` }];
  }
}

async function linked(manager: EntityManager, link: Link, pseudonymKey: Buffer): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const row of pageThrough<Row>(manager, queryOf(link)))
    findings.push(...compare(link, row, pseudonymKey));
  if (link.owed) findings.push(...(await missing(manager, link)));
  return findings;
}

/** Of the tables whose rows no other check looks for. */
async function missing(manager: EntityManager, { table, kinds, what }: Link): Promise<Finding[]> {
  const rows = await manager.query<{ seq: string; kind: string }[]>(
    `SELECT f.seq, f.kind FROM ledger.fact f JOIN ledger.idem i ON i.seq = f.seq
      WHERE f.kind = ANY ($1) AND NOT EXISTS (SELECT FROM ${table} r WHERE r.entry_key = i.idem_key)`,
    [kinds],
  );
  return rows.map(({ seq, kind }) => ({ what, seq: Number(seq), detail: `${kind}: the row is missing` }));
}

function compare({ what, by }: Link, row: Row, pseudonymKey: Buffer): Finding[] {
  const { cursor: name, seq, orgId, actor } = row;
  if (seq === null) return [{ what, detail: `${name}: no entry records it` }];
  const changed = [...row.changed];
  const acted = row.by === null ? 'system' : pseudonymOf(pseudonymKey, orgId, row.by);
  if (by !== undefined && acted !== actor) changed.push(by);
  if (changed.length === 0) return [];
  return [{ what, seq: Number(seq), detail: `${name}: changed in ${changed.join(', ')}` }];
}

function queryOf({ table, kinds, name, at, by, also = {} }: Link): string {
  const conditions = {
    organisation: 'f.org_id = r.org_id',
    ...(at && { [at]: `to_char(r.${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') = f.ts_end` }),
    ...also,
  };
  const faults = Object.entries(conditions).map(
    ([label, holds]) => `CASE WHEN ${holds} THEN NULL ELSE '${label}' END`,
  );
  return `
    SELECT * FROM (
      SELECT ${name} AS cursor, r.org_id AS "orgId", f.seq, f.actor, ${by ? `r.${by}::text` : 'NULL'} AS by,
             array_remove(ARRAY[${faults.join(', ')}], NULL) AS changed
        FROM ${table} r LEFT JOIN ledger.idem i ON i.idem_key = r.entry_key
        LEFT JOIN ledger.fact f ON f.seq = i.seq AND f.kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})
    ) linked WHERE cursor > $1 ORDER BY cursor LIMIT $2`;
}
