import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DONE, FAILED } from './exit-code.js';
import { readServiceSettings } from './policy-settings.js';
import { readArgs } from './usage.js';

/** A large organisation's index takes a while; a service that says nothing for so long is away. */
const TIME_LIMIT_MS = 600_000;

/** `assay status-index [--out FILE]`: current results, through the API like any client. A file is whole or not there. */
export async function statusIndexCommand(args: readonly string[]): Promise<number> {
  const { values } = readArgs(args, { out: { type: 'string' } });
  const settings = readServiceSettings(process.env);
  if (!settings.ok) {
    for (const problem of settings.problem.problems) console.error(`assay: ${problem}`);
    return FAILED;
  }
  const { url, token } = settings.value;
  const response = await fetch(`${url}/status-index.json`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  });
  if (!response.ok || !response.body) {
    console.error(
      `assay: ${url} answered ${String(response.status)}: ${(await response.text()).slice(0, 200)}`,
    );
    return FAILED;
  }
  const bytes = Readable.fromWeb(response.body);
  if (values.out === undefined) {
    await pipeline(bytes, process.stdout, { end: false });
    return DONE;
  }
  const partial = `${values.out}.part`;
  try {
    await pipeline(bytes, createWriteStream(partial));
    await rename(partial, values.out);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return DONE;
}
