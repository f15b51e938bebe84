import type { EntityManager } from 'typeorm';
import { canonicalJson, type JsonObject } from '../kernel/canonical-json.js';
import { PolicyVersionEntity } from './policy-version.entity.js';
import type { PolicyVersion } from './policy-version.js';
import type { PolicyStore, Published } from './policy.store.js';

export class PgPolicyStore implements PolicyStore {
  constructor(private readonly manager: EntityManager) {}

  async publishPolicy(
    orgId: string,
    { digest, document }: PolicyVersion,
    published: Published,
  ): Promise<void> {
    await this.manager.insert(PolicyVersionEntity, {
      orgId,
      policyId: document.policyId,
      version: document.version,
      digest,
      sourceDigest: document.source,
      document: canonicalJson(document as unknown as JsonObject),
      ...columnsOf(published),
    });
  }
}

const columnsOf = (published: Published) => ({
  publishedAt: new Date(published.at),
  publishedBy: published.by,
  entryKey: published.entryKey,
});
