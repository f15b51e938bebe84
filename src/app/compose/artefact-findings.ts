import type { ArtefactRead } from '../../evidence/artefact.read.js';
import type { EvidenceRead } from '../../evidence/evidence.read.js';
import type { StoredDocuments } from '../../evidence/stored-documents.service.js';
import type { Finding } from '../../formats/model/finding.js';
import type { Digest } from '../../kernel/digest.js';
import type {
  ArtefactFindings,
  SuppressibleFinding,
} from '../../waiver/suppression/suppressed-findings.port.js';

/** The findings of an artefact, document by document and page by page, as the evidence module has them. */
export class StoredFindings implements ArtefactFindings {
  constructor(
    private readonly artefacts: ArtefactRead,
    private readonly evidence: EvidenceRead,
    private readonly documents: StoredDocuments,
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
      const document = await this.documents.document(orgId, digest);
      for await (const finding of this.documents.findings(orgId, document)) yield suppressible(finding);
    }
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
