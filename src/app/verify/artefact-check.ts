import type { EntityManager } from 'typeorm';
import type { AgentHeader } from '../../kernel/actor.js';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { pseudonymOf } from '../../ledger/pseudonym.js';
import type { RecordedEntry } from '../../ledger/recorded-entry.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import { pageThrough } from './page-through.js';

interface Row {
  readonly cursor: string;
  readonly orgId: string;
  readonly authorId: string | null;
  readonly agent: AgentHeader | null;
}

const QUERY = `
  SELECT cursor, org_id AS "orgId", author_id AS "authorId", agent FROM (
    SELECT v.*, v.org_id || ' ' || v.art_id || ' ' || v.digest AS cursor FROM assay.artefact_version v) v
   WHERE cursor > $1 ORDER BY cursor LIMIT $2`;

/** Who or what made an artefact version decides who may excuse it: that must be what was registered. */
export const artefactCheck =
  (manager: EntityManager, pseudonymKey: Buffer): DomainCheck =>
  async (entries) => {
    const told = new Map<string, { seq: number; maker: string }>();
    for await (const { seq, recorded } of entries)
      if (recorded.kind === 'artefact.registered')
        told.set(nameOf(recorded), { seq, maker: makerOf(recorded.persons['author'], recorded.facts.agent) });

    const findings: Finding[] = [];
    for await (const row of pageThrough<Row>(manager, QUERY)) {
      const entry = told.get(row.cursor);
      told.delete(row.cursor);
      const name = `artefact version ${row.cursor.slice(row.cursor.indexOf(' ') + 1)}`;
      const author = row.authorId === null ? undefined : pseudonymOf(pseudonymKey, row.orgId, row.authorId);
      if (!entry) findings.push({ what: 'artefact', detail: `${name}: no entry records it` });
      else if (entry.maker !== makerOf(author, row.agent ?? undefined))
        findings.push({ what: 'artefact', seq: entry.seq, detail: `${name}: author or agent was changed` });
    }
    for (const [name, { seq }] of told)
      findings.push({ what: 'artefact', seq, detail: `artefact version ${name}: the row is missing` });
    return findings;
  };

const nameOf = ({ orgId, facts }: RecordedEntry): string =>
  `${orgId} ${facts.artId ?? ''} ${facts.artefactDigest ?? ''}`;

const makerOf = (author: string | undefined, agent: AgentHeader | undefined): string =>
  canonicalJson([author ?? null, agent ? { ...agent } : null]);
