import type { EntityManager } from 'typeorm';
import type { About, ProjectOf, ProjectThing } from '../../access/project-of.port.js';
import { isUuid } from '../../kernel/id.js';

/** $1 the organisation, $2 what names the thing. */
const GATE = `SELECT project_id AS id FROM assay.gate WHERE org_id = $1 AND gate_id = $2`;
const ARTEFACT = `SELECT project_id AS id FROM assay.artefact WHERE org_id = $1 AND art_id = $2`;
/** A fix task is a case, too. */
const CASE = `SELECT project_id AS id FROM assay.work_item WHERE org_id = $1 AND case_id = $2 ORDER BY version LIMIT 1`;
const QUERIES: Readonly<Record<ProjectThing, string>> = {
  project: `SELECT project_id AS id FROM assay.project WHERE org_id = $1 AND slug = $2`,
  gate: GATE,
  gateIfDefined: GATE,
  artefact: ARTEFACT,
  artefactIfKnown: ARTEFACT,
  case: CASE,
  caseIfSaved: CASE,
  decision: `SELECT g.project_id AS id FROM assay.decision d JOIN assay.gate g USING (org_id, gate_id)
              WHERE d.org_id = $1 AND d.decision_id = $2`,
  run: `SELECT g.project_id AS id FROM assay.gate_run r JOIN assay.gate g USING (org_id, gate_id)
         WHERE r.org_id = $1 AND r.run_id = $2`,
  grant: `SELECT project_id AS id FROM assay.access_grant WHERE org_id = $1 AND grant_id = $2`,
  waiver: `SELECT g.project_id AS id FROM assay.waiver w JOIN assay.gate g USING (org_id, gate_id)
            WHERE w.org_id = $1 AND w.waiver_id = $2`,
};

/** PostgreSQL would not even compare another text with their ids. */
const BY_UUID: ReadonlySet<ProjectThing> = new Set(['decision', 'run', 'waiver', 'grant']);
/** What need not be there yet. */
const MADE: ReadonlySet<ProjectThing> = new Set(['gateIfDefined', 'artefactIfKnown', 'caseIfSaved']);

export class StoredProjectOf implements ProjectOf {
  constructor(private readonly manager: EntityManager) {}

  async projectId(orgId: string, { what, id }: About): Promise<string | null | undefined> {
    if (BY_UUID.has(what) && !isUuid(id)) return undefined;
    const [row] = await this.manager.query<{ id: string | null }[]>(QUERIES[what], [orgId, id]);
    return row ? (row.id ?? undefined) : MADE.has(what) ? null : undefined;
  }
}
