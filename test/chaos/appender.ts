// A process of its own that appends as a replica would: the service's role, group commit, its own pool. Configured
// by the environment; killed at any time; its successor sends again what had not been answered.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { composeAppends } from '../../src/app/compose/appends.js';
import { connectAs } from '../../src/app/database/connect.js';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';
import { loadConfig } from '../../src/app/platform/config.js';
import { openKeys } from '../../src/app/platform/keys.io.js';
import { contentDigest } from '../../src/ledger/content-digest.js';
import { APPENDER_LANES } from '../../src/ledger/appender.service.js';
import { HistoryFile, unanswered } from './history-file.js';
import { draftOfRequest, keyOfRequest } from './requests.js';

const REPORT_MS = 100;
const RETRY_MS = 50;
/** What went wrong is said once in a while, not once for each of a thousand that wait. */
const COMPLAIN_EVERY_MS = 1_000;
/** One in so many is asked once more after its answer: it must be the same answer. */
const ASK_AGAIN_EVERY = 40;

const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

const config = loadConfig();
const keys = openKeys(config, 'api');
const ledgerKeys = {
  decision: keys.decision(),
  pseudonym: keys.pseudonym(),
  keyEncryption: keys.keyEncryption(),
};
const orgId = setting('CHAOS_ORG');
const writer = setting('CHAOS_WRITER');
const slots = Number(setting('CHAOS_SLOTS'));
const restMs = Number(setting('CHAOS_REST_MS'));
const path = join(setting('CHAOS_FOLDER'), `${writer}.history`);

const open = [...unanswered(path)];
const history = new HistoryFile(path, true);
const database = await connectUntilItAnswers();
const { appender } = composeAppends(database, ledgerKeys);
let answered = 0;
let recovered = 0; // answered `exists` the first time: durable, and the first answer was lost
let stopping = false;
let sequence = 0;
let complainedAt = -Infinity;

process.on('message', () => (stopping = true));
process.on('SIGTERM', () => (stopping = true));
process.on('disconnect', () => process.exit(1)); // whoever started us is gone
const report = setInterval(() => process.send?.({ answered, recovered }), REPORT_MS);

await Promise.all(Array.from({ length: slots }, work));
clearInterval(report);
history.close();
await database.destroy();
process.send?.({ answered, recovered });
process.removeAllListeners('disconnect').disconnect();

async function work(): Promise<void> {
  for (;;) {
    const again = open.shift();
    if (again === undefined && stopping) return;
    const name = again?.[0] ?? `${writer}-${String(process.pid)}-${String((sequence += 1))}`;
    const key = keyOfRequest(name);
    const sentAt = again?.[1] ?? history.sent(key, name);
    await history.written(); // before it is sent
    if ((await untilAnswered(name, sentAt)) === 'exists') recovered += 1;
    if (key.readUInt32LE(8) % ASK_AGAIN_EVERY === 0) await untilAnswered(name, sentAt);
    if (restMs > 0) await pause(restMs);
  }
}

/** Busy, or any error of the database, which means "unknown": the same key is sent again until there is an answer. */
async function untilAnswered(name: string, sentAt: number): Promise<'created' | 'exists'> {
  const draft = draftOfRequest(name, orgId, Date.now());
  const content = contentDigest(draft, ledgerKeys.pseudonym);
  for (;;) {
    const appended = await appender.append(draft).catch((error: unknown) => {
      complain(`${name}: ${(error as Error).message}`);
      return undefined;
    });
    if (appended?.ok) {
      history.acknowledged({ key: draft.key, seq: appended.value.seq, content, sentAt });
      answered += 1;
      return appended.value.status;
    }
    // What was sent once is what is sent again: a conflict is a fault, and ends this process.
    if (appended?.problem.kind === 'IdempotencyConflict')
      throw new Error(`${name}: ${JSON.stringify(appended.problem)}`);
    await pause(RETRY_MS);
  }
}

function complain(what: string): void {
  if (performance.now() - complainedAt < COMPLAIN_EVERY_MS) return;
  complainedAt = performance.now();
  console.error(what);
}

async function connectUntilItAnswers(): ReturnType<typeof connectAs> {
  for (;;) {
    try {
      return await connectAs(setting('CHAOS_URL'), DATABASE_ROLES.service, {
        poolSize: APPENDER_LANES + 1,
        applicationName: `chaos ${writer}`,
      });
    } catch {
      await pause(RETRY_MS);
    }
  }
}
