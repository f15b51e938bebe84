import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { OpenDoor } from '../../src/app/doors/door.io.js';
import { openIntegrator } from '../../src/app/doors/open-integrator.io.js';
import { openWorker } from '../../src/app/doors/open-worker.io.js';
import { Secret } from '../../src/app/platform/secret.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { CLEAN, evaluate, judgeableBuild, registerBuild } from '../support/shop.js';
import { aWitness } from '../support/witness.js';

const TOKEN = 'a-token-of-the-scraper';
const LIMIT_MS = 60_000;
const ALERTS = join(import.meta.dirname, '../../deploy/alerts.example.yaml');

let app: TestApplication;
let worker: OpenDoor;
let integrator: OpenDoor;
let witness: Server;
beforeAll(async () => {
  app = await openTestApplication();
  const { config } = app.platform;
  const good = aWitness('good.example');
  // As C2SP tlog-witness says: `old` and a proof, an empty line, the checkpoint. This one believes all of it.
  witness = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [, text = ''] = /\n\n([^\n]+\n\d+\n[^\n]+\n)\n/.exec(Buffer.concat(chunks).toString()) ?? [];
      response.end(`${good.cosign(text)}\n`);
    });
  });
  await new Promise<void>((resolve) => witness.listen(0, '127.0.0.1', resolve));
  const { port } = witness.address() as AddressInfo;
  const witnessPolicyFile = join(config.dataDir, 'witnesses.policy');
  const away = aWitness('away.example');
  writeFileSync(
    witnessPolicyFile,
    `witness good ${good.vkey} http://127.0.0.1:${String(port)}\nwitness away ${away.vkey} http://127.0.0.1:1\ngroup either 1 good away\nquorum either\n`,
  );
  const quiet = { ...config, logLevel: 'silent' as const };
  worker = await openWorker({ ...quiet, workerMetricsPort: 0 });
  integrator = await openIntegrator({ ...quiet, integratorMetricsPort: 0, witnessPolicyFile });
});
afterAll(async () => {
  await worker.close();
  await integrator.close();
  witness.close();
  await app.close();
});

const read = async (door: OpenDoor, path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${door.metricsUrl ?? ''}${path}`, { headers });
  return { status: answer.status, text: await answer.text() };
};
/** The figure of one sample; undefined where there is none. */
async function figure(door: OpenDoor, sample: string): Promise<number | undefined> {
  const { text } = await read(door, '/metrics');
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}
async function until(door: OpenDoor, sample: string, holds: (figure: number) => boolean): Promise<number> {
  for (const deadline = Date.now() + LIMIT_MS; ;) {
    const now = await figure(door, sample);
    if (now !== undefined && holds(now)) return now;
    if (Date.now() > deadline) throw new Error(`${sample} is ${String(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the metrics of the worker', () => {
  it('count the jobs that were done, the jobs that wait, and how far readers are behind', async () => {
    const before = (await figure(worker, 'job_duration_seconds_count{queue="normalise",result="done"}')) ?? 0;
    await app.upload(CLEAN.sast, await registerBuild(app));
    await until(
      worker,
      'job_duration_seconds_count{queue="normalise",result="done"}',
      (n) => n === before + 1,
    );
    expect(await until(worker, 'queue_jobs{queue="normalise",state="waiting"}', (n) => n === 0)).toBe(0);
    expect(await figure(worker, 'queue_next_job_age_seconds{queue="normalise"}')).toBe(0);
    for (const reader of ['dispatch', 'insight', 'drift'])
      await until(worker, `ledger_reader_lag_entries{reader="${reader}"}`, (lag) => lag === 0);
    for (const queue of ['normalise', 'export', 'scan', 'rejudge', 'gate-run'])
      expect(await figure(worker, `queue_jobs{queue="${queue}",state="failed"}`)).toBeDefined();
    expect(await figure(worker, 'process_cpu_seconds_total')).toBeGreaterThan(0);
  }, 120_000);

  it('show an attempt that failed', async () => {
    await app.database.admin.query('ALTER TABLE assay.evidence RENAME TO evidence_away');
    try {
      const { seq } = (
        await app.database.admin.query<{ seq: string }[]>(
          `SELECT seq FROM ledger.fact WHERE kind = 'evidence.received' ORDER BY seq DESC LIMIT 1`,
        )
      )[0] ?? { seq: '' };
      // As when the queue was lost: the entry has not been handled, and its job is given again.
      await app.database.admin.query('ALTER TABLE ledger.handled DISABLE TRIGGER USER');
      await app.database.admin.query('DELETE FROM ledger.handled WHERE seq = $1', [seq]);
      await app.database.admin.query(`UPDATE ledger.dispatch SET dispatched_at = NULL WHERE seq = $1`, [seq]);
      await app.database.admin.query(`DELETE FROM bullmq.job WHERE id = $1`, [`entry-${seq}`]);
      await until(worker, 'job_duration_seconds_count{queue="normalise",result="failed"}', (n) => n > 0);
    } finally {
      await app.database.admin.query('ALTER TABLE assay.evidence_away RENAME TO evidence');
    }
  }, 120_000);
});

describe('the metrics of the integrator', () => {
  it('say how large the log is, how far it is signed and since when, and how each witness stands', async () => {
    await evaluate(app, await judgeableBuild(app));
    const size = (await figure(integrator, 'ledger_entries')) ?? 0;
    expect(size).toBeGreaterThan(0);
    await until(integrator, 'ledger_unsigned_entries', (n) => n === 0);
    expect(
      await until(integrator, 'ledger_checkpoint_size{state="signed"}', (n) => n >= size),
    ).toBeGreaterThan(0);
    await until(integrator, 'ledger_checkpoint_size{state="cosigned"}', (n) => n >= size);
    expect(await figure(integrator, 'ledger_checkpoint_age_seconds')).toBeLessThan(LIMIT_MS / 1000);
    await until(integrator, 'ledger_witness_cosigned_entries{witness="good"}', (n) => n >= size);
    expect(await figure(integrator, 'ledger_witness_refuses{witness="good"}')).toBe(0);
    expect(await until(integrator, 'ledger_witness_refuses{witness="away"}', (n) => n === 1)).toBe(1);
    expect(await figure(integrator, 'ledger_signing_refused{problem="none"}')).toBe(0);
  }, 120_000);
});

describe('the doors together', () => {
  it('show every metric that the example alert rules name', async () => {
    const rules = readFileSync(ALERTS, 'utf8').replaceAll(/^\s*(#|summary:).*$/gm, '');
    const named = new Set(
      [...rules.matchAll(/\b(?:ledger|queue|admission|tracing)_[a-z_]+/g)].map(([name]) => name),
    );
    named.delete('tracing_spans_dropped_total'); // only where tracing is on: tracing.spec.ts
    expect(named.size).toBeGreaterThanOrEqual(7);
    const api = { metricsUrl: await app.api.getUrl() } as OpenDoor;
    const texts = await Promise.all([api, worker, integrator].map((door) => read(door, '/metrics')));
    const all = texts.map(({ text }) => text).join('\n');
    // verify_age is there after the first pass of the worker's job.
    for (const name of named)
      if (name !== 'ledger_verify_age_seconds') expect(all).toMatch(new RegExp(`^${name}[ {]`, 'm'));
    expect(all).toContain('# TYPE ledger_verify_age_seconds gauge');
  });
});

describe.each([
  ['worker', () => worker, ['database', 'migrations']],
  ['integrator', () => integrator, ['integrator']],
])('the health of the %s', (_, door, checks) => {
  it('is told to anybody, and nothing else is there', async () => {
    expect(await read(door(), '/health/live')).toEqual({ status: 200, text: '{"live":true}' });
    const { status, text } = await read(door(), '/health/ready');
    expect([status, Object.keys(JSON.parse(text).checks)]).toEqual([200, checks]);
    expect((await read(door(), '/health')).status).toBe(200);
    expect((await read(door(), '/graphql')).status).toBe(404);
    const posted = await fetch(`${door().metricsUrl ?? ''}/metrics`, { method: 'POST' });
    expect(posted.status).toBe(404);
  });

  it('is all that is shown to whom a proxy forwards', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.7' };
    expect((await read(door(), '/metrics', forwarded)).status).toBe(404);
    expect((await read(door(), '/health/ready', forwarded)).status).toBe(200);
  });
});

describe('a door', () => {
  it('wants the token where there is one', async () => {
    const { config } = app.platform;
    const guarded = await openIntegrator({
      ...{ ...config, logLevel: 'silent', integratorMetricsPort: 0, metricsToken: new Secret(TOKEN) },
    });
    try {
      expect((await read(guarded, '/metrics')).status).toBe(404);
      expect((await read(guarded, '/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });

  it('serves nothing unless a port is given, and does not open on one that is taken', async () => {
    const { config } = app.platform;
    const silent = await openIntegrator({ ...config, logLevel: 'silent' });
    expect(silent.metricsUrl).toBeUndefined();
    await silent.close();
    const taken = Number(new URL(worker.metricsUrl ?? '').port);
    await expect(
      openIntegrator({ ...config, logLevel: 'silent', integratorMetricsPort: taken }),
    ).rejects.toThrow(/EADDRINUSE/);
  });
});
