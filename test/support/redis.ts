import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** REDIS_URL, or a `redis-server` on the PATH, is there to test with. */
export const redisIsAvailable = (): boolean =>
  Boolean(process.env['REDIS_URL']) || spawnSync('redis-server', ['--version']).status === 0;

/** The configured Redis, else one of our own on a free port that keeps nothing. */
export async function startRedis(): Promise<{ url: string; stop(): Promise<void> }> {
  const configured = process.env['REDIS_URL'];
  if (configured) return { url: configured, stop: () => Promise.resolve() };
  return startOwnRedis();
}

/** A Redis that keeps nothing, to be killed and started again at the same place; needs `redis-server`. */
export async function startOwnRedis(
  at?: number,
): Promise<{ url: string; port: number; stop(signal?: NodeJS.Signals): Promise<void> }> {
  const port = at ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'assay-redis-'));
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
    { stdio: 'ignore' },
  );
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 25 });
  client.on('error', () => undefined); // not listening yet
  await client.ping();
  client.disconnect();
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill(signal);
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `redis://127.0.0.1:${String(port)}`, port, stop };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
