import type { Actor } from '../kernel/actor.js';
import type { BlobStore } from '../kernel/blob.js';
import type { Clock } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { idempotencyKey, uuidFromKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { DispatchStore } from '../ledger/dispatch.store.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ArtefactStore } from './artefact.store.js';
import type { NamedArtefactVersion } from './artefact.read.js';
import { decodeDocument, encodeDocument } from '../formats/model/document.js';
import type { Severity } from '../formats/model/finding.js';
import { worstSeverityOf } from '../formats/model/worst-severity.js';
import { evidenceNormalised, evidenceReceived } from './evidence-entry.js';
import { withToolRun } from '../formats/scan/with-tool-run.js';
import type { EvidenceStore } from './evidence.store.js';
import type { Evidence, EvidenceReport } from './evidence.js';
import { isRecognised } from '../formats/registry.js';
import { plainOf } from './decompress.io.js';
import { MaskedUpload } from './masked-upload.js';
import type { Normaliser, StoredBytesProblem } from './normaliser.port.js';
import { faultOf, isSame, type ReceiveEvidence, type StoredBytes } from './receipt.js';
import { UploadRefused } from './upload-refused.js';
import { NORMALISER } from '../formats/normalise.js';
import type { TrustedKey } from '../formats/reader.js';
import type { EvidenceProblem, NormaliseProblem } from './problem.js';

export interface EvidenceSettings {
  /** Of one organisation; see masking/mask.ts. */
  readonly maskingKey: (orgId: string) => Uint8Array;
  readonly limitBytes: number;
  /** Whose signatures on statements count, as configured when the evidence is read. */
  readonly trustedKeys?: readonly TrustedKey[];
}

interface Stores {
  readonly artefacts: ArtefactStore;
  readonly evidence: EvidenceStore;
  readonly dispatch: Pick<DispatchStore, 'handled' | 'recorded'>;
  readonly ledger: Ledger;
}

/** The reader of the ledger that normalises; never renamed. */
export const NORMALISE_READER = 'normalise';

/** Takes evidence in, and makes its normal form. */
export class EvidenceService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly blobs: BlobStore,
    private readonly normaliser: Normaliser,
    private readonly settings: EvidenceSettings,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores what arrives, with its secrets masked before the first write, and records its receipt. Received twice
   * under one key, it is one piece of evidence. After a problem nothing refers to any stored byte.
   */
  async receive(command: ReceiveEvidence, actor: Actor): Promise<Result<Evidence, EvidenceProblem>> {
    const now = this.clock.now();
    const { artId, digest, declaredFormat, source, collectedAt = now, context, part } = command;
    const invalid = faultOf({ declaredFormat, source, collectedAt, part }, now);
    if (invalid) return failed(invalid);
    const { orgId, principalId } = actor;
    const known = await this.tx<NamedArtefactVersion, EvidenceProblem>(async ({ artefacts }) => {
      const version = await artefacts.findVersion(orgId, artId, digest);
      return version ? ok(version) : failed({ kind: 'ArtefactNotFound', artId, digest });
    });
    if (!known.ok) return known;

    const { sameAs } = command;
    const stored = await (sameAs === undefined
      ? this.store(orgId, command)
      : this.storedBefore(orgId, sameAs));
    if (!stored.ok) return stored;
    const entryKey = idempotencyKey(orgId, 'evidence.receive', command.idempotencyKey);
    const evidence: Evidence = {
      evidenceId: uuidFromKey(entryKey),
      orgId,
      artId,
      artefactDigest: digest,
      ...stored.value,
      declaredFormat: declaredFormat !== undefined && isRecognised(declaredFormat) ? declaredFormat : null,
      source,
      collectedAt,
      receivedAt: now,
      uploadedBy: principalId,
      entryKey,
      toolRun: command.toolRun ?? null,
      part: part ?? null,
    };
    return this.tx<Evidence, EvidenceProblem>(async (stores) => {
      if (!(await stores.evidence.add(evidence))) {
        const standing = await stores.evidence.find(orgId, evidence.evidenceId);
        const isRetry = standing && isSame(standing, evidence, command.collectedAt !== undefined);
        return isRetry ? ok(standing) : failed({ kind: 'IdempotencyConflict', seq: null });
      }
      const appended = await stores.ledger.append(
        evidenceReceived(evidence, known.value, { actor, context }),
      );
      return appended.ok ? ok(evidence) : appended;
    });
  }

  private async store(
    orgId: string,
    { stream, contentEncoding }: Pick<ReceiveEvidence, 'stream' | 'contentEncoding'>,
  ): Promise<Result<StoredBytes, EvidenceProblem>> {
    const upload = new MaskedUpload(stream, {
      maskingKey: this.settings.maskingKey(orgId),
      limitBytes: this.settings.limitBytes,
      decode: (received) => plainOf(received, contentEncoding),
    });
    try {
      const { digest, sizeBytes } = await this.blobs.putStream(orgId, upload.bytes());
      const { maskedCount, encoding } = upload;
      const receivedDigest = upload.receivedDigest();
      return ok({ storedDigest: digest, receivedDigest, sizeBytes, maskedCount, encoding });
    } catch (error) {
      if (error instanceof UploadRefused) return failed(error.problem);
      throw error;
    }
  }

  /** Nothing is sent, masked or stored again. */
  private storedBefore(orgId: string, digest: Digest): Promise<Result<StoredBytes, EvidenceProblem>> {
    return this.tx(async ({ evidence }) => {
      const before = await evidence.findBytes(orgId, digest);
      const expected = 'the digest of evidence that was handed in before';
      if (!before) return failed({ kind: 'InvalidInput', path: 'sameAs', expected });
      const { storedDigest, receivedDigest, sizeBytes, maskedCount, encoding } = before;
      return ok({ storedDigest, receivedDigest, sizeBytes, maskedCount, encoding });
    });
  }

  /** What was received under a key of `receive`; undefined when nothing was. */
  async received(orgId: string, callersKey: string): Promise<Evidence | undefined> {
    const evidenceId = uuidFromKey(idempotencyKey(orgId, 'evidence.receive', callersKey));
    const found = await this.tx<Evidence | undefined, never>(async ({ evidence }) =>
      ok(await evidence.find(orgId, evidenceId)),
    );
    return found.ok ? found.value : undefined;
  }

  /** What a job that names only an entry asks for: the evidence whose receipt stands at `seq`. */
  async normaliseEntry(seq: number): Promise<Result<EvidenceReport, NormaliseProblem>> {
    const named = await this.tx<EvidenceName, NormaliseProblem>(async ({ dispatch }) => {
      const entry = await dispatch.recorded(seq);
      const evidenceId = entry?.kind === 'evidence.received' ? entry.facts.details['evidenceId'] : undefined;
      return entry && typeof evidenceId === 'string'
        ? ok({ orgId: entry.orgId, evidenceId })
        : failed({ kind: 'EvidenceNotFound', evidenceId: `of entry ${String(seq)}` });
    });
    return named.ok ? this.normalise(named.value, seq) : named;
  }

  /**
   * Makes the normal form of received evidence and records it; `seq` is the entry of its receipt. Running twice,
   * also at the same time, leaves one report and one entry.
   */
  async normalise(
    { orgId, evidenceId }: EvidenceName,
    seq: number,
  ): Promise<Result<EvidenceReport, NormaliseProblem>> {
    const startedAt = this.clock.now();
    const before = await this.tx<Before, NormaliseProblem>(async (stores) => {
      const evidence = await stores.evidence.find(orgId, evidenceId);
      if (!evidence) return failed({ kind: 'EvidenceNotFound', evidenceId });
      const report = await stores.evidence.findReport(orgId, evidenceId, NORMALISER);
      if (report) await stores.dispatch.handled(NORMALISE_READER, seq);
      return ok({ evidence, report, twin: await stores.evidence.findTwin(evidence, NORMALISER) });
    });
    if (!before.ok) return before;
    const { evidence, report: standing, twin } = before.value;
    if (standing) return ok(standing);

    const made = await this.makeReport(evidence, twin);
    if (!made.ok) return made;
    return this.tx<EvidenceReport, NormaliseProblem>(async (stores) => {
      const { report, severity } = made.value;
      const isFirst = await stores.evidence.addReport(report);
      await stores.dispatch.handled(NORMALISE_READER, seq);
      if (!isFirst) return ok((await stores.evidence.findReport(orgId, evidenceId, NORMALISER)) ?? report);
      const receipt = (await stores.dispatch.recorded(seq))?.facts;
      const entry = evidenceNormalised(evidence, report, { startedAt, severity, receipt });
      const appended = await stores.ledger.append(entry);
      return appended.ok ? ok(report) : appended;
    });
  }

  /**
   * Has the bytes read and held to their digest, and stores the document before anything refers to it. Bytes
   * that were read before, in the same way, are not read again.
   */
  private async makeReport(
    evidence: Evidence,
    twin: EvidenceReport | undefined,
  ): Promise<Result<{ report: EvidenceReport; severity: Severity }, NormaliseProblem>> {
    const { orgId, evidenceId, storedDigest, declaredFormat, toolRun, sizeBytes } = evidence;
    const own = {
      evidenceId,
      orgId,
      normaliser: NORMALISER,
      normalisedAt: this.clock.now(),
      entryKey: idempotencyKey(orgId, 'evidence.normalise', `${evidenceId} ${NORMALISER}`),
    };
    if (twin)
      return ok({
        report: { ...twin, ...own },
        severity: await this.severityOf(orgId, twin.documentDigest),
      });
    const made = await this.normaliser.normalise(
      { orgId, digest: storedDigest, sizeBytes },
      { trustedKeys: this.settings.trustedKeys ?? [], ...(declaredFormat !== null && { declaredFormat }) },
    );
    if (!made.ok) return failed(bytesProblem(made.problem, evidence));
    const read = made.value;
    const document = toolRun === null ? read : withToolRun(read, toolRun, declaredFormat);
    const report: EvidenceReport = {
      ...own,
      format: document.format,
      formatVersion: document.formatVersion,
      kinds: document.kinds,
      state: document.state,
      reasons: document.reasons,
      tools: document.tools,
      documentDigest: await this.blobs.put(orgId, encodeDocument(document)),
      normalisedAt: this.clock.now(),
    };
    return ok({ report, severity: worstSeverityOf(document) });
  }

  private async severityOf(orgId: string, documentDigest: Digest): Promise<Severity> {
    const bytes = await this.blobs.get(orgId, documentDigest);
    return bytes ? worstSeverityOf(decodeDocument(bytes)) : 'unknown';
  }
}

const bytesProblem = (
  problem: StoredBytesProblem,
  { evidenceId, storedDigest: digest }: Evidence,
): NormaliseProblem =>
  problem.kind === 'BytesMissing'
    ? { kind: 'EvidenceBytesMissing', evidenceId, digest }
    : { kind: 'EvidenceBytesAltered', evidenceId, digest, actual: problem.actual };

/** Which evidence, and whose. */
export type EvidenceName = Pick<Evidence, 'orgId' | 'evidenceId'>;

interface Before {
  readonly evidence: Evidence;
  readonly report: EvidenceReport | undefined;
  readonly twin: EvidenceReport | undefined;
}
