import type { ArtefactRead } from '../../evidence/artefact.read.js';
import type { EvidenceRead } from '../../evidence/evidence.read.js';
import type { JudgedArtefact, JudgedEvidence } from '../../gate/subject.js';
import type { SubjectSource } from '../../gate/subject.port.js';
import { digestFrom, type Digest } from '../../kernel/digest.js';
import type { ArtefactAuthors } from '../../waiver/waiver-policy.port.js';

/** What a gate judges, as the evidence module has it. */
export class RegisteredSubjects implements SubjectSource {
  constructor(
    private readonly artefactRead: ArtefactRead,
    private readonly evidenceRead: EvidenceRead,
  ) {}

  async artefacts(orgId: string, digest: Digest, artId?: string): Promise<readonly JudgedArtefact[]> {
    const versions = await this.artefactRead.versions(orgId, digest, artId);
    return versions.map(({ artId: id, projectId, registeredAt, authorId, agent }) => ({
      artId: id,
      digest,
      projectId,
      registeredAt,
      authorId,
      agent,
    }));
  }

  async evidence(
    orgId: string,
    artefact: { artId: string; digest: Digest },
    asOf = Infinity,
  ): Promise<{ normalised: readonly JudgedEvidence[]; pending: readonly Digest[] }> {
    const received = await this.evidenceRead.forArtefact(orgId, artefact);
    const all = received.filter(({ evidence }) => evidence.receivedAt <= asOf);
    return {
      normalised: all.flatMap(({ evidence: { storedDigest, collectedAt, part }, report }) =>
        report
          ? [{ storedDigest, documentDigest: report.documentDigest, collectedAt, ...(part && { part }) }]
          : [],
      ),
      pending: all.flatMap(({ evidence, report }) => (report ? [] : [evidence.storedDigest])),
    };
  }
}

/** Who made an artefact, as it was registered: they may not approve a waiver for it. */
export class RegisteredAuthors implements ArtefactAuthors {
  constructor(private readonly artefactRead: ArtefactRead) {}

  async authorsOf(orgId: string, artefact: { artId: string; digest?: string }): Promise<readonly string[]> {
    const versions =
      artefact.digest === undefined
        ? await this.artefactRead.versionsOf(orgId, artefact.artId)
        : await this.artefactRead.versions(orgId, digestFrom(artefact.digest), artefact.artId);
    return [...new Set(versions.flatMap(({ authorId }) => authorId ?? []))];
  }
}
