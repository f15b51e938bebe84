import { randomInt } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';

const RETRYABLE = new Set(['40001', '40P01']); // serialisation failure, deadlock
const ATTEMPTS = 5;
/** Waits 0 to 10, 20, 40, 80 ms: random, so that two that met once do not meet again. */
const FIRST_BACK_OFF_MS = 10;

/**
 * Transactions on `dataSource` whose stores are built anew on each transaction's manager. The contract is
 * `InTransaction`'s; after the last attempt the database's own error is thrown.
 */
export function transactions<Stores>(
  dataSource: DataSource,
  storesOn: (manager: EntityManager) => Stores,
): InTransaction<Stores> {
  return async (work) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(dataSource, (manager) => work(storesOn(manager)));
      } catch (error) {
        if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
        const waitMs = randomInt(FIRST_BACK_OFF_MS * 2 ** (attempt - 1) + 1);
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  };
}

async function once<T, P>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<Result<T, P>>,
): Promise<Result<T, P>> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    const result = await work(runner.manager);
    if (result.ok) await runner.commitTransaction();
    else await runner.rollbackTransaction();
    return result;
  } catch (error) {
    // A connection that broke cannot roll back, and needs not: the server does. The first error is the news.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

/** TypeORM wraps the driver's error; the SQLSTATE is on either. */
function isRetryable(error: unknown): boolean {
  const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
  return RETRYABLE.has(code ?? driverError?.code ?? '');
}
