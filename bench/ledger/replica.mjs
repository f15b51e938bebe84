// One replica in a process of its own: the appender as the service composes it, driven by messages of the bench.
import { generateKeyPairSync } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { connectAs } from '../../dist/src/app/database/connect.js';
import { DATABASE_ROLES } from '../../dist/src/app/database/roles.js';
import { transactions } from '../../dist/src/app/database/transaction.js';
import {
  Appender,
  APPENDER_LANES,
  APPENDER_LIMIT,
  GROUP_WAIT_MS,
} from '../../dist/src/ledger/appender.service.js';
import { PgLedger } from '../../dist/src/ledger/ledger.store.pg.js';
import { Sealer } from '../../dist/src/ledger/sealer.js';
import { quantile } from '../support/measure.mjs';
import { decision } from './workload.mjs';

const [, , url, ackFile, secret] = process.argv;
const database = await connectAs(url, DATABASE_ROLES.service, { poolSize: 10, applicationName: 'bench' });
const keys = {
  decision: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  pseudonym: Buffer.from(secret, 'hex'), // shared by replicas, as in an installation
  keyEncryption: Buffer.from(secret, 'hex'),
};
const sealer = new Sealer(keys);
const appender = new Appender(
  {
    ledger: new PgLedger(database.manager, keys, sealer),
    tx: transactions(database, (on) => ({ base: on, ledger: new PgLedger(on, keys, sealer) })),
    prepare: (draft) => sealer.prepare(draft),
  },
  { limit: APPENDER_LIMIT, lanes: APPENDER_LANES, waitMs: GROUP_WAIT_MS, pause },
);
const inGroup = appender.inGroup((on) => ({ on }));
const alone = transactions(database, (on) => ({ on, ledger: new PgLedger(on, keys) }));

/** A decision's own rows: what it locks and reads, and two rows it writes, as the gate does. */
const withRows =
  (draft) =>
  async ({ on, ledger }) => {
    const id = draft.key.toString('hex');
    await on.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [id]);
    await on.query('SELECT FROM assay.bench_row WHERE id = $1', [id]);
    await on.query('INSERT INTO assay.bench_row (id, document) VALUES ($1, $2)', [id, draft.facts.details]);
    await on.query('UPDATE assay.bench_row SET done = true WHERE id = $1', [id]);
    return ledger.append(draft);
  };

const WAYS = {
  append: (draft) => appender.append(draft),
  rows: (draft) => inGroup(withRows(draft), draft.key.toString('hex')),
  'append alone': (draft) => alone(({ ledger }) => ledger.append(draft)),
  'rows alone': (draft) => alone(withRows(draft)),
};

// What was acknowledged, for the checker: key and number, 24 bytes each.
const acks = openSync(ackFile, 'w');
let unwritten = [];
function acknowledged(key, seq) {
  const record = Buffer.alloc(24);
  key.copy(record);
  record.writeBigUInt64BE(BigInt(seq), 16);
  unwritten.push(record);
  if (unwritten.length >= 1000) flush();
}
function flush() {
  if (unwritten.length > 0) writeSync(acks, Buffer.concat(unwritten));
  unwritten = [];
}

let asked = 0;
let last;
/** One request; every hundredth is a repetition of an earlier one under its key, as a client's retry is. */
async function ask(way, round, due = performance.now()) {
  asked += 1;
  const again = way === 'append' && asked % 100 === 0 ? last : undefined;
  const draft = again?.draft ?? decision(asked);
  let answer;
  try {
    answer = await WAYS[way](draft);
  } catch (error) {
    answer = { ok: false, problem: { kind: error.message } }; // not acknowledged: counted, never assumed
  }
  const latency = performance.now() - due;
  if (!answer.ok) {
    round.refused[answer.problem.kind] = (round.refused[answer.problem.kind] ?? 0) + 1;
    return;
  }
  const { status, seq } = answer.value;
  const wrong = again ? status !== 'exists' || seq !== again.seq : status !== 'created';
  if (wrong) round.wrong += 1;
  if (way === 'append' && !again) last = { draft, seq };
  acknowledged(draft.key, seq);
  round.latencies.push(latency);
}

/** As many callers as given, each asking again as soon as it is answered. */
async function closedLoop({ way, callers, ms }, round) {
  const until = performance.now() + ms;
  const caller = async () => {
    while (performance.now() < until) await ask(way, round);
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/** Requests fall due at their rate whatever becomes of earlier ones; latency counts from when they were due. */
async function openLoop({ way, perSecond, ms }, round) {
  const began = performance.now();
  const pending = new Set();
  for (let sent = 0; ;) {
    const now = performance.now();
    for (; sent < ((Math.min(now, began + ms) - began) * perSecond) / 1000; sent += 1) {
      const one = ask(way, round, began + (sent * 1000) / perSecond).finally(() => pending.delete(one));
      pending.add(one);
    }
    if (now >= began + ms) break;
    await pause(1);
  }
  await Promise.all(pending);
}

process.on('message', async (order) => {
  if (order.kind === 'stop') {
    flush();
    await database.destroy();
    process.exit(0);
  }
  const round = { latencies: [], refused: {}, wrong: 0 };
  const cpu = process.cpuUsage();
  const began = performance.now();
  await (order.kind === 'open' ? openLoop(order, round) : closedLoop(order, round));
  const { user, system } = process.cpuUsage(cpu);
  flush();
  const { latencies, refused, wrong } = round;
  process.send({
    acks: latencies.length,
    refused,
    wrong,
    ms: performance.now() - began,
    cpuMs: (user + system) / 1000,
    // Enough of them that the quantiles of both replicas together are right.
    latencies:
      latencies.length > 20_000
        ? latencies.filter((_, n) => n % Math.ceil(latencies.length / 20_000) === 0)
        : latencies,
    worst: quantile(latencies, 1),
  });
});
process.on('disconnect', () => process.exit(1)); // the bench is gone
process.send({ ready: true });
