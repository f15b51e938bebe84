import { jest } from '@jest/globals';
import { runCommand } from '../../src/app/cli/run-command.io.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { evaluate, judgeableBuild, registerBuild, someDigest } from '../support/shop.js';
import { randomUUID } from 'node:crypto';

describe('assay replay', () => {
  let app: TestApplication;
  const ids: string[] = [];
  const environment = { ...process.env };
  let said: string[] = [];

  /** As the command line would, in this process: its exit code, and what it said. */
  async function assay(...args: readonly string[]): Promise<number> {
    said = [];
    const listen = (line: unknown): void => {
      said.push(String(line));
    };
    const [log, error] = [
      jest.spyOn(console, 'log').mockImplementation(listen),
      jest.spyOn(console, 'error').mockImplementation(listen),
    ];
    try {
      return await runCommand(args);
    } finally {
      log.mockRestore();
      error.mockRestore();
    }
  }

  beforeAll(async () => {
    app = await openTestApplication();
    ids.push((await evaluate(app, await judgeableBuild(app))).id as string);
    app.clock.advance(60_000);
    ids.push((await evaluate(app, await registerBuild(app))).id as string);
    const { config } = app.platform;
    process.env['DATABASE_URL'] = app.database.url;
    process.env['ASSAY_DEMO'] = 'true';
    process.env['ASSAY_DATA_DIR'] = config.dataDir;
    process.env['ASSAY_OPA'] = process.env['ASSAY_TEST_OPA'];
  }, 60_000);
  afterAll(async () => {
    process.env = environment;
    await app.close();
  });

  it('judges all, some, or those since an instant', async () => {
    expect(await assay('replay', '--all')).toBe(0);
    expect(said).toEqual(['2 decision(s) replayed: 2 identical, 0 different, 0 not possible']);
    expect(await assay('replay', ids[0]!)).toBe(0);
    expect(said).toEqual(['1 decision(s) replayed: 1 identical, 0 different, 0 not possible']);
    const since = new Date(app.clock.now()).toISOString();
    expect(await assay('replay', '--all', '--since', since)).toBe(0);
    expect(said).toEqual(['1 decision(s) replayed: 1 identical, 0 different, 0 not possible']);
  });

  it('asks the official OPA as well, and counts what it says', async () => {
    expect(await assay('replay', '--all', '--with-opa')).toBe(0);
    const [first, second] = said.join('\n').split('\n');
    expect(first).toBe('2 decision(s) replayed: 2 identical, 0 different, 0 not possible');
    expect(second).toMatch(/^second opinion of opa: [1-9]\d* rule\(s\) agree, 0 disagree$/);
  });

  it('refuses, and says what was changed', async () => {
    await app.database.admin.query('ALTER TABLE assay.decision DISABLE TRIGGER USER');
    const where = `WHERE decision_id = '${ids[0]!}'`;
    await app.database.admin.query(`UPDATE assay.decision SET artefact_digest = '${someDigest()}' ${where}`);
    expect(await assay('replay', '--all')).toBe(1);
    expect(said).toEqual([
      `  decision ${ids[0]!}: decision artefactDigest: changed`,
      '2 decision(s) replayed: 1 identical, 0 different, 1 not possible',
    ]);
  });

  it('cannot be carried out for a decision that is not there, or without saying which', async () => {
    const stranger = randomUUID();
    expect(await assay('replay', stranger)).toBe(2);
    expect(said[0]).toBe(`  decision ${stranger}: there is none`);
    for (const wrong of [[], ['--all', ids[0]!], ['x'], ['--all', '--since', 'yesterday'], ['--everything']])
      expect(await assay('replay', ...wrong)).toBe(2);
  });
});
