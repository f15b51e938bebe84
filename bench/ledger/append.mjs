// npm run bench:ledger [-- --short] [-- --only append,rows]
//
// Two replica processes, one PostgreSQL with fsync and synchronous_commit on, one integrator process, all on this machine
// together with the load itself. An append here is signed, durable before it is answered, and idempotent. What else the
// machine does shows: the disk's fdatasync and the load average stand beside the figures.
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureBuilt, ensureInstalled } from '../../scripts/prepare.mjs';
import { quantile } from '../support/measure.mjs';
import { atLeast, atMost, Report } from '../support/report.mjs';

const ROOT = join(import.meta.dirname, '../..');
await ensureInstalled(ROOT);
await ensureBuilt(ROOT, { checked: false });
const { diskLatency, serverCpuMs, startCluster } = await import('./cluster.mjs');

const short = process.argv.includes('--short');
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : undefined;
const wanted = (name) => !only || only.includes(name);
const MS = short ? 5_000 : 30_000;
const load = () => loadavg()[0].toFixed(1);

const report = new Report();
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${load()}${short ? ', short mode' : ''}`,
);
const cluster = await startCluster();
const { admin, folder, replicas, integrator, serverPid } = cluster;
try {
  await settings();
  await round({ kind: 'closed', way: 'append', callers: 256, ms: 2_000 }); // warms up
  if (wanted('append')) {
    report.section('Appended in groups, closed loop: 2 replicas × 256 callers');
    await closed('append', 256, { target: 8_000 });
    report.section('Appended in groups, open loop (latency from when a request was due)');
    for (const perSecond of [2_000, 4_000, 8_000]) await open(perSecond);
  }
  if (wanted('rows')) {
    report.section(
      'With four statements of the caller’s own in the same transaction, closed loop: 2 × 64 callers',
    );
    await closed('rows', 64, {});
    report.section('For comparison, a transaction for each: 2 × 64 callers on 10 connections');
    await closed('append alone', 64, {});
    await closed('rows alone', 64, {});
  }
  for (const replica of replicas) await replica.stop();
  await check();
} finally {
  await cluster.close();
}
report.end();

async function settings() {
  const { rows } = await admin.query(
    `SELECT string_agg(name || ' ' || setting || coalesce(unit, ''), ', ' ORDER BY name) AS text FROM pg_settings
      WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size', 'wal_sync_method',
                     'wal_compression', 'checkpoint_timeout', 'work_mem')`,
  );
  const { rows: version } = await admin.query('SHOW server_version');
  report.section(`PostgreSQL ${version[0].server_version}: ${rows[0].text}`);
  report.line('fdatasync of 8 KB, ms', diskLatency(folder));
}

/** One round on both replicas, and what it cost. */
async function round(order) {
  const { rows } = await admin.query('SELECT next FROM ledger.seqcoord');
  const from = Number(rows[0].next);
  const cpuBefore = [serverPid, integrator.pid].map(serverCpuMs);
  const answers = await Promise.all(replicas.map((replica) => replica.run(order)));
  const cpuAfter = [serverPid, integrator.pid].map(serverCpuMs);
  const sum = (of) => answers.reduce((total, answer) => total + of(answer), 0);
  const acks = sum(({ acks }) => acks);
  const spent = (n) =>
    cpuBefore[n] === undefined ? 'unknown' : ((cpuAfter[n] - cpuBefore[n]) * 1000) / acks;
  return {
    from,
    acks,
    perSecond: acks / (Math.max(...answers.map(({ ms }) => ms)) / 1000),
    latencies: answers.flatMap(({ latencies }) => latencies),
    wrong: sum(({ wrong }) => wrong),
    refused: sum(({ refused }) => Object.values(refused).reduce((a, b) => a + b, 0)),
    why: [...new Set(answers.flatMap(({ refused }) => Object.keys(refused)))].join('; '),
    cpu: {
      'replica µs': (sum(({ cpuMs }) => cpuMs) * 1000) / acks,
      'PostgreSQL µs': spent(0),
      'integrator µs': spent(1),
    },
  };
}

async function closed(way, callers, { target }) {
  const done = await round({ kind: 'closed', way, callers, ms: MS });
  report.line(way, { 'acknowledged/s': done.perSecond }, target && atLeast(done.perSecond, target, '/s'));
  await details(done);
}

async function open(perSecond) {
  const done = await round({ kind: 'open', way: 'append', perSecond: perSecond / replicas.length, ms: MS });
  const p99 = quantile(done.latencies, 0.99);
  const figures = {
    'acknowledged/s': done.perSecond,
    'ack p50 ms': quantile(done.latencies, 0.5),
    'p99 ms': p99,
  };
  const target = perSecond === 4_000 && {
    ...atMost(p99, 50, ' ms p99'),
    met: p99 <= 50 && done.refused === 0,
  };
  report.line(`${perSecond} offered per second`, figures, target || undefined);
  await details(done, perSecond <= 4_000);
}

async function details({ from, refused, why, wrong, cpu, latencies }, hasTarget = false) {
  report.line('  ack ms', { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), refused });
  if (refused > 0) report.note(`    refused: ${why}`);
  report.line('  CPU per append', cpu);
  const lag = await provableLag(from);
  report.line(
    '  provable after ms',
    { p50: lag.p50, p99: lag.p99 },
    hasTarget ? atMost(lag.p99, 500, ' ms') : undefined,
  );
  report.line('  fdatasync of 8 KB, ms', { ...diskLatency(folder), load: load() });
  if (wrong > 0) throw new Error(`${wrong} answers were not what their key's history says`);
}

/** From when an entry was written to when a signed checkpoint that covers it was stored, by the database's clock. */
async function provableLag(from) {
  for (let tries = 0; ; tries += 1) {
    const { rows } = await admin.query(
      'SELECT (SELECT next FROM ledger.seqcoord) = coalesce((SELECT max(size) FROM ledger.checkpoint), 0) AS done',
    );
    if (rows[0].done) break;
    if (tries === 600) throw new Error('the integrator did not catch up within 60 s');
    await pause(100);
  }
  const { rows } = await admin.query(
    `WITH covered AS (
       SELECT size, created, lag(size, 1, 0) OVER (ORDER BY size) AS before FROM ledger.checkpoint WHERE size > $1
     ), lags AS (
       SELECT extract(epoch FROM c.created - e.at) * 1000 AS ms
         FROM covered c JOIN ledger.entry e ON e.seq >= greatest(c.before, $1) AND e.seq < c.size
     )
     SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::float AS p50,
            percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)::float AS p99 FROM lags`,
    [from],
  );
  return rows[0];
}

/** Every acknowledged key stands at the number it was told; numbers are contiguous; the tree covers them all. */
async function check() {
  report.section('Checked');
  const { rows } = await admin.query(
    `SELECT count(*)::int AS entries, coalesce(max(seq) + 1, 0)::int AS next,
            (SELECT count(*)::int FROM ledger.idem) AS keys, (SELECT count(*)::int FROM ledger.fact) AS facts FROM ledger.entry`,
  );
  const { entries, next, keys, facts } = rows[0];
  const stored = new Map();
  for (let after = -1; ;) {
    const page = await admin.query(
      `SELECT encode(idem_key, 'hex') AS key, seq::int FROM ledger.idem WHERE seq > $1 ORDER BY seq LIMIT 50000`,
      [after],
    );
    if (page.rows.length === 0) break;
    for (const { key, seq } of page.rows) stored.set(key, seq);
    after = page.rows.at(-1).seq;
  }
  let [acknowledged, lost, moved] = [0, 0, 0];
  for (const { ackFile } of replicas) {
    const acks = readFileSync(ackFile);
    for (let at = 0; at < acks.length; at += 24) {
      acknowledged += 1;
      const seq = stored.get(acks.toString('hex', at, at + 16));
      if (seq === undefined) lost += 1;
      else if (BigInt(seq) !== acks.readBigUInt64BE(at + 16)) moved += 1;
    }
  }
  const gaps = next - entries;
  const sound = lost + moved + gaps === 0 && keys === entries && facts === entries;
  report.line(
    'acknowledged',
    { acknowledged, lost, 'at another number': moved },
    { met: lost + moved === 0, text: '0 lost' },
  );
  report.line('entries', { entries, keys, facts, gaps }, { met: gaps === 0, text: '0 gaps' });
  if (!sound) process.exitCode = 1;
}
