import { timingSafeEqual } from 'node:crypto';
import { Controller, Get, Header, Inject, NotFoundException, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../api/requires.js';
import { sha256 } from '../../kernel/digest.js';
import type { Metrics } from './metrics.js';
import type { Secret } from '../platform/secret.js';

/** Injection tokens of `Metrics` and of the configured token (null when there is none). */
export const METRICS = 'assay:metrics';
export const METRICS_TOKEN = 'assay:metrics-token';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * For the scraper: with the configured token, or without one only from this machine. Everybody else is told that
 * there is nothing here. Behind a proxy every caller looks local, so what was forwarded never counts as such.
 */
@Public()
@Controller('metrics')
export class MetricsController {
  constructor(
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(METRICS_TOKEN) private readonly token: Secret | null,
  ) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read(@Req() request: FastifyRequest): Promise<string> {
    if (!this.mayRead(request)) throw new NotFoundException();
    return this.metrics.registry.metrics();
  }

  private mayRead({ headers, socket }: FastifyRequest): boolean {
    if (this.token) return equalInConstantTime(headers.authorization ?? '', `Bearer ${this.token.reveal()}`);
    const forwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
    return !forwarded && LOOPBACK.has(socket.remoteAddress ?? '');
  }
}

/** Over digests, which have one length whatever was given. */
const equalInConstantTime = (given: string, expected: string): boolean =>
  timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(expected)));
