import type { ArtefactRead } from '../../evidence/artefact.read.js';
import type { EvidenceRead } from '../../evidence/evidence.read.js';
import { decodeDocument } from '../../formats/model/document.js';
import type { Finding } from '../../formats/model/finding.js';
import { decodePage } from '../../formats/model/finding-page.js';
import type { BlobStore } from '../../kernel/blob.js';
import { digestFrom, type Digest } from '../../kernel/digest.js';
import type {
  ArtefactFindings,
  SuppressibleFinding,
} from '../../waiver/suppression/suppressed-findings.port.js';

/** The findings of an artefact, document by document and page by page, as the evidence module has them. */
export class StoredFindings implements ArtefactFindings {
  constructor(
    private readonly artefacts: ArtefactRead,
    private readonly evidence: EvidenceRead,
    private readonly blobs: BlobStore,
  ) {}

  async of(
    orgId: string,
    artefact: { readonly artId: string; readonly digest: Digest },
  ): Promise<AsyncIterable<SuppressibleFinding> | undefined> {
    const versions = await this.artefacts.versions(orgId, artefact.digest, artefact.artId);
    return versions.length === 0 ? undefined : this.read(orgId, artefact);
  }

  private async *read(
    orgId: string,
    artefact: { readonly artId: string; readonly digest: Digest },
  ): AsyncGenerator<SuppressibleFinding> {
    const received = await this.evidence.forArtefact(orgId, artefact);
    const digests = new Set(received.flatMap(({ report }) => report?.documentDigest ?? []));
    for (const digest of digests) {
      const document = decodeDocument(await this.blob(orgId, digest));
      yield* document.findings.map(suppressible);
      for (const page of document.pages)
        yield* decodePage(await this.blob(orgId, digestFrom(page.digest))).map(suppressible);
    }
  }

  private async blob(orgId: string, digest: Digest): Promise<Uint8Array> {
    const bytes = await this.blobs.get(orgId, digest);
    if (!bytes) throw new Error(`${digest} is not in the blob store`);
    return bytes;
  }
}

const suppressible = (finding: Finding): SuppressibleFinding => ({
  tool: finding.tool,
  rule: finding.rule,
  path: finding.path,
  startLine: finding.startLine,
  identity: finding.identity,
  isSuppressed: finding.toolSuppression === 'accepted' && finding.baseline !== 'absent',
});
