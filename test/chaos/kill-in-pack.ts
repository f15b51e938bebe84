import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { demoTokensFile } from '../../src/app/seed/seed.io.js';
import { query, type Installation } from './installation.js';

/** Part of an answer. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
type Answer = any;

const LIMIT_MS = 300_000;
/** Kills in the middle of one and the same pack: more than one, since the second attempt begins differently. */
const KILLS = 2;

export interface KilledPack {
  /** How many of them came while files of the pack had been written and others not. */
  readonly killsInTheMiddle: number;
  /** Entries `export.made` of this request. */
  readonly recorded: number;
  /** From the request, the deaths included, until the pack was there. */
  readonly madeAfterMs: number;
  /** What `assay verify` says of the pack that was made in the end; empty when it accepts. */
  readonly complaints: string;
}

/** Asks for a pack of the whole ledger, kills the worker while it makes it, and has what comes of it verified. */
export async function killWhileMakingAPack(installation: Installation, folder: string): Promise<KilledPack> {
  const { apiUrl, config, database, doors } = installation;
  const { tokens } = JSON.parse(readFileSync(demoTokensFile(config.dataDir), 'utf8')) as {
    tokens: Record<string, string>;
  };
  const authorization = `Bearer ${tokens['auditor'] ?? ''}`;
  const ask = async (operation: string, variables: object): Promise<Answer> => {
    const text = readFileSync(join(config.root, 'graphql/operations', `${operation}.graphql`), 'utf8');
    const response = await fetch(`${apiUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: text, variables }),
    });
    const { data, errors }: Answer = await response.json();
    if (!data) throw new Error(`${operation}: ${JSON.stringify(errors)}`);
    return Object.values(data)[0];
  };
  const { id, code } = await ask('request-export', { input: { idempotencyKey: randomUUID() } });
  if (id === undefined) throw new Error(`no pack: ${String(code)}`);

  let killsInTheMiddle = 0;
  const began = performance.now();
  for (let killed: string | undefined; ;) {
    const [run] = await query<{ attempt: string }>(
      database.adminUrl,
      `SELECT started_at::text AS attempt FROM assay.export_run WHERE export_id = $1 AND state = 'running'`,
      [id],
    );
    const made = await query(database.adminUrl, 'SELECT FROM assay.export_pack WHERE export_id = $1', [id]);
    if (made.length > 0) break; // asked of the table: people may ask the service 100 times a minute
    if (performance.now() > began + LIMIT_MS) {
      const { state, failure } = await ask('export', { id });
      throw new Error(`the pack is ${state}: ${failure}`);
    }
    // Once for each attempt: it says that it has begun before it writes the first file.
    if (killsInTheMiddle < KILLS && run && run.attempt !== killed && doors.worker.kill())
      [killed, killsInTheMiddle] = [run.attempt, killsInTheMiddle + 1];
    await pause(10);
  }
  const madeAfterMs = performance.now() - began;
  const pack = await fetch(`${apiUrl}/exports/${id}`, { headers: { authorization } });
  const file = join(folder, 'pack.tar');
  writeFileSync(file, new Uint8Array(await pack.arrayBuffer()));
  const made = await query<{ recorded: string }>(
    database.adminUrl,
    `SELECT count(*) AS recorded FROM ledger.fact
     WHERE kind = 'export.made' AND statement::jsonb #>> '{predicate,urn:assay:facts:v1,details,exportId}' = $1`,
    [id],
  );
  const recorded = Number(made[0]?.recorded);
  return { killsInTheMiddle, recorded, madeAfterMs, complaints: verified(config.root, file) };
}

function verified(root: string, file: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/assay.mjs'), 'verify', file],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  return status === 0 ? '' : `${stdout}${stderr}`.slice(0, 2000);
}
