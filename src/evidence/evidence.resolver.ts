import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  Evidence as SdlEvidence,
  QueryEvidenceArgs,
  SubmitEvidenceInput,
  SubmitEvidenceResult,
} from '../api/generated.js';
import { badRequest, present } from '../api/present.js';
import { contextOf } from '../api/process-context.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import type { JsonValue } from '../kernel/canonical-json.js';
import type { Digest } from '../kernel/digest.js';
import { message } from '../kernel/message.js';
import { coverageMetric, type CoverageMetric } from './coverage-metric.js';
import { EvidenceDesk } from './evidence-desk.service.js';
import { EvidenceService } from './evidence.service.js';
import type { EvidenceWithReport } from './evidence.js';
import { EVIDENCE_MESSAGES } from '../formats/messages.js';
import { EVIDENCE_PROBLEM_MESSAGES, type EvidenceProblem } from './problem.js';

const NEITHER: EvidenceProblem = { kind: 'InvalidInput', path: 'text', expected: 'a report, or sameAs' };

/** The document is fetched only when it, or something in it, is asked for. */
export type ShownEvidence = Omit<SdlEvidence, 'document' | 'coverage'> & {
  readonly documentDigest: Digest | null;
};

@Resolver('Evidence')
export class EvidenceResolver {
  constructor(
    private readonly service: EvidenceService,
    private readonly desk: EvidenceDesk,
  ) {}

  @Query()
  @Requires('evidence.read')
  async evidence(
    @Args() { digest, id }: QueryEvidenceArgs,
    @Caller() actor: Actor,
  ): Promise<ShownEvidence | null> {
    if ((digest == null) === (id == null)) throw badRequest('evidence: expected digest or id, and not both');
    const found =
      id == null ? await this.desk.evidence(actor, digest ?? '') : await this.desk.receipt(actor, id);
    return found ? showEvidence(found) : null;
  }

  @Mutation()
  @Requires('evidence.submit', { artefact: 'input.artId' })
  async submitEvidence(
    @Args('input') input: SubmitEvidenceInput,
    @Caller() actor: Actor,
  ): Promise<SubmitEvidenceResult | ShownEvidence> {
    if (input.text == null && input.sameAs == null)
      return present(NEITHER, EVIDENCE_PROBLEM_MESSAGES) as SubmitEvidenceResult;
    const received = await this.service.receive(
      {
        artId: input.artId,
        digest: input.digest,
        stream: oneChunk(input.text ?? ''),
        ...(input.sameAs == null ? {} : { sameAs: input.sameAs }),
        ...(input.part == null ? {} : { part: input.part }),
        source: input.source,
        context: contextOf(input.context),
        idempotencyKey: input.idempotencyKey,
        ...(input.declaredFormat == null ? {} : { declaredFormat: input.declaredFormat }),
        ...(input.collectedAt == null ? {} : { collectedAt: input.collectedAt }),
      },
      actor,
    );
    if (received.ok) return showEvidence({ evidence: received.value, report: null });
    return present(received.problem, EVIDENCE_PROBLEM_MESSAGES) as SubmitEvidenceResult;
  }

  @ResolveField()
  document(@Parent() evidence: ShownEvidence, @Caller() actor: Actor): Promise<JsonValue> {
    return this.desk.document(actor, evidence.documentDigest);
  }

  @ResolveField()
  async coverage(@Parent() evidence: ShownEvidence, @Caller() actor: Actor): Promise<CoverageMetric | null> {
    return evidence.kinds.includes('coverage')
      ? coverageMetric(await this.desk.document(actor, evidence.documentDigest))
      : null;
  }
}

export function showEvidence({ evidence, report }: EvidenceWithReport): ShownEvidence {
  return {
    __typename: 'Evidence',
    id: evidence.evidenceId,
    artId: evidence.artId,
    artefactDigest: evidence.artefactDigest,
    digest: evidence.storedDigest,
    receivedDigest: evidence.receivedDigest,
    sizeBytes: evidence.sizeBytes,
    encoding: evidence.encoding,
    part: evidence.part && { __typename: 'EvidencePart', ...evidence.part },
    uploadedBy: evidence.uploadedBy,
    tools: (report?.tools ?? []).map((tool) => ({ __typename: 'EvidenceTool', ...tool })),
    maskedCount: evidence.maskedCount,
    source: evidence.source,
    collectedAt: evidence.collectedAt,
    receivedAt: evidence.receivedAt,
    state: report?.state ?? 'RECEIVED',
    format: report?.format ?? null,
    formatVersion: report?.formatVersion ?? null,
    kinds: [...(report?.kinds ?? [])],
    reasons: (report?.reasons ?? []).map(({ code, params }) => message(EVIDENCE_MESSAGES, code, params)),
    documentDigest: report?.documentDigest ?? null,
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream of one chunk has nothing to wait for
async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}
