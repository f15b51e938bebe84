import { Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Caller } from '../api/caller.js';
import { present } from '../api/present.js';
import { Requires } from '../api/requires.js';
import { isStorable, STORABLE } from '../api/storable-text.js';
import type { Actor, AgentHeader, ProcessContext } from '../kernel/actor.js';
import { parseRfc3339, toRfc3339 } from '../kernel/clock.js';
import { parseDigest, type Digest } from '../kernel/digest.js';
import { contextFault, type ContextFault } from '../kernel/process-context.js';
import { EvidenceService } from './evidence.service.js';
import { EVIDENCE_PROBLEM_MESSAGES, type EvidenceProblem } from './problem.js';

const text = z.string().refine(isStorable, { error: STORABLE });

const number = z
  .string()
  .regex(/^[1-9][0-9]{0,5}$/, { error: 'a whole number from 1' })
  .transform(Number);

function digestOrIssue(text: string, context: z.RefinementCtx): Digest {
  const parsed = parseDigest(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.problem.expected });
  return z.NEVER;
}

const queryShape = z.strictObject({
  artId: text,
  digest: z.string().transform(digestOrIssue),
  source: text,
  declaredFormat: text.optional(),
  collectedAt: z
    .string()
    .transform((text, context) => {
      const instant = parseRfc3339(text);
      if (instant !== undefined) return instant;
      context.addIssue({ code: 'custom', message: 'an RFC 3339 time with a zone' });
      return z.NEVER;
    })
    .optional(),
  set: text.optional(),
  part: number.optional(),
  of: number.optional(),
  sameAs: z.string().transform(digestOrIssue).optional(),
  caseId: text.optional(),
  actId: text.optional(),
  role: text.optional(),
  // Of the AI agent that hands it in: all six, or none.
  agentId: text.optional(),
  modelName: text.optional(),
  modelVersion: text.optional(),
  temperature: text.optional(),
  presetId: text.optional(),
  promptHash: text.optional(),
});

const STATUS: Readonly<Record<EvidenceProblem['kind'], number>> = {
  InvalidInput: 400,
  ArtefactNotFound: 404,
  EvidenceTooLarge: 413,
  IdempotencyConflict: 409,
};

/** `POST /evidence`: the body is the report, streamed; everything said about it is in the query. */
@Controller('evidence')
export class EvidenceController {
  constructor(private readonly service: EvidenceService) {}

  @Post()
  @HttpCode(201)
  @Requires('evidence.submit', { artefact: 'artId' })
  async upload(
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Caller() actor: Actor,
  ): Promise<object> {
    const idempotencyKey = request.headers['idempotency-key'];
    const parsed = queryShape.safeParse(query);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return refuse(reply, {
        kind: 'InvalidInput',
        path: issue?.path.join('.') ?? '',
        expected: issue?.message ?? '',
      });
    }
    if (typeof idempotencyKey !== 'string')
      return refuse(reply, {
        kind: 'InvalidInput',
        path: 'idempotency-key',
        expected: 'a header that names this upload',
      });
    const { artId, digest, source, declaredFormat, collectedAt, set, part, of, sameAs, ...where } =
      parsed.data;
    const fault = agentMissing(where) ?? contextFault(contextOf(where));
    if (fault) return refuse(reply, { kind: 'InvalidInput', ...fault });
    const encoding = request.headers['content-encoding'];
    const received = await this.service.receive(
      {
        artId,
        digest,
        source,
        stream: request.body as AsyncIterable<Uint8Array>,
        ...(encoding !== undefined && { contentEncoding: encoding }),
        ...(sameAs !== undefined && { sameAs }),
        context: contextOf(where),
        idempotencyKey,
        ...(set !== undefined && { part: { set, part: part ?? 0, of: of ?? 0 } }),
        ...(declaredFormat === undefined ? {} : { declaredFormat }),
        ...(collectedAt === undefined ? {} : { collectedAt }),
      },
      actor,
    );
    if (!received.ok) return refuse(reply, received.problem);
    const { evidenceId, storedDigest, receivedDigest, sizeBytes, maskedCount, receivedAt } = received.value;
    return {
      id: evidenceId,
      digest: storedDigest,
      receivedDigest,
      sizeBytes,
      maskedCount,
      encoding: received.value.encoding,
      receivedAt: toRfc3339(receivedAt),
    };
  }
}

function refuse(reply: FastifyReply, problem: EvidenceProblem): object {
  void reply.status(STATUS[problem.kind]);
  return present(problem, EVIDENCE_PROBLEM_MESSAGES);
}

const AGENT = ['agentId', 'modelName', 'modelVersion', 'temperature', 'presetId', 'promptHash'] as const;

type Where = Readonly<
  Partial<Record<(typeof AGENT)[number] | 'caseId' | 'actId' | 'role', string | undefined>>
>;

const isAgent = (where: Where): boolean => AGENT.some((member) => where[member] !== undefined);

/** An agent that is named in part is named wrongly: model governance needs every member. */
function agentMissing(where: Where): ContextFault | undefined {
  const missing = AGENT.find((member) => where[member] === undefined);
  return missing !== undefined && isAgent(where)
    ? { path: missing, expected: `${AGENT.join(', ')}, or none of them` }
    : undefined;
}

function contextOf(where: Where): ProcessContext {
  const { caseId, actId, role, ...agent } = where;
  return {
    ...(caseId !== undefined && { caseId }),
    ...(actId !== undefined && { actId }),
    ...(role !== undefined && { role }),
    ...(isAgent(where) && { actingAgent: agent as AgentHeader }), // agentMissing looked at each
  };
}
