import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../../api/requires.js';
import { assess, type Readiness, type ReadinessChecks } from './readiness.js';

/** Injection token of `ReadinessChecks`. */
export const READINESS_CHECKS = 'assay:readiness-checks';

/** For probes, hence without a token: says that we live and whether we can work, and nothing about anybody. */
@Public()
@Controller('health')
export class HealthController {
  constructor(@Inject(READINESS_CHECKS) private readonly checks: ReadinessChecks) {}

  @Get()
  health(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    return this.ready(reply);
  }

  /** The process answers. Restarting it would not bring back a database, so nothing else is asked. */
  @Get('live')
  live(): { live: true } {
    return { live: true };
  }

  /** 503 while work should go elsewhere. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await assess(this.checks);
    if (!readiness.ready) reply.status(503);
    return readiness;
  }
}
