import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runCommand } from '../../src/app/cli/run-command.io.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { CLEAN, evaluate, judgeableBuild, registerBuild, uploadAll } from '../support/shop.js';

describe('assay standing rebuild', () => {
  let app: TestApplication;
  const environment = { ...process.env };

  beforeAll(async () => {
    app = await openTestApplication();
    const build = await judgeableBuild(app);
    await evaluate(app, build);
    await uploadAll(app, build, [CLEAN.sast]);
    await app.normalise();
    for (let at = 0; at < 3; at++) await evaluate(app, await registerBuild(app));
    await app.services.staleMarker.follow();
    const { config } = app.platform;
    process.env['DATABASE_URL'] = app.database.url;
    process.env['ASSAY_DEMO'] = 'true';
    process.env['ASSAY_DATA_DIR'] = config.dataDir;
  }, 120_000);
  afterAll(async () => {
    process.env = environment;
    await app.close();
  });

  async function rebuild(): Promise<string> {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      expect(await runCommand(['standing', 'rebuild'])).toBe(0);
      return String(log.mock.calls.at(-1)?.[0]);
    } finally {
      log.mockRestore();
    }
  }
  const all = (): Promise<Record<string, unknown>[]> =>
    app.database.admin.query(
      'SELECT * FROM assay.standing_decision ORDER BY org_id, gate_id, art_id, artefact_digest',
    );

  it('finds nothing to put right where nobody touched the rows', async () => {
    const before = await all();
    expect(before.map((row) => row['stale_seq'] !== null).sort()).toEqual([false, false, false, true]);
    expect(await rebuild()).toBe('standing decisions made again from 4 decisions: no row differed');
    expect(await all()).toEqual(before);
  });

  it('puts right what is missing, changed or invented, and says how much that was', async () => {
    const before = await all();
    const at = (row: number): string => `artefact_digest = '${String(before[row]?.['artefact_digest'])}'`;
    await app.database.admin.query(`DELETE FROM assay.standing_decision WHERE ${at(0)}`);
    await app.database.admin.query(`UPDATE assay.standing_decision SET verdict = 'PASS' WHERE ${at(1)}`);
    await app.database.admin.query(
      `UPDATE assay.standing_decision SET stale_seq = CASE WHEN stale_seq IS NULL THEN 1 END WHERE ${at(2)}`,
    );
    await app.database.admin.query(
      `INSERT INTO assay.standing_decision
       SELECT (jsonb_populate_record(d, jsonb_build_object('gate_id', 'GATE_' || n))).*
         FROM assay.standing_decision d, generate_series(1, 2) n WHERE ${at(3)}`,
    );
    expect(await rebuild()).toBe(
      'standing decisions made again from 4 decisions: 5 rows differed (1 missing, 2 changed, 2 invented)',
    );
    expect(await all()).toEqual(before);
    expect(await rebuild()).toContain('no row differed');
  });

  it('leaves alone what the reader of the ledger has not come to', async () => {
    const before = await all();
    const fifth = await registerBuild(app);
    await evaluate(app, fifth);
    expect(await rebuild()).toContain('from 4 decisions: no row differed');
    expect(await all()).toEqual(before);
    await app.services.staleMarker.follow();
    expect(await all()).toHaveLength(5);
    expect(await rebuild()).toContain('from 5 decisions: no row differed');
  });
});
