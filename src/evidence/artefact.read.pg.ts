import type { EntityManager } from 'typeorm';
import type { AgentHeader } from '../kernel/actor.js';
import { digestFrom, type Digest } from '../kernel/digest.js';
import { Gathering } from '../kernel/gathering.js';
import type { ArtefactRead, NamedArtefactVersion } from './artefact.read.js';
import { digestPrefixes } from './digest-prefix.js';

export const SELECT_VERSIONS = `
  SELECT v.org_id, v.art_id, v.digest, v.author_id, v.act_id, v.case_id, v.agent, v.registered_by, v.registered_at,
         v.entry_key, a.name, a.project_id
    FROM assay.artefact_version v JOIN assay.artefact a ON a.org_id = v.org_id AND a.art_id = v.art_id`;

export interface VersionRow {
  readonly org_id: string;
  readonly art_id: string;
  readonly digest: string;
  readonly author_id: string | null;
  readonly act_id: string | null;
  readonly case_id: string | null;
  readonly agent: AgentHeader | null;
  readonly registered_by: string;
  readonly registered_at: Date;
  readonly entry_key: Buffer;
  readonly name: string;
  readonly project_id: string;
}

export const versionOf = (row: VersionRow): NamedArtefactVersion => ({
  orgId: row.org_id,
  artId: row.art_id,
  digest: digestFrom(row.digest),
  authorId: row.author_id,
  actId: row.act_id,
  caseId: row.case_id,
  agent: row.agent,
  registeredBy: row.registered_by,
  registeredAt: row.registered_at.getTime(),
  entryKey: row.entry_key,
  name: row.name,
  projectId: row.project_id,
});

interface VersionKey {
  readonly orgId: string;
  readonly digest: Digest;
  readonly artId: string | undefined;
}

export class PgArtefactRead implements ArtefactRead {
  private readonly asked = new Gathering((keys: readonly VersionKey[]) => this.versionsNamed(keys));

  constructor(private readonly manager: EntityManager) {}

  versions(orgId: string, digest: Digest, artId?: string): Promise<readonly NamedArtefactVersion[]> {
    return this.asked.ask({ orgId, digest, artId });
  }

  private async versionsNamed(
    keys: readonly VersionKey[],
  ): Promise<readonly (readonly NamedArtefactVersion[])[]> {
    const rows = await this.manager.query<VersionRow[]>(
      `${SELECT_VERSIONS} WHERE (v.org_id, v.digest) IN (SELECT * FROM unnest($1::uuid[], $2::text[])) ORDER BY v.art_id`,
      [keys.map(({ orgId }) => orgId), keys.map(({ digest }) => digest)],
    );
    const all = rows.map(versionOf);
    return keys.map(({ orgId, digest, artId }) =>
      all.filter(
        (each) =>
          each.orgId === orgId && each.digest === digest && (artId === undefined || each.artId === artId),
      ),
    );
  }

  async versionsOf(orgId: string, artId: string): Promise<readonly NamedArtefactVersion[]> {
    const rows = await this.manager.query<VersionRow[]>(
      `${SELECT_VERSIONS} WHERE v.org_id = $1 AND v.art_id = $2 ORDER BY v.registered_at, v.digest`,
      [orgId, artId],
    );
    return rows.map(versionOf);
  }

  async byDigestPrefix(
    orgId: string,
    prefix: string,
    limit: number,
  ): Promise<readonly NamedArtefactVersion[]> {
    const prefixes = digestPrefixes(prefix, ['sha256', 'gitCommit']);
    if (prefixes.length === 0) return [];
    const rows = await this.manager.query<VersionRow[]>(
      `${SELECT_VERSIONS} WHERE v.org_id = $1 AND EXISTS (SELECT FROM unnest($2::text[]) p WHERE starts_with(v.digest, p))
        ORDER BY v.digest, v.art_id LIMIT $3`,
      [orgId, prefixes, limit],
    );
    return rows.map(versionOf);
  }
}
