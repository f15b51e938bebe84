import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPack } from '../../src/app/compose/packs.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { CLEAN, evaluate, registerBuild, uploadAll } from '../support/shop.js';
import { actorOf } from '../support/whole-story.js';

const ROOT = join(import.meta.dirname, '../..');
const STARTERS = [
  ['pre-integration', 'CHK_PRE_INTEGRATION', 13],
  ['daily-development', 'CHK_DAILY_DEV', 17],
  ['production-ready', 'CHK_PRODUCTION_READY', 8],
] as const;

let app: TestApplication;
let officer: Answer;
beforeAll(async () => {
  app = await openTestApplication();
  officer = await actorOf(app, 'officer');
  for (const [pack] of STARTERS) {
    const published = await app.services.publishing.publishPack(
      officer.orgId as string,
      readPack(ROOT, pack),
      'system',
    );
    if (!published.ok) throw new Error(JSON.stringify(published.problem));
  }
}, 180_000);
afterAll(() => app.close());

const policyOf = (policyId: string): Promise<Answer> =>
  app.ask('auditor', 'policy-version', { policyId, version: '1.0.0' });

describe('the customer’s checklists, as starter packs', () => {
  it.each(STARTERS)('%s says in two languages what people vouch for', async (pack, chkId, count) => {
    const { items, parameters } = await policyOf(pack);
    expect(items).toHaveLength(count);
    expect(new Set(items.map((item: Answer) => item.chkId))).toEqual(new Set([chkId]));
    for (const { en, nl } of items) expect([en, nl, en === nl]).toEqual([en, nl, false]);
    const asked = parameters.attested_items.default[chkId];
    expect(items.map((item: Answer) => item.itemId).sort()).toEqual([...asked].sort());
  });

  it('judge by tools what tools can show, and by attestations the rest', async () => {
    const chkId = 'CHK_PRODUCTION_READY';
    await app.command('officer', 'publish-checklist', {
      chkId,
      title: { en: 'Ready for production', nl: 'Gereed voor productie' },
      policies: [{ policyId: 'production-ready', version: '1.0.0' }],
    });
    await app.command('officer', 'activate-checklist', {
      ...{ chkId, version: 1, expectedActivation: 0, reason: 'Starter' },
    });
    const [project] = await app.services.principals.projects(officer.orgId as string);
    const gate = { ...(await app.services.gateRead.gate(officer.orgId as string, 'GATE_DOD'))! };
    const { fallback: _, version: __, ...terms } = gate;
    const defined = await app.services.gateDefinitions.define(
      {
        gate: { ...terms, gateId: 'GATE_PRODUCTION', projectId: project!.projectId, chkId },
        expectedVersion: 0,
        context: {},
        idempotencyKey: 'production',
      },
      officer,
    );
    expect(defined.ok).toBe(true);
    const build = await registerBuild(app);
    await uploadAll(app, build, [CLEAN.secrets]);
    await app.normalise();
    const decision = await evaluate(app, build, { gateId: 'GATE_PRODUCTION' });
    expect(decision.verdict).toBe('INDETERMINATE');
    expect(Object.fromEntries(decision.rules.map((rule: Answer) => [rule.ruleId, rule.outcome]))).toEqual({
      ...{ 'tests-pass': 'INDETERMINATE', 'load-test-limits': 'INDETERMINATE' },
      ...{ 'no-secrets': 'PASS', 'attested-items': 'INDETERMINATE' },
    });
  });
});
