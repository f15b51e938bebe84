import type { Actor, ProcessContext } from '../kernel/actor.js';
import { toRfc3339, type Clock } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { failed, type Result } from '../kernel/result.js';
import { ATTESTATION_FORMAT, attestationFile } from '../formats/people/attestation.js';
import type { EvidenceService } from './evidence.service.js';
import type { Evidence } from './evidence.js';
import type { EvidenceProblem } from './problem.js';

export interface GiveAttestation {
  readonly artId: string;
  readonly digest: Digest;
  readonly checklistId: string;
  readonly items: readonly {
    readonly itemId: string;
    readonly answer: 'yes' | 'no' | 'not-applicable';
    readonly note?: string;
    /** What the person looked at. */
    readonly evidence?: readonly Digest[];
  }[];
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

/** Where evidence comes from that a person gave in their own name. */
const SOURCE = 'people/attestation';

/**
 * What a person vouches for, given by the person who is logged in instead of a file that names one. It becomes evidence as
 * any other does: `by` is the principal, and the entry of its receipt has who it was, when they logged in, and how.
 */
export class AttestationService {
  constructor(
    private readonly evidence: EvidenceService,
    private readonly clock: Clock,
  ) {}

  async give(command: GiveAttestation, actor: Actor): Promise<Result<Evidence, EvidenceProblem>> {
    const { artId, digest, checklistId, items, context, idempotencyKey } = command;
    // A retry says what was said the first time, and that was then.
    const standing = await this.evidence.received(actor.orgId, idempotencyKey);
    const at = standing?.collectedAt ?? this.clock.now();
    const file = attestationFile.safeParse({
      ...{ format: ATTESTATION_FORMAT, checklistId, by: actor.principalId, at: toRfc3339(at) },
      items: items.map((item) => ({ ...item })),
    });
    if (!file.success) {
      const [issue] = file.error.issues;
      return invalid(issue?.path.join('.') ?? 'items', issue?.message ?? 'what can be read');
    }
    if (items.length === 0) return invalid('items', 'at least one item');
    const twice = items.findIndex(
      ({ itemId }, index) => items.findIndex((one) => one.itemId === itemId) < index,
    );
    if (twice >= 0) return invalid(`items.${String(twice)}.itemId`, 'each item once');
    return this.evidence.receive(
      {
        ...{ artId, digest, context, idempotencyKey, collectedAt: at, source: SOURCE },
        declaredFormat: ATTESTATION_FORMAT,
        stream: oneChunk(JSON.stringify(file.data)),
      },
      actor,
    );
  }
}

const invalid = (path: string, expected: string): Result<never, EvidenceProblem> =>
  failed({ kind: 'InvalidInput', path: `input.${path}`, expected });

// eslint-disable-next-line @typescript-eslint/require-await -- a stream of one chunk has nothing to wait for
async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}
