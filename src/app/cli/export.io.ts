import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { failed, ok, type Result } from '../../kernel/result.js';
import { DONE, FAILED, REFUSED } from './exit-code.js';
import { exportOrder, type ExportOrder } from './export-order.js';
import { messageOf } from './message-of.js';
import { PolicyClient } from './policy-client.io.js';
import { readServiceSettings, type ServiceSettings } from './policy-settings.js';

const POLL_MS = 500;

const requested = z.looseObject({
  __typename: z.string(),
  id: z.string().optional(),
  uncoveredEntries: z.number().optional(),
  message: z.string().optional(),
});
const packShape = z.object({
  digest: z.string(),
  sizeBytes: z.number(),
  path: z.string(),
  entries: z.number(),
  decisions: z.number(),
});
const exportShape = z
  .looseObject({
    id: z.string(),
    state: z.enum(['REQUESTED', 'RUNNING', 'DONE', 'FAILED']),
    failure: z.string().nullable(),
    progress: z.object({ done: z.number(), total: z.number(), etaMs: z.number().nullable() }),
    pack: packShape.nullable(),
  })
  .nullable();
type Shown = NonNullable<z.output<typeof exportShape>>;
type Made = z.output<typeof packShape>;

/** `assay export --out FILE …`: asks for an evidence pack, waits for it and takes it, through the API like any client. */
export async function exportCommand(args: readonly string[]): Promise<number> {
  const order = exportOrder(args);
  const settings = readServiceSettings(process.env);
  if (!settings.ok) return complain(FAILED, ...settings.problem.problems.map((each) => `assay: ${each}`));

  const client = new PolicyClient(settings.value);
  const id = order.id === undefined ? await ask(client, order) : ok(order.id);
  if (!id.ok) return complain(REFUSED, id.problem);
  const pack = await wait(client, id.value);
  if (!pack.ok) return complain(REFUSED, pack.problem);
  const fault = await take(settings.value, pack.value, order.out);
  if (fault !== undefined)
    return complain(FAILED, fault, `take it again: assay export --id ${id.value} --out …`);
  const { digest, sizeBytes, entries, decisions } = pack.value;
  console.log(`${order.out}: ${String(decisions)} decisions, log of ${String(entries)} entries`);
  console.log(`${digest}, ${String(sizeBytes)} bytes`);
  console.log('keep its checkpoint: next time, --previous proves that the log only grew');
  return DONE;
}

async function ask(client: PolicyClient, { query, previous }: ExportOrder): Promise<Result<string, string>> {
  const input = {
    ...query,
    ...(previous === undefined ? {} : { previousCheckpoint: readFileSync(previous, 'utf8') }),
    idempotencyKey: randomUUID(),
  };
  const answer = await client.ask('request-export', { input }, requested);
  if (answer.id === undefined) return failed(answer.message ?? answer.__typename);
  console.error(`export ${answer.id} is asked for`);
  if (answer.uncoveredEntries) {
    console.error(
      `${String(answer.uncoveredEntries)} entries before it are in no checkpoint yet, nor in the pack`,
    );
  }
  return ok(answer.id);
}

/** Waits as long as it takes: what was interrupted is tried again by the service. */
async function wait(client: PolicyClient, id: string): Promise<Result<Made, string>> {
  let last = '';
  for (;;) {
    const found = await client.ask('export', { id }, exportShape);
    if (!found) return failed(`there is no export ${id}`);
    if (found.pack) return ok(found.pack);
    if (found.state === 'FAILED' && found.failure !== 'INTERRUPTED')
      return failed(`export ${id} cannot be made: ${found.failure ?? 'unknown'}`);
    const now = standOf(found);
    if (now !== last) console.error(now);
    last = now;
    await pause(POLL_MS);
  }
}

function standOf({ state, failure, progress: { done, total, etaMs } }: Shown): string {
  if (state === 'REQUESTED') return 'waiting for the worker';
  if (state === 'FAILED') return `${failure ?? 'failed'}: waiting for another try`;
  const left = etaMs === null ? '' : `, about ${String(Math.ceil(etaMs / 1000))} s left`;
  return `${String(done)} of ${String(total)} files${left}`;
}

/** The file has its name only when its bytes are those on record. Answers what went wrong. */
async function take({ url, token }: ServiceSettings, pack: Made, out: string): Promise<string | undefined> {
  const response = await fetch(`${url}${pack.path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok || !response.body) return `${url}${pack.path} answered ${String(response.status)}`;
  const draft = `${out}.part`;
  try {
    const digest = await write(response.body, draft);
    if (digest !== pack.digest)
      throw new Error(`what came is ${digest}, and on record is ${pack.digest}: nothing was kept`);
    await rename(draft, out);
    return undefined;
  } catch (error) {
    await rm(draft, { force: true });
    return messageOf(error);
  }
}

/** Answers the digest of what was written. */
async function write(body: AsyncIterable<Uint8Array>, path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      await file.appendFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return `sha256:${hash.digest('hex')}`;
}

function complain(code: number, ...lines: readonly string[]): number {
  for (const line of lines) console.error(line);
  return code;
}
