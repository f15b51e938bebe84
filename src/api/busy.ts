import { Catch, HttpStatus, ServiceUnavailableException, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';

export const BUSY_MESSAGE =
  'Every connection to the database is in use. Send the same again in a while: what has an idempotency key is done once.';

/** What pg-pool says when no connection became free in time; it has no code. */
const NO_CONNECTION = 'timeout exceeded when trying to connect';

/** True of an error, or of what caused it, when there was no room at the database. Nothing had begun then. */
export function isBusy(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause)
    if (each.message === NO_CONNECTION) return true;
  return false;
}

/** Global: over plain HTTP, 503 and not 500; GraphQL's errors are formatted by `publicErrors`. */
@Catch()
export class BusyFilter extends BaseExceptionFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    super.catch(isBusy(error) ? unavailable(error) : error, host);
  }
}

const unavailable = (cause: unknown): ServiceUnavailableException =>
  new ServiceUnavailableException(
    { statusCode: HttpStatus.SERVICE_UNAVAILABLE, message: BUSY_MESSAGE },
    { cause },
  );
