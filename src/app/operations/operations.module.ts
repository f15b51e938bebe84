import { Module, type DynamicModule } from '@nestjs/common';
import { HealthController, READINESS_CHECKS } from './health.controller.js';
import { METRICS, METRICS_TOKEN, MetricsController } from './metrics.controller.js';
import type { Metrics } from './metrics.js';
import type { Platform } from '../platform/platform.js';
import { apiReadiness } from './readiness.js';

/** What those who run the service ask of it: health and metrics. */
@Module({})
export class OperationsModule {
  static register(platform: Platform, metrics: Metrics): DynamicModule {
    return {
      module: OperationsModule,
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: READINESS_CHECKS, useValue: apiReadiness(platform) },
        { provide: METRICS, useValue: metrics },
        { provide: METRICS_TOKEN, useValue: platform.config.metricsToken ?? null },
      ],
    };
  }
}
