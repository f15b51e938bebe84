import type { Actor } from '../kernel/actor.js';
import type { BlobStore } from '../kernel/blob.js';
import type { JsonValue } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import { isUuid } from '../kernel/id.js';
import type { ArtefactRead, NamedArtefactVersion } from './artefact.read.js';
import type { EvidenceWithReport } from './evidence.js';
import type { EvidenceRead } from './evidence.read.js';

/** Everything people and services look up about artefacts and evidence; changes nothing. */
export class EvidenceDesk {
  constructor(
    private readonly artefacts: ArtefactRead,
    private readonly read: EvidenceRead,
    private readonly blobs: BlobStore,
  ) {}

  /** By digest or a prefix of at least 8 hex digits; undefined when none or several match. */
  async artefact(actor: Actor, digest: string): Promise<NamedArtefactVersion | undefined> {
    return only(await this.artefacts.byDigestPrefix(actor.orgId, digest, 2));
  }

  /** By the digest of the stored bytes or a prefix; the first receipt when the same bytes came more than once. */
  async evidence(actor: Actor, digest: string): Promise<EvidenceWithReport | undefined> {
    const found = await this.read.byDigestPrefix(actor.orgId, digest, 2);
    const digests = new Set(found.map(({ evidence }) => evidence.storedDigest));
    return digests.size === 1 ? found[0] : undefined;
  }

  /** Exactly one receipt, whoever else sent the same bytes. */
  async receipt(actor: Actor, evidenceId: string): Promise<EvidenceWithReport | undefined> {
    return isUuid(evidenceId) ? this.read.byId(actor.orgId, evidenceId) : undefined;
  }

  about(actor: Actor, artefact: { artId: string; digest: Digest }): Promise<readonly EvidenceWithReport[]> {
    return this.read.forArtefact(actor.orgId, artefact);
  }

  /** The normal form that policies judge; null until a worker has made it. */
  async document(actor: Actor, documentDigest: Digest | null): Promise<JsonValue> {
    if (documentDigest === null) return null;
    const bytes = await this.blobs.get(actor.orgId, documentDigest);
    if (!bytes) throw new Error(`the document ${documentDigest} is not in the blob store`);
    return JSON.parse(bytes.toString('utf8')) as JsonValue;
  }
}

const only = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);
