import { usageLine } from '../../src/app/cli/usage.js';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../src/app/cli/run-command.io.js';
import type { OpenDoor } from '../../src/app/doors/door.io.js';
import { openWorker } from '../../src/app/doors/open-worker.io.js';
import { sha256 } from '../../src/kernel/digest.js';
import { MINUTE_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { decisionsIn, manifestOf } from '../support/export.js';
import { evaluate, judgeableBuild } from '../support/shop.js';
import { filesOfTar } from '../support/tar.js';

jest.setTimeout(60_000);

let app: TestApplication;
let worker: OpenDoor;
let decision: Answer;
const scratch = mkdtempSync(join(tmpdir(), 'assay-export-'));
const { ASSAY_URL, ASSAY_TOKEN } = process.env;
beforeAll(async () => {
  app = await openTestApplication();
  decision = await evaluate(app, await judgeableBuild(app));
  app.clock.advance(MINUTE_MS);
  await app.integrate();
  worker = await openWorker(app.platform.config);
});
afterAll(async () => {
  process.env['ASSAY_URL'] = ASSAY_URL;
  process.env['ASSAY_TOKEN'] = ASSAY_TOKEN;
  rmSync(scratch, { recursive: true, force: true });
  await worker.close();
  await app.close();
});

let said: string[] = [];
let complained: string[] = [];
beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation((text) => void said.push(String(text)));
  jest.spyOn(console, 'error').mockImplementation((text) => void complained.push(String(text)));
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Exit code of `assay export …` as somebody, through a real socket. */
async function assay(subject: string, ...args: string[]): Promise<number> {
  process.env['ASSAY_URL'] = await app.api.getUrl();
  process.env['ASSAY_TOKEN'] = app.tokenFor(subject);
  [said, complained] = [[], []];
  return runCommand(['export', ...args]);
}
const file = (name: string): string => join(scratch, name);

it('asks for a pack, waits for the worker, and keeps the bytes that are on record', async () => {
  expect(
    await assay('auditor', '--from', '2026-11-21', '--gate', 'GATE_RELEASE', '--out', file('a.tar')),
  ).toBe(0);
  const bytes = readFileSync(file('a.tar'));
  expect(said.join('\n')).toContain(sha256(bytes));
  const files = filesOfTar(bytes);
  expect(decisionsIn(files)).toEqual([decision.id]);
  expect(manifestOf(files).statement.predicate.request.query).toEqual({
    from: '2026-11-21T00:00:00.000Z',
    gateId: 'GATE_RELEASE',
  });
  expect(existsSync(`${file('a.tar')}.part`)).toBe(false);
});

it('takes what was asked for before, byte for byte, and brings an earlier checkpoint', async () => {
  const id = /export (\S+) is asked for/.exec(
    await assay('auditor', '--out', file('b.tar')).then(() => complained.join('\n')),
  )?.[1];
  expect(await assay('auditor', '--id', id ?? '', '--out', file('c.tar'))).toBe(0);
  expect(readFileSync(file('c.tar')).equals(readFileSync(file('b.tar')))).toBe(true);
  writeFileSync(file('kept'), filesOfTar(readFileSync(file('b.tar'))).get('checkpoint') ?? '');
  expect(await assay('auditor', '--previous', file('kept'), '--out', file('d.tar'))).toBe(0);
  expect(filesOfTar(readFileSync(file('d.tar'))).get('previous-checkpoint')).toEqual(
    readFileSync(file('kept')),
  );
});

it('says what is wrong with an order, and keeps nothing', async () => {
  expect([await assay('auditor', '--gate', 'GATE_X'), complained.join('\n')]).toEqual([
    2,
    `assay export: --out FILE is required\n${usageLine('export')}`,
  ]);
  expect(await assay('auditor', '--out', file('x'), '--id', 'a', '--gate', 'GATE_X')).toBe(2);
  expect(await assay('auditor', '--out', file('x'), '--colour', 'red')).toBe(2);
  expect([await assay('auditor', '--out', file('x'), '--gate', 'GATE_X'), complained.join('\n')]).toEqual([
    1,
    'There is no gate GATE_X.',
  ]);
  expect(await assay('developer', '--out', file('x'))).toBe(2);
  expect(complained.join('\n')).toContain('export.request');
  expect(existsSync(file('x'))).toBe(false);
});

it('refuses bytes that are not those on record', async () => {
  const id = /export (\S+) is asked for/.exec(
    await assay('auditor', '--out', file('e.tar')).then(() => complained.join('\n')),
  )?.[1];
  const digest = sha256(readFileSync(file('e.tar'))).slice('sha256:'.length);
  const { orgId } = (await app.database.admin.query('SELECT org_id AS "orgId" FROM assay.export LIMIT 1'))[0];
  const blob = join(app.platform.config.dataDir, 'blobs', orgId, 'sha256', digest.slice(0, 2), digest);
  const bytes = readFileSync(blob);
  bytes[600]! ^= 1;
  writeFileSync(blob, bytes);
  expect(await assay('auditor', '--id', id ?? '', '--out', file('f.tar'))).toBe(2);
  expect(complained.join('\n')).toMatch(/on record is sha256:/);
  expect(existsSync(file('f.tar')) || existsSync(`${file('f.tar')}.part`)).toBe(false);
});
