import type { EntityManager } from 'typeorm';
import type { AgentHeader } from '../../kernel/actor.js';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { pseudonymOf } from '../../ledger/pseudonym.js';
import type { CheckedEntry, DomainCheck, Finding } from '../../ledger/verify.js';

interface Row {
  readonly name: string;
  readonly orgId: string;
  readonly authorId: string | null;
  readonly agent: AgentHeader | null;
  readonly projectId: string;
}

const QUERY = `
  SELECT v.org_id || ' ' || v.art_id || ' ' || v.digest AS name, v.org_id AS "orgId", v.author_id AS "authorId",
         v.agent, a.project_id AS "projectId"
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS asked(org_id, art_id, digest)
    JOIN assay.artefact_version v USING (org_id, art_id, digest)
    JOIN assay.artefact a USING (org_id, art_id)`;

/**
 * Who or what made an artefact version decides who may excuse it: that must be what was registered, and so must
 * the project. Rows without an entry are the link check's.
 */
export const artefactCheck = (manager: EntityManager, pseudonymKey: Buffer): DomainCheck => ({
  standsAlone: true,
  read: async (page) => {
    const told = page.filter(({ recorded }) => recorded.kind === 'artefact.registered');
    if (told.length === 0) return [];
    const rows = await manager.query<Row[]>(QUERY, [
      told.map(({ recorded }) => recorded.orgId),
      told.map(({ recorded }) => recorded.facts.artId ?? ''),
      told.map(({ recorded }) => recorded.facts.artefactDigest ?? ''),
    ]);
    const byName = new Map(rows.map((row) => [row.name, row]));
    return told.flatMap((entry) => compare(entry, byName.get(nameOf(entry)), pseudonymKey));
  },
  finish: () => Promise.resolve([]),
});

const nameOf = ({ recorded: { orgId, facts } }: CheckedEntry): string =>
  `${orgId} ${facts.artId ?? ''} ${facts.artefactDigest ?? ''}`;

function compare({ seq, recorded }: CheckedEntry, row: Row | undefined, key: Buffer): Finding[] {
  const { artId, artefactDigest, agent, details } = recorded.facts;
  const found = (detail: string): Finding[] => [
    { what: 'artefact', seq, detail: `artefact version ${artId ?? ''} ${artefactDigest ?? ''}: ${detail}` },
  ];
  if (!row) return found('the row is missing');
  const author = row.authorId === null ? undefined : pseudonymOf(key, row.orgId, row.authorId);
  if (makerOf(author, row.agent ?? undefined) !== makerOf(recorded.persons['author'], agent))
    return found('author or agent was changed');
  return row.projectId === details['projectId'] ? [] : found('its project was changed');
}

const makerOf = (author: string | undefined, agent: AgentHeader | undefined): string =>
  canonicalJson([author ?? null, agent ? { ...agent } : null]);
