import { plannedOnce } from '../kernel/planned-once.js';
import type { EntityManager } from 'typeorm';
import { nameOfInputs, type DecisionSetStore, type DecisionToAdd } from './decision-set.store.js';
import { statesFor } from './run/run-state.js';

/** The names that `PgChecklistStore`, `PgDecisionStore` and `PgWaiverStore` lock; in one order for all sets. */
function locksOf(set: readonly DecisionToAdd[]): readonly { name: string; exclusive: boolean }[] {
  const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
  const checklists = set.flatMap(({ decision, follows }) =>
    follows ? [`checklist ${decision.orgId} ${follows.chkId}`] : [],
  );
  const inputs = set
    .filter(({ mayReuse }) => mayReuse)
    .map(({ decision }) => `inputs ${nameOfInputs(decision)}`);
  const waivers = set.flatMap(({ waiverIds }) => waiverIds.map((id) => `waiver ${id}`));
  return [
    ...sorted(checklists).map((name) => ({ name, exclusive: false })),
    ...sorted(inputs).map((name) => ({ name, exclusive: true })),
    ...sorted(waivers).map((name) => ({ name, exclusive: false })),
  ];
}

/**
 * Documents, which are most of it, go over as lines of one text: canonical JSON has no raw line break in it, and an
 * array of PostgreSQL would be quoted again, letter by letter, on both sides.
 */
const ADD = plannedOnce(`
  WITH given AS (
    SELECT d.*, t.document
      FROM json_to_recordset($1::json) AS d(
             place bigint, decision_id uuid, org_id uuid, gate_id text, art_id text, artefact_digest text, chk_id text,
             checklist_version integer, checklist_digest text, inputs_digest text, as_of timestamptz,
             valid_until timestamptz, verdict text, verdict_without_waivers text, document_digest text,
             decided_at timestamptz, entry_key text, run_id uuid, attempt integer)
      JOIN string_to_table($2, E'\n') WITH ORDINALITY AS t(document, place) USING (place)
  ), added AS (
    INSERT INTO assay.decision (decision_id, org_id, gate_id, art_id, artefact_digest, chk_id, checklist_version,
           checklist_digest, inputs_digest, as_of, valid_until, verdict, verdict_without_waivers, document,
           document_digest, decided_at, entry_key)
    SELECT decision_id, org_id, gate_id, art_id, artefact_digest, chk_id, checklist_version, checklist_digest,
           inputs_digest, as_of, valid_until, verdict, verdict_without_waivers, document, document_digest, decided_at,
           decode(entry_key, 'hex')
      FROM given ORDER BY place
    ON CONFLICT DO NOTHING RETURNING decision_id
  ), ended AS (
    UPDATE assay.gate_run r
       SET state = 'decided', decision_id = given.decision_id, finished_at = given.decided_at, next_attempt_at = NULL,
           next_escalation_at = NULL
      FROM given JOIN added USING (decision_id)
     WHERE r.run_id = given.run_id AND r.org_id = given.org_id AND r.attempt = given.attempt AND r.state = ANY ($3)
    RETURNING r.decision_id
  )
  SELECT decision_id AS "decisionId", ended.decision_id IS NOT NULL AS "isEnded"
    FROM added LEFT JOIN ended USING (decision_id)`);

export class PgDecisionSetStore implements DecisionSetStore {
  constructor(private readonly manager: EntityManager) {}

  async lock(set: readonly DecisionToAdd[]): Promise<void> {
    const locks = locksOf(set);
    await this.manager.query(
      plannedOnce(`SELECT CASE WHEN exclusive THEN pg_advisory_xact_lock(hashtextextended(name, 0))::text
                   ELSE pg_advisory_xact_lock_shared(hashtextextended(name, 0))::text END
         FROM unnest($1::text[], $2::boolean[]) AS lock(name, exclusive)`),
      [locks.map(({ name }) => name), locks.map(({ exclusive }) => exclusive)],
    );
  }

  async decided(set: readonly DecisionToAdd[]): Promise<ReadonlySet<string>> {
    const asked = set.filter(({ mayReuse }) => mayReuse).map(({ decision }) => decision);
    if (asked.length === 0) return new Set();
    const rows = await this.manager.query<{ orgId: string; inputsDigest: string }[]>(
      // By LATERAL and LIMIT each is looked up along the index; a join might be planned to read all decisions.
      plannedOnce(`SELECT DISTINCT asked.org_id AS "orgId", asked.inputs_digest AS "inputsDigest"
         FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS asked(org_id, inputs_digest, as_of)
         CROSS JOIN LATERAL (
           SELECT FROM assay.decision d WHERE d.org_id = asked.org_id AND d.inputs_digest = asked.inputs_digest
              AND d.as_of <= asked.as_of AND (d.valid_until IS NULL OR asked.as_of < d.valid_until)
              AND d.verdict <> 'ERROR' LIMIT 1) decided`),
      [
        asked.map(({ orgId }) => orgId),
        asked.map(({ inputsDigest }) => inputsDigest),
        asked.map(({ asOf }) => new Date(asOf)),
      ],
    );
    return new Set(rows.map((row) => nameOfInputs({ ...row, asOf: 0 })));
  }

  async add(set: readonly DecisionToAdd[]): Promise<ReadonlySet<string> | undefined> {
    const rows = await this.manager.query<{ decisionId: string; isEnded: boolean }[]>(ADD, [
      JSON.stringify(
        set.map(({ decision, runId, attempt }, place) => ({
          ...rowOf(decision),
          ...{ place: place + 1, run_id: runId, attempt },
        })),
      ),
      set.map(({ decision }) => decision.document).join('\n'),
      statesFor('decide'),
    ]);
    if (!rows.every(({ isEnded }) => isEnded)) return undefined;
    return new Set(rows.map(({ decisionId }) => decisionId));
  }
}

const rowOf = (decision: DecisionToAdd['decision']): Readonly<Record<string, unknown>> => ({
  decision_id: decision.decisionId,
  org_id: decision.orgId,
  gate_id: decision.gateId,
  art_id: decision.artId,
  artefact_digest: decision.artefactDigest,
  chk_id: decision.chkId,
  checklist_version: decision.checklistVersion,
  checklist_digest: decision.checklistDigest,
  inputs_digest: decision.inputsDigest,
  as_of: new Date(decision.asOf),
  valid_until: decision.validUntil === null ? null : new Date(decision.validUntil),
  verdict: decision.verdict,
  verdict_without_waivers: decision.verdictWithoutWaivers,
  document_digest: decision.documentDigest,
  decided_at: new Date(decision.decidedAt),
  entry_key: decision.entryKey.toString('hex'),
});
