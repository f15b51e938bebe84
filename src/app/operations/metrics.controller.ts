import { Controller, Get, Header, Inject, NotFoundException, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../api/requires.js';
import { mayReadMetrics } from './metrics-access.js';
import type { Metrics } from './metrics.js';
import type { Secret } from '../platform/secret.js';

/** Injection tokens of `Metrics` and of the configured token (null when there is none). */
export const METRICS = 'assay:metrics';
export const METRICS_TOKEN = 'assay:metrics-token';

/** For the scraper (`mayReadMetrics`). Everybody else is told that there is nothing here. */
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
    if (!mayReadMetrics(request, this.token)) throw new NotFoundException();
    return this.metrics.registry.metrics();
  }
}
