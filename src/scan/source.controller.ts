import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '../api/caller.js';
import { present } from '../api/present.js';
import { Requires } from '../api/requires.js';
import type { Actor } from '../kernel/actor.js';
import { SCAN_PROBLEM_MESSAGES, type SourceProblem } from './problem.js';
import { SourceService } from './source.service.js';

const STATUS: Readonly<Record<SourceProblem['kind'], number>> = { InvalidInput: 400, SourceTooLarge: 413 };

/** `POST /sources`: the body is an archive of source code, streamed; the answer is the digest to scan it by. */
@Controller()
export class SourceController {
  constructor(private readonly sources: SourceService) {}

  @Post('sources')
  @HttpCode(201)
  @Requires('evidence.submit')
  async receive(
    @Req() request: FastifyRequest,
    @Caller() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const received = await this.sources.receive(request.body as AsyncIterable<Uint8Array>, actor);
    if (received.ok) return received.value;
    void reply.status(STATUS[received.problem.kind]);
    return present(received.problem, SCAN_PROBLEM_MESSAGES);
  }
}
