import type pg from 'pg';
import { QueryFailedError, type DataSource } from 'typeorm';
import { ToldStatement, type Told } from './told-statement.js';

/**
 * Sends a statement on `client` for whom it was told, and answers what TypeORM's `query` would: rows, of an UPDATE or
 * DELETE rows and how many it touched; errors are its `QueryFailedError`. Without TypeORM's way through its runner,
 * events and results, which takes longer than to send a small statement and read its answer: 150 µs for 57.
 */
export async function askTold(
  { logger }: DataSource,
  client: pg.ClientBase,
  told: Told,
  { text, values }: { readonly text: string; readonly values: unknown[] | undefined },
): Promise<unknown> {
  logger.logQuery(text, values);
  try {
    const { command, rows, rowCount } = await sendTold(client, told, text, values);
    return command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows;
  } catch (error) {
    logger.logQueryError(error as Error, text, values);
    throw new QueryFailedError(text, values, error as Error);
  }
}

/** As `client.query` does it. */
export const sendTold = (
  client: pg.ClientBase,
  told: Told,
  text: string,
  values: unknown[] | undefined,
): Promise<pg.QueryResult> =>
  new Promise((resolve, reject) => {
    const statement = new ToldStatement(told, text, values, (error, result) => {
      if (error) reject(error);
      else resolve(result as pg.QueryResult);
    });
    client.query(statement as unknown as pg.Submittable);
  });

/** A connection of the pool for as long as `use` takes. One that broke meanwhile does not go back. */
export async function withConnection<T>(
  { driver }: DataSource,
  use: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const { master } = driver as unknown as { readonly master: pg.Pool };
  const client = await master.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error; // without a listener it would end the process
  };
  client.on('error', onError);
  try {
    return await use(client);
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}
