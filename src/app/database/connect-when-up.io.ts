import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/** Recovery from a crash takes seconds, after a long outage perhaps a minute: then somebody else has to decide. */
const PATIENCE_MS = 45_000;
const RETRY_MS = 200;

/** SQLSTATEs and network errors that say nothing but "not now": classes 08 and 57P, too many connections. */
const AWAY =
  /^(08...|57P0.|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/**
 * A pool of a server that may just be starting: `connect` is tried again while the server is away or recovers.
 * `tell` hears of the first refusal, so that a wrong address is in the log at once. Anything else than "not now"
 * – a wrong password, a database that is not there – is thrown at once, as is the last refusal when patience ends.
 */
export async function connectWhenUp(
  connect: () => Promise<DataSource>,
  tell: (error: Error) => void,
  patienceMs = PATIENCE_MS,
): Promise<DataSource> {
  const deadline = performance.now() + patienceMs;
  for (let first = true; ; first = false) {
    try {
      return await connect();
    } catch (error) {
      if (!isAway(error) || performance.now() > deadline) throw error;
      if (first) tell(error as Error);
      await pause(RETRY_MS);
    }
  }
}

function isAway(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  // pg has no code for a connection that ends, or is not made in time, while it is being opened.
  return typeof code === 'string'
    ? AWAY.test(code)
    : /^(Connection terminated|timeout e)/.test(String(message));
}
