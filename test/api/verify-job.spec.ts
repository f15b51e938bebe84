import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { VerifyJob } from '../../src/app/verify/verify-job.io.js';
import type { Platform } from '../../src/app/platform/platform.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { evaluate, judgeableBuild, registerBuild } from '../support/shop.js';

let app: TestApplication;
let platform: Platform;
let job: VerifyJob;
beforeAll(async () => {
  app = await openTestApplication();
  platform = {
    ...app.platform,
    config: { ...app.platform.config, verifySeconds: 0, verifyFullSeconds: 3600 },
  };
  job = new VerifyJob(platform);
});
afterAll(() => app.close());

const admin = (sql: string): Promise<unknown> => app.database.admin.query(sql);
const past = (fullSeconds: number): Promise<unknown> =>
  admin(`UPDATE ledger.verification SET full_at = now() - interval '${String(fullSeconds)} s'`);
async function metric(name: string): Promise<number> {
  const { text } = await request(app.server).get('/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

describe('the verify job', () => {
  it('begins with everything, and goes on with what is new', async () => {
    await app.integrate();
    const first = await job.runDue();
    expect(first?.report).toMatchObject({ accepted: true });
    const all = first?.report.entries ?? 0;
    expect(await metric('ledger_verified_entries')).toBe(all);
    expect(await metric('ledger_verify_findings')).toBe(0);

    await evaluate(app, await judgeableBuild(app));
    await app.integrate();
    const second = await job.runDue();
    expect(second?.report).toMatchObject({ accepted: true });
    expect(second?.report.entries).toBeGreaterThan(5);
    expect(second?.report.entries).toBeLessThan(all);
    expect(await metric('ledger_verified_entries')).toBe(all + (second?.report.entries ?? 0));
  });

  it('shows every metric that the example alert rules name', async () => {
    const all = readFileSync(join(import.meta.dirname, '../../deploy/alerts.example.yaml'), 'utf8');
    const [rules = ''] = all.split('  - name: assay-worker'); // the rest is of other doors: door-metrics.spec.ts
    const named = new Set([...rules.matchAll(/\b(ledger|admission)_[a-z_]+/g)].map(([name]) => name));
    expect(named.size).toBeGreaterThanOrEqual(4);
    const { text } = await request(app.server).get('/metrics');
    for (const name of named) expect(text).toMatch(new RegExp(`^${name}[ {]`, 'm'));
  });

  it('checks entries again that no checkpoint covered yet, until one does', async () => {
    await registerBuild(app);
    expect((await job.runDue())?.report).toMatchObject({ accepted: true, entries: 1, notYetCovered: 1 });
    expect((await job.runDue())?.report).toMatchObject({ accepted: true, entries: 1, notYetCovered: 1 });
    await app.integrate();
    expect((await job.runDue())?.report).toMatchObject({ accepted: true, entries: 1, notYetCovered: 0 });
    expect((await job.runDue())?.report).toMatchObject({ accepted: true, entries: 0 });
  });

  it('finds an edit of a new entry at once, of an old one with the next full pass, and says so until it is gone', async () => {
    await registerBuild(app);
    await admin(`ALTER TABLE ledger.fact DISABLE TRIGGER USER`);
    const edit = (seq: string): string =>
      `UPDATE ledger.fact SET statement = overlay(statement placing 'x' from 3 for 1) WHERE seq = ${seq}`;
    const undo = (seq: string): string =>
      `UPDATE ledger.fact SET statement = overlay(statement placing '_' from 3 for 1) WHERE seq = ${seq}`;
    const newest = '(SELECT max(seq) FROM ledger.entry)';
    await admin(edit(newest));
    expect((await job.runDue())?.report.findings).toEqual([expect.objectContaining({ what: 'fact' })]);
    expect(await metric('ledger_verify_findings')).toBe(1);
    expect(app.log.filter((line) => line.includes('not as it was signed')).length).toBe(1);
    await admin(undo(newest));
    expect((await job.runDue())?.report).toMatchObject({ accepted: true }); // a full one, after a finding
    expect(await metric('ledger_verify_findings')).toBe(0);

    await app.integrate();
    await admin(edit('3'));
    expect((await job.runDue())?.report).toMatchObject({ accepted: true });
    await past(3601);
    expect((await job.runDue())?.report.findings.length).toBeGreaterThan(0);
    await admin(undo('3'));
    expect((await job.runDue())?.report).toMatchObject({ accepted: true });
  });

  it('is done by one worker at a time, and goes on where another stopped with a full pass', async () => {
    const other = new VerifyJob(platform);
    const passes = await Promise.all([job.runDue(), other.runDue()]);
    expect(passes.filter((pass) => pass !== undefined).length).toBeGreaterThan(0);
    const entries = Number(
      ((await admin('SELECT count(*) FROM ledger.entry')) as [{ count: string }])[0].count,
    );
    const newcomer = await new VerifyJob(platform).runDue();
    expect(newcomer?.report).toMatchObject({ accepted: true, entries });
  });

  it('is shown by readiness', async () => {
    const { body } = await request(app.server).get('/health/ready');
    expect(body.checks.verification).toMatchObject({
      ok: true,
      detail: expect.stringContaining('0 findings'),
    });
  });
});
