import type { EntityManager } from 'typeorm';
import type { Digest } from '../kernel/digest.js';
import { ArtefactEntity } from './artefact.entity.js';
import { SELECT_VERSIONS, versionOf, type VersionRow } from './artefact.read.pg.js';
import type { NamedArtefactVersion } from './artefact.read.js';
import type { Artefact, ArtefactVersion } from './artefact.js';
import type { ArtefactStore } from './artefact.store.js';

export class PgArtefactStore implements ArtefactStore {
  constructor(private readonly manager: EntityManager) {}

  async ensureArtefact(artefact: Artefact): Promise<Artefact> {
    await this.manager
      .createQueryBuilder()
      .insert()
      .into(ArtefactEntity)
      .values({ ...artefact, createdAt: new Date(artefact.createdAt) })
      .orIgnore()
      .execute();
    const { orgId, artId } = artefact;
    const row = await this.manager.findOneByOrFail(ArtefactEntity, { orgId, artId });
    return { orgId, artId, projectId: row.projectId, name: row.name, createdAt: row.createdAt.getTime() };
  }

  async addVersion(version: ArtefactVersion): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO assay.artefact_version
         (org_id, art_id, digest, author_id, act_id, case_id, agent, registered_by, registered_at, entry_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT ON CONSTRAINT artefact_version_pk DO NOTHING RETURNING art_id`,
      [
        version.orgId,
        version.artId,
        version.digest,
        version.authorId,
        version.actId,
        version.caseId,
        version.agent && JSON.stringify(version.agent),
        version.registeredBy,
        new Date(version.registeredAt),
        version.entryKey,
      ],
    );
    return rows.length === 1;
  }

  async findVersion(orgId: string, artId: string, digest: Digest): Promise<NamedArtefactVersion | undefined> {
    const [row] = await this.manager.query<VersionRow[]>(
      `${SELECT_VERSIONS} WHERE v.org_id = $1 AND v.art_id = $2 AND v.digest = $3`,
      [orgId, artId, digest],
    );
    return row && versionOf(row);
  }
}
