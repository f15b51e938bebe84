import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { BlobStore } from '../kernel/blob.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { sha256, type Digest } from '../kernel/digest.js';
import { idempotencyKey, uuidFromKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { DispatchStore } from '../ledger/dispatch.store.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ArtefactStore } from './artefact.store.js';
import type { NamedArtefactVersion } from './artefact.read.js';
import { encodeDocument, SEVERITIES, type EvidenceDocument, type Severity } from './document.js';
import { evidenceNormalised, evidenceReceived } from './evidence-entry.js';
import type { EvidenceStore } from './evidence.store.js';
import type { Evidence, EvidenceReport } from './evidence.js';
import { isRecognised, RECOGNISED_FORMATS } from './format.js';
import { MaskedUpload, UploadRefused } from './masked-upload.js';
import { NORMALISER, normaliseEvidence } from './normalise.js';
import type { EvidenceProblem, NormaliseProblem } from './problem.js';

export interface ReceiveEvidence {
  /** The artefact version it is about. */
  readonly artId: string;
  readonly digest: Digest;
  /** Read once, to its end or to the first problem. */
  readonly stream: AsyncIterable<Uint8Array>;
  readonly declaredFormat?: string;
  /** Where it comes from, as a machine name such as `ci/github-actions`. Goes into the log: no personal data. */
  readonly source: string;
  /** When the tool ran; without it, now. */
  readonly collectedAt?: Instant;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

export interface EvidenceSettings {
  /** Of one organisation; see masking/mask.ts. */
  readonly maskingKey: (orgId: string) => Uint8Array;
  readonly limitBytes: number;
}

interface Stores {
  readonly artefacts: ArtefactStore;
  readonly evidence: EvidenceStore;
  readonly dispatch: Pick<DispatchStore, 'handled' | 'recorded'>;
  readonly ledger: Ledger;
}

/** The reader of the ledger that normalises; never renamed. */
export const NORMALISE_READER = 'normalise';
/** Clocks of build machines differ; more than this is a lie that would keep evidence fresh. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;
const SOURCE = /^[a-z0-9][a-z0-9._:/-]{0,119}$/;

/** Takes evidence in, and makes its normal form. */
export class EvidenceService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly blobs: BlobStore,
    private readonly settings: EvidenceSettings,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores what arrives, with its secrets masked before the first write, and records its receipt. Received twice
   * under one key, it is one piece of evidence. After a problem nothing refers to any stored byte.
   */
  async receive(command: ReceiveEvidence, actor: Actor): Promise<Result<Evidence, EvidenceProblem>> {
    const now = this.clock.now();
    const { artId, digest, declaredFormat, source, collectedAt = now, context } = command;
    const invalid = faultOf({ declaredFormat, source, collectedAt }, now);
    if (invalid) return failed(invalid);
    const { orgId, principalId } = actor;
    const known = await this.tx<NamedArtefactVersion, EvidenceProblem>(async ({ artefacts }) => {
      const version = await artefacts.findVersion(orgId, artId, digest);
      return version ? ok(version) : failed({ kind: 'ArtefactNotFound', artId, digest });
    });
    if (!known.ok) return known;

    const stored = await this.store(orgId, command.stream);
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
    };
    return this.tx<Evidence, EvidenceProblem>(async (stores) => {
      if (!(await stores.evidence.add(evidence))) {
        const standing = await stores.evidence.find(evidence.evidenceId);
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
    stream: AsyncIterable<Uint8Array>,
  ): Promise<
    Result<Pick<Evidence, 'storedDigest' | 'receivedDigest' | 'sizeBytes' | 'maskedCount'>, EvidenceProblem>
  > {
    const upload = new MaskedUpload(stream, this.settings.maskingKey(orgId), this.settings.limitBytes);
    try {
      const { digest, sizeBytes } = await this.blobs.putStream(orgId, upload.bytes());
      const { maskedCount } = upload;
      return ok({ storedDigest: digest, receivedDigest: upload.receivedDigest(), sizeBytes, maskedCount });
    } catch (error) {
      if (error instanceof UploadRefused) return failed(error.problem);
      throw error;
    }
  }

  /** What a job that names only an entry asks for: the evidence whose receipt stands at `seq`. */
  async normaliseEntry(seq: number): Promise<Result<EvidenceReport, NormaliseProblem>> {
    const named = await this.tx<string, NormaliseProblem>(async ({ dispatch }) => {
      const entry = await dispatch.recorded(seq);
      const evidenceId = entry?.kind === 'evidence.received' ? entry.facts.details['evidenceId'] : undefined;
      return typeof evidenceId === 'string'
        ? ok(evidenceId)
        : failed({ kind: 'EvidenceNotFound', evidenceId: `of entry ${String(seq)}` });
    });
    return named.ok ? this.normalise(named.value, seq) : named;
  }

  /**
   * Makes the normal form of received evidence and records it; `seq` is the entry of its receipt. Running twice,
   * also at the same time, leaves one report and one entry.
   */
  async normalise(evidenceId: string, seq: number): Promise<Result<EvidenceReport, NormaliseProblem>> {
    const startedAt = this.clock.now();
    const before = await this.tx<Before, NormaliseProblem>(async (stores) => {
      const evidence = await stores.evidence.find(evidenceId);
      if (!evidence) return failed({ kind: 'EvidenceNotFound', evidenceId });
      const report = await stores.evidence.findReport(evidenceId, NORMALISER);
      if (report) await stores.dispatch.handled(NORMALISE_READER, seq);
      return ok({ evidence, report });
    });
    if (!before.ok) return before;
    const { evidence, report: standing } = before.value;
    if (standing) return ok(standing);

    const made = await this.makeReport(evidence);
    if (!made.ok) return made;
    return this.tx<EvidenceReport, NormaliseProblem>(async (stores) => {
      const { report, severity } = made.value;
      const isFirst = await stores.evidence.addReport(report);
      await stores.dispatch.handled(NORMALISE_READER, seq);
      if (!isFirst) return ok((await stores.evidence.findReport(evidenceId, NORMALISER)) ?? report);
      const receipt = (await stores.dispatch.recorded(seq))?.facts;
      const entry = evidenceNormalised(evidence, report, { startedAt, severity, receipt });
      const appended = await stores.ledger.append(entry);
      return appended.ok ? ok(report) : appended;
    });
  }

  /** Reads the bytes, holds them to their digest, and stores the document before anything refers to it. */
  private async makeReport(
    evidence: Evidence,
  ): Promise<Result<{ report: EvidenceReport; severity: Severity }, NormaliseProblem>> {
    const { orgId, evidenceId, storedDigest, declaredFormat } = evidence;
    const bytes = await this.blobs.get(orgId, storedDigest);
    if (!bytes) return failed({ kind: 'EvidenceBytesMissing', evidenceId, digest: storedDigest });
    const actual = sha256(bytes);
    if (actual !== storedDigest)
      return failed({ kind: 'EvidenceBytesAltered', evidenceId, digest: storedDigest, actual });
    const document = normaliseEvidence(bytes, declaredFormat === null ? {} : { declaredFormat });
    const report: EvidenceReport = {
      evidenceId,
      orgId,
      format: document.format,
      formatVersion: document.formatVersion,
      kinds: document.kinds,
      state: document.state,
      reasons: document.reasons,
      documentDigest: await this.blobs.put(orgId, encodeDocument(document)),
      normaliser: NORMALISER,
      normalisedAt: this.clock.now(),
      entryKey: idempotencyKey(orgId, 'evidence.normalise', `${evidenceId} ${NORMALISER}`),
    };
    return ok({ report, severity: worstOf(document) });
  }
}

/** Worst of what is there; where the file could not be relied on, nobody knows. */
function worstOf({ state, findings }: EvidenceDocument): Severity {
  const open = findings.filter(({ baseline }) => baseline !== 'absent').map(({ severity }) => severity);
  if (state !== 'COMPLETE' || open.includes('unknown')) return 'unknown';
  return SEVERITIES.find((severity) => open.includes(severity)) ?? 'none';
}

interface Before {
  readonly evidence: Evidence;
  readonly report: EvidenceReport | undefined;
}

function faultOf(
  {
    declaredFormat,
    source,
    collectedAt,
  }: { declaredFormat: string | undefined; source: string; collectedAt: Instant },
  now: Instant,
): EvidenceProblem | undefined {
  if (declaredFormat !== undefined && !isRecognised(declaredFormat))
    return {
      kind: 'InvalidInput',
      path: 'declaredFormat',
      expected: `one of ${RECOGNISED_FORMATS.join(', ')}`,
    };
  if (!SOURCE.test(source))
    return { kind: 'InvalidInput', path: 'source', expected: 'a machine name such as ci/github-actions' };
  if (!(collectedAt <= now + CLOCK_SKEW_MS))
    return { kind: 'InvalidInput', path: 'collectedAt', expected: 'a time that is not in the future' };
  return undefined;
}

/** Whether a second receipt under one key is the first one again. A time that was not given is not compared. */
const isSame = (standing: Evidence, again: Evidence, comparesTime: boolean): boolean =>
  standing.artId === again.artId &&
  standing.artefactDigest === again.artefactDigest &&
  standing.receivedDigest === again.receivedDigest &&
  standing.declaredFormat === again.declaredFormat &&
  standing.source === again.source &&
  (!comparesTime || standing.collectedAt === again.collectedAt);
