// A PostgreSQL of the bench's own, durable, with an integrator process and two replicas on it.
import { fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { median, quantile } from '../support/measure.mjs';

const ROOT = join(import.meta.dirname, '../..');
const REPLICAS = 2;

/** In `folder` or a temporary one; `close` ends every process and deletes it. */
export async function startCluster() {
  const { startEmbeddedPostgres } = await import('../../dist/src/app/database/embedded-postgres.io.js');
  const { bootstrapDatabase } = await import('../../dist/src/app/database/bootstrap.js');
  const { migrate } = await import('../../dist/src/app/database/migrate.js');
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  const server = await startEmbeddedPostgres({ dataDir: folder, durable: true });
  await bootstrapDatabase(server.url);
  await migrate(server.url);
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`CREATE TABLE assay.bench_row (id text PRIMARY KEY, document jsonb, done boolean);
    GRANT SELECT, INSERT, UPDATE ON assay.bench_row TO assay_service`);
  const integrator = await startIntegrator(server.url, folder);
  const secret = randomBytes(32).toString('hex');
  const replicas = await Promise.all(
    Array.from({ length: REPLICAS }, (_, n) => startReplica(server.url, join(folder, `acks.${n}`), secret)),
  );
  const close = async () => {
    for (const replica of replicas) replica.child.kill('SIGKILL');
    integrator.kill('SIGKILL');
    await admin.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, admin, replicas, integrator, serverPid: server.pid, close };
}

/** The door itself, as an installation runs it: its own process, login, key and checkpoint copy. */
async function startIntegrator(url, folder) {
  const { loadConfig } = await import('../../dist/src/app/platform/config.js');
  const { ensureKeys } = await import('../../dist/src/app/platform/keys.io.js');
  const own = {
    ASSAY_INTEGRATOR_DATABASE_URL: url,
    ASSAY_DATA_DIR: folder,
    ASSAY_DEMO: 'true',
    ASSAY_LOG_ORIGIN: 'bench.assay.example',
  };
  ensureKeys(loadConfig(own, ROOT));
  const env = { PATH: process.env.PATH, ...own };
  const stdio = ['ignore', 'ignore', 'pipe'];
  const child = spawn(process.execPath, [join(ROOT, 'dist/src/integrator.js')], { cwd: ROOT, env, stdio });
  let said = '';
  child.stderr.on('data', (text) => (said = (said + text).slice(-2000)));
  child.on('exit', (code, signal) => {
    if (signal !== 'SIGKILL') console.error(`the integrator ended with ${code ?? signal}: ${said}`); // and its lag is missed
  });
  return child;
}

async function startReplica(url, ackFile, secret) {
  const child = fork(join(import.meta.dirname, 'replica.mjs'), [url, ackFile, secret]);
  const answer = () =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`a replica ended with ${code}`)));
    });
  await answer();
  return {
    child,
    ackFile,
    run(order) {
      child.send(order);
      return answer();
    },
    stop: () => new Promise((resolve) => child.once('exit', resolve) && child.send({ kind: 'stop' })),
  };
}

/** Milliseconds of fdatasync after writing one 8 KB page, where the database writes its log. */
export function diskLatency(folder, count = 200) {
  const file = join(folder, 'probe');
  const handle = openSync(file, 'w');
  const page = Buffer.alloc(8192, 1);
  const taken = [];
  for (let n = 0; n < count; n += 1) {
    writeSync(handle, page);
    const began = performance.now();
    fdatasyncSync(handle);
    taken.push(performance.now() - began);
  }
  closeSync(handle);
  rmSync(file);
  return { p50: median(taken), p99: quantile(taken, 0.99) };
}

/** CPU of the server and its backends so far, in ms; undefined where there is no /proc. */
export function serverCpuMs(pid) {
  try {
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(statOf);
    return all.filter((each) => each.pid === pid || each.parent === pid).reduce((sum, { ms }) => sum + ms, 0);
  } catch {
    return undefined;
  }
}

function statOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return [
      { pid: Number(pid), parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * 10 },
    ]; // ticks of 10 ms
  } catch {
    return []; // it ended meanwhile
  }
}
