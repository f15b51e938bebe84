import type { EntityManager } from 'typeorm';
import { Finder, type FindKind, type Found } from '../../api/find.port.js';
import { digestPrefixes } from '../../evidence/digest-prefix.js';
import { TOLD_DECISIONS } from '../../gate/decision-row.read.pg.js';
import { isUuid } from '../../kernel/id.js';

/** One place to look in. Answers id, version, digest and title; $1 is the organisation, $2 what is looked for. */
interface Place {
  readonly kind: FindKind;
  readonly query: string;
}

const text = 'NULL::text';
const version = `v.digest, a.name`;
const ARTEFACTS = `assay.artefact_version v JOIN assay.artefact a USING (org_id, art_id)`;
const NEWEST = `(SELECT d.*, f.seq FROM ${TOLD_DECISIONS} ORDER BY f.seq DESC LIMIT 1000) d`;
const selects = (type: string, member: string): string =>
  `w.selectors @> jsonb_build_array(jsonb_build_object('type', '${type}', '${member}', $2::text))`;
const WAIVER = `SELECT w.waiver_id::text, ${text}, ${text}, 'Waiver, ' || w.severity FROM assay.waiver w WHERE w.org_id = $1`;

const BY_ID: readonly Place[] = [
  {
    kind: 'artefact',
    query: `SELECT a.art_id, ${text}, ${version} FROM ${ARTEFACTS} WHERE a.org_id = $1 AND a.art_id = $2
            ORDER BY v.registered_at DESC`,
  },
  {
    kind: 'gate',
    query: `SELECT gate_id, version::text, ${text}, title FROM assay.gate WHERE org_id = $1 AND gate_id = $2`,
  },
  {
    kind: 'policy',
    query: `SELECT policy_id, version, digest, document::jsonb -> 'title' ->> 'en' FROM assay.policy_version
            WHERE org_id = $1 AND policy_id = $2 ORDER BY published_at DESC`,
  },
  {
    kind: 'checklist',
    query: `SELECT chk_id, version::text, digest, document::jsonb -> 'title' ->> 'en' FROM assay.checklist_version
            WHERE org_id = $1 AND chk_id = $2 ORDER BY version DESC`,
  },
];
const BY_UUID: readonly Place[] = [
  {
    kind: 'decision',
    query: `SELECT decision_id::text, ${text}, document_digest, verdict || ' at ' || gate_id FROM assay.decision
            WHERE org_id = $1 AND decision_id = $2::uuid`,
  },
  { kind: 'waiver', query: `${WAIVER} AND w.waiver_id = $2::uuid` },
  {
    kind: 'evidence',
    query: `SELECT stored_digest, ${text}, stored_digest, source FROM assay.evidence
            WHERE org_id = $1 AND evidence_id = $2::uuid`,
  },
  {
    kind: 'export',
    query: `SELECT export_id::text, ${text}, ${text}, 'Evidence pack' FROM assay.export
            WHERE org_id = $1 AND export_id = $2::uuid`,
  },
];
/** $2 is what the digest begins with: `g` comes after every hexadecimal digit, so that the indexes answer. */
const begins = (column: string): string => `${column} BETWEEN $2 AND $2 || 'g'`;
const BY_DIGEST: readonly Place[] = [
  {
    kind: 'artefact',
    query: `SELECT a.art_id, ${text}, ${version} FROM ${ARTEFACTS} WHERE a.org_id = $1 AND ${begins('v.digest')}`,
  },
  {
    kind: 'evidence',
    query: `SELECT stored_digest, ${text}, stored_digest, source FROM assay.evidence
            WHERE org_id = $1 AND (${begins('stored_digest')} OR ${begins('received_digest')})`,
  },
  {
    kind: 'decision',
    query: `SELECT decision_id::text, ${text}, document_digest, verdict || ' at ' || gate_id FROM assay.decision
            WHERE org_id = $1 AND (${begins('artefact_digest')} OR ${begins('inputs_digest')})`,
  },
  {
    kind: 'policy',
    query: `SELECT policy_id, version, digest, document::jsonb -> 'title' ->> 'en' FROM assay.policy_version
            WHERE org_id = $1 AND ${begins('digest')}`,
  },
  {
    kind: 'checklist',
    query: `SELECT chk_id, version::text, digest, document::jsonb -> 'title' ->> 'en' FROM assay.checklist_version
            WHERE org_id = $1 AND ${begins('digest')}`,
  },
];
const BY_RULE: readonly Place[] = [
  {
    kind: 'rule',
    query: `SELECT policy_id, version, digest, r ->> 'title'
              FROM assay.policy_version CROSS JOIN LATERAL jsonb_array_elements(document::jsonb -> 'rules') r
             WHERE org_id = $1 AND r ->> 'ruleId' = $2 ORDER BY published_at DESC`,
  },
  { kind: 'waiver', query: `${WAIVER} AND ${selects('rule', 'ruleId')} ORDER BY w.requested_at DESC` },
];
const BY_COMPONENT: readonly Place[] = [
  { kind: 'waiver', query: `${WAIVER} AND ${selects('component', 'purl')} ORDER BY w.requested_at DESC` },
  {
    kind: 'decision',
    query: `SELECT d.decision_id::text, ${text}, d.document_digest, d.verdict || ' at ' || d.gate_id FROM ${NEWEST}
             WHERE strpos(d.document, to_json($2::text)::text) > 0 ORDER BY d.seq DESC`,
  },
];

const RULE_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** One statement for each place that the text could name something in: none reads more rows than are asked for. */
export class PgFinder extends Finder {
  constructor(private readonly manager: EntityManager) {
    super();
  }

  async find(
    orgId: string,
    wanted: string,
    kinds: ReadonlySet<FindKind>,
    limit: number,
  ): Promise<readonly Found[]> {
    const ask = (places: readonly Place[], matched: Found['matched'], named = wanted) =>
      places
        .filter(({ kind }) => kinds.has(kind))
        .map((place) => this.look(place, { orgId, named, matched, limit }));
    const found = await Promise.all([
      ...ask(BY_ID, 'id'),
      ...(isUuid(wanted.toLowerCase()) ? ask(BY_UUID, 'id', wanted.toLowerCase()) : []),
      ...digestPrefixes(wanted.toLowerCase().replace('gitcommit', 'gitCommit'), [
        'sha256',
        'gitCommit',
      ]).flatMap((prefix) => ask(BY_DIGEST, 'digest', prefix)),
      ...(RULE_ID.test(wanted) ? ask(BY_RULE, 'rule') : []),
      ...(wanted.startsWith('pkg:') ? ask(BY_COMPONENT, 'component') : []),
    ]);
    return found.flat().slice(0, limit);
  }

  private async look(
    { kind, query }: Place,
    {
      orgId,
      named,
      matched,
      limit,
    }: { orgId: string; named: string; matched: Found['matched']; limit: number },
  ): Promise<readonly Found[]> {
    const rows = await this.manager.query<Omit<Found, 'kind' | 'matched'>[]>(
      `SELECT * FROM (${query}) found (id, version, digest, title) LIMIT $3`,
      [orgId, named, limit],
    );
    return rows.map((row) => ({ ...row, kind, matched }));
  }
}
