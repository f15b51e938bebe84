import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import {
  DAY_MS,
  MINUTE_MS,
  openTestApplication,
  START,
  type Answer,
  type TestApplication,
} from '../support/application.js';
import { catchUp } from '../support/drift.js';
import { CLEAN, evaluate, judgeableBuild, registerBuild, uploadAll, waiverFor } from '../support/shop.js';

let app: TestApplication;
let waiverId: string;
/** Of the only case: two judgements that fail and one that passes; of another build: one that fails, a rule waived. */
beforeAll(async () => {
  app = await openTestApplication();
  const build = await registerBuild(app);
  const context = { caseId: 'SHOP-7', role: 'QA' };
  const judge = (): Promise<Answer> => evaluate(app, build, { context, rejudge: true });
  app.clock.advance(MINUTE_MS);
  await judge();
  app.clock.advance(MINUTE_MS);
  await judge();
  await uploadAll(app, build, Object.values(CLEAN));
  await app.normalise();
  app.clock.advance(MINUTE_MS);
  const passed = await judge();
  expect(passed.verdict).toBe('PASS');
  const other = await judgeableBuild(app);
  const waiver = await app.command('lead', 'request-waiver', waiverFor(app, other, 'coverage-floor'));
  await app.command('approver', 'approve-waiver', { waiverId: waiver.id, note: 'Seen' });
  waiverId = waiver.id;
  const failing = await evaluate(app, other);
  expect(failing.waiverIds).toEqual([waiverId]);
  await catchUp(app); // what the service judges again is no attempt of anybody's
}, 180_000);
afterAll(() => app.close());

const kpis = (variables: object = {}): Promise<Answer> => app.ask('auditor', 'kpis', variables);
const one = async (variables: object = {}): Promise<Answer> => (await kpis(variables))[0];
const tables = async (): Promise<unknown[]> => {
  const all = [];
  for (const table of ['kpi_start', 'kpi_unit', 'kpi_criterion', 'kpi_waiver', 'kpi_fix'])
    all.push(await app.database.admin.query(`SELECT * FROM assay.${table} r ORDER BY r::text`));
  return all;
};

describe('the key figures', () => {
  it('count units, not judgements: first pass, rework, and the time until something passes', async () => {
    const [recorded] = await app.database.admin.query(
      `SELECT count(*) FILTER (WHERE case_id = 'SHOP-7' AND actor <> 'system')::integer AS judged,
              bool_or(result LIKE 'PASS%') FILTER (WHERE case_id = 'SHOP-7') AS passed,
              extract(epoch FROM min(ts_end::timestamptz) FILTER (WHERE case_id = 'SHOP-7' AND result LIKE 'PASS%')
                - min(ts_start::timestamptz) FILTER (WHERE case_id = 'SHOP-7')) * 1000 AS cycle
         FROM ledger.fact WHERE kind = 'decision.recorded'`,
    );
    const figures = await one();
    expect(figures.firstPassRate).toEqual({ state: 'MEASURED', value: 0, of: 2 });
    expect(figures.reworkCount).toEqual({ state: 'MEASURED', value: recorded.judged - 1, of: 2 });
    expect(recorded.passed).toBe(true);
    expect(figures.cycleTime).toEqual({
      ...{ state: 'MEASURED', of: 1, median: Number(recorded.cycle), p90: Number(recorded.cycle) },
    });
  });

  it('say NOT_MEASURED of what there is nothing to count of, never 0 %', async () => {
    expect((await one()).criteriaTestCoverage).toEqual({ state: 'NOT_MEASURED', value: null, of: 0 });
    const figures = await one({ to: new Date(START - DAY_MS).toISOString() });
    expect(figures).toEqual({
      key: null,
      firstPassRate: { state: 'NOT_MEASURED', value: null, of: 0 },
      reworkCount: { state: 'NOT_MEASURED', value: null, of: 0 },
      fixTasks: 0,
      criteriaTestCoverage: { state: 'NOT_MEASURED', value: null, of: 0 },
      cycleTime: { state: 'NOT_MEASURED', median: null, p90: null, of: 0 },
      waiverAge: { state: 'NOT_MEASURED', median: null, p90: null, of: 0 },
      waiverUsage: { state: 'NOT_MEASURED', value: null, of: 0 },
    });
  });

  it('say how old waivers in force are, and how many excuse anything', async () => {
    const before = await one();
    expect(before.waiverUsage).toMatchObject({ state: 'MEASURED', value: 1 });
    app.clock.advance(60 * MINUTE_MS);
    const { waiverAge } = await one();
    expect(waiverAge.of).toBe(before.waiverUsage.of);
    expect(waiverAge.median).toBeCloseTo(before.waiverAge.median + 60 * MINUTE_MS, -1);
    await app.command('officer', 'revoke-waiver', { waiverId, note: 'Over' });
    expect((await one()).waiverAge.of).toBe(before.waiverUsage.of - 1);
  });

  it('are split by project, gate and period, and the parts add up', async () => {
    const all = await one();
    for (const by of ['PROJECT', 'GATE', 'DAY', 'WEEK', 'MONTH']) {
      const rows = await kpis({ by });
      const units = rows.reduce((sum: number, row: Answer) => sum + row.firstPassRate.of, 0);
      expect({ by, units }).toEqual({ by, units: all.firstPassRate.of });
    }
    expect((await kpis({ by: 'GATE' })).map(({ key }: Answer) => key)).toEqual(['GATE_RELEASE']);
    expect((await kpis({ by: 'MONTH' })).map(({ key }: Answer) => key)).toEqual(['2026-11-01T00:00:00.000Z']);
    expect((await one({ project: 'shop' })).firstPassRate).toEqual(all.firstPassRate);
    expect((await one({ gateId: 'GATE_OTHER' })).firstPassRate.state).toBe('NOT_MEASURED');
  });

  it('refuse a project that there is not', async () => {
    expect((await app.graphql('auditor', 'kpis', { project: 'nope' })).errors?.[0]?.extensions.code).toBe(
      'BAD_REQUEST',
    );
  });

  it('are the same when they are made again from the first entry', async () => {
    const [rows, figures] = [await tables(), await kpis({ by: 'GATE' })];
    expect(rows.map((table) => (table as unknown[]).length)).toEqual([
      expect.any(Number),
      2,
      0,
      expect.any(Number),
      0,
    ]);
    const read = await app.services.insight.rebuild();
    const [ledger] = await app.database.admin.query('SELECT count(*)::integer AS size FROM ledger.fact');
    expect(read).toBe(ledger.size);
    expect(await tables()).toEqual(rows);
    expect(await kpis({ by: 'GATE' })).toEqual(figures);
  });

  it('are scraped by gate, without a sample of what is not measured', async () => {
    const { text } = await request(app.server).get('/metrics');
    expect(text).toMatch(/^kpi_first_pass_ratio\{org="[0-9a-f-]+",gate="GATE_RELEASE"\} 0$/m);
    expect(text).toMatch(/^kpi_cycle_time_seconds_median\{.*gate="GATE_RELEASE"\} \d/m);
  });
});
