import type { ProcessContext } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { isRecognised, RECOGNISED_FORMATS } from '../formats/registry.js';
import type { ToolRun } from '../formats/model/tool-run.js';
import type { Evidence } from './evidence.js';
import { holdsSecret } from './masking/secret-masker.js';
import { partFault, type EvidencePart } from './part.js';
import type { EvidenceProblem } from './problem.js';

export interface ReceiveEvidence {
  /** The artefact version it is about. */
  readonly artId: string;
  readonly digest: Digest;
  /** Read once, to its end or to the first problem. Not at all when `sameAs` is given. */
  readonly stream: AsyncIterable<Uint8Array>;
  /** As in HTTP; without it, the first bytes tell. */
  readonly contentEncoding?: string;
  /** Digest, stored or received, of evidence that was handed in before and says the same about this version. */
  readonly sameAs?: Digest;
  /** Which part of which set it is, where it is one. */
  readonly part?: EvidencePart;
  readonly declaredFormat?: string;
  /** Where it comes from, as a machine name such as `ci/github-actions`. Goes into the log: no personal data. */
  readonly source: string;
  /** When the tool ran; without it, now. */
  readonly collectedAt?: Instant;
  /** What our own worker knows of the run that made it; nobody else may say so. */
  readonly toolRun?: ToolRun;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

/** What is known once the bytes are kept. */
export type StoredBytes = Pick<
  Evidence,
  'storedDigest' | 'receivedDigest' | 'sizeBytes' | 'maskedCount' | 'encoding'
>;

/** Clocks of build machines differ; more than this is a lie that would keep evidence fresh. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;
const SOURCE = /^[a-z0-9][a-z0-9._:/-]{0,119}$/;

/** What is wrong with what a receipt says, before anything is read. */
export function faultOf(
  {
    declaredFormat,
    source,
    collectedAt,
    part,
  }: Pick<ReceiveEvidence, 'source'> & {
    declaredFormat: string | undefined;
    collectedAt: Instant;
    part: EvidencePart | undefined;
  },
  now: Instant,
): EvidenceProblem | undefined {
  if (declaredFormat !== undefined && !isRecognised(declaredFormat))
    return {
      kind: 'InvalidInput',
      path: 'declaredFormat',
      expected: `one of ${RECOGNISED_FORMATS.join(', ')}`,
    };
  if (!SOURCE.test(source) || holdsSecret(source))
    return { kind: 'InvalidInput', path: 'source', expected: 'a machine name such as ci/github-actions' };
  if (!(collectedAt <= now + CLOCK_SKEW_MS))
    return { kind: 'InvalidInput', path: 'collectedAt', expected: 'a time that is not in the future' };
  const fault = part && partFault(part);
  return fault && { kind: 'InvalidInput', ...fault };
}

/** Whether a second receipt under one key is the first one again. A time that was not given is not compared. */
export const isSame = (standing: Evidence, again: Evidence, comparesTime: boolean): boolean =>
  standing.artId === again.artId &&
  standing.artefactDigest === again.artefactDigest &&
  standing.receivedDigest === again.receivedDigest &&
  standing.declaredFormat === again.declaredFormat &&
  standing.source === again.source &&
  JSON.stringify(standing.part) === JSON.stringify(again.part) &&
  (!comparesTime || standing.collectedAt === again.collectedAt);
