import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own lines, in our log; its chatter about modules and routes is left out. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: () => undefined,
    warn: (message: unknown) => {
      logger.warn({ nest: true }, String(message));
    },
    error: (message: unknown, stack?: unknown) => {
      logger.error({ nest: true, stack }, String(message));
    },
  };
}
