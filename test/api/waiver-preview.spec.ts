import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { GATE } from '../support/gate-runs.js';
import { CLEAN, evaluate, judgeableBuild, registerBuild, uploadAll, type Build } from '../support/shop.js';
import { WaiverSteps } from '../support/waivers.js';

let app: TestApplication;
let build: Build;
beforeAll(async () => {
  app = await openTestApplication();
  build = await judgeableBuild(app);
  await evaluate(app, build);
  await app.services.staleMarker.follow();
}, 120_000);
afterAll(() => app.close());

it('a preview says what a waiver would excuse, what it overlaps, and records nothing', async () => {
  const steps = new WaiverSteps(app);
  const made = await steps.request(build);
  const before = await steps.lastSeq();
  const artefact = { artId: build.artId, digest: build.digest };
  const seen = await app.ask('developer', 'waiver-preview', {
    request: {
      selectors: [{ rule: 'coverage-floor' }, { gate: 'GATE_RELEASE' }, { artefact }],
      ...{ severity: 'HIGH', effectiveUntil: steps.inDays(3) },
    },
    first: 10,
  });
  expect(seen).toMatchObject({
    ...{
      __typename: 'WaiverPreview',
      allowed: true,
      maxDurationDays: 30,
      approvalsNeeded: 1,
      approvalsMissing: 1,
    },
    ...{ judged: 1, unjudged: 0, flips: [], longestUntil: steps.inDays(30) },
    overlaps: [{ waiverId: made.id, state: 'REQUESTED', relation: 'SAME' }],
  });
  expect(
    seen.excused.map(({ ruleId, excusedBy }: { ruleId: string; excusedBy: null }) => [ruleId, excusedBy]),
  ).toEqual([
    ['coverage-floor', null],
    ['coverage-floor', null],
  ]);
  expect(await steps.lastSeq()).toBe(before);
}, 60_000);

describe('what a preview says is what then happens', () => {
  const UNTESTED = 'mode: set\nexample.org/shop/stock.go:1.1,2.2 10 0\n';
  const BROKEN = withAnError();
  const gateId = 'GATE_QA';
  let steps: WaiverSteps;
  /** Flawed in coverage alone, in coverage and something no waiver of coverage excuses, and in nothing. */
  const builds: Build[] = [];
  beforeAll(async () => {
    steps = new WaiverSteps(app);
    expect(await app.command('officer', 'define-gate', GATE)).toMatchObject({ __typename: 'Gate' });
    const flaws = [{ coverage: UNTESTED }, { coverage: UNTESTED, sast: BROKEN }, {}, { coverage: UNTESTED }];
    for (const [at, flaw] of flaws.entries()) {
      const made = await registerBuild(app, { artId: `ART_PREVIEW_${String(at)}` });
      await uploadAll(app, made, Object.values({ ...CLEAN, ...flaw }));
      builds.push(made);
    }
    await app.normalise();
  }, 60_000);

  const ask = async (): Promise<string[]> => {
    const verdicts: string[] = [];
    for (const each of builds) verdicts.push((await evaluate(app, each, { gateId })).verdict as string);
    await app.services.staleMarker.follow();
    return verdicts;
  };
  const preview = (of: object): Promise<Answer> =>
    app.ask('developer', 'waiver-preview', { ...of, first: 50 });
  /** The verdicts with those put in that the preview says will be others. */
  const asPreviewed = (before: string[], seen: Answer): string[] =>
    before.map((verdict, at) => {
      const flip = seen.flips.find(({ artefactDigest }: Answer) => artefactDigest === builds[at]?.digest);
      if (flip) expect(flip.before).toBe(verdict);
      return (flip?.after as string | undefined) ?? verdict;
    });

  const RULE = { rule: 'coverage-floor' };
  it.each<[string, () => object[], number]>([
    ['one artefact', () => [RULE, { gate: gateId }, { artefact: { artId: builds[0]?.artId } }], 1],
    ['a family of artefacts', () => [RULE, { gate: gateId }, { artefactPattern: 'ART_PREVIEW_*' }], 2],
    ['a whole gate', () => [RULE, { gate: gateId }], 2],
    ['a path that is not there', () => [RULE, { gate: gateId }, { path: 'elsewhere/*' }], 0],
    ['another rule', () => [{ rule: 'no-secrets' }, { gate: gateId }], 0],
  ])(
    'for %s',
    async (_what, selectors, flips) => {
      app.clock.advance(1_000);
      const before = await ask();
      expect(before).toEqual(['FAIL', 'FAIL', 'PASS', 'FAIL']);
      const wanted = { selectors: selectors(), severity: 'HIGH', effectiveUntil: steps.inDays(0.1) };
      const seen = await preview({ request: wanted });
      expect(seen.flips).toHaveLength(flips);
      const { id, requiredApprovals } = await app.command('developer', 'request-waiver', {
        ...wanted,
        reason: 'The fix is on its way',
      });
      expect(seen.approvalsNeeded).toBe(requiredApprovals);
      const again = await preview({ waiverId: id });
      expect(again.flips).toEqual(seen.flips);
      expect(await ask()).toEqual(before); // nobody has approved yet
      for (const subject of ['approver', 'second-approver'].slice(0, requiredApprovals as number))
        await steps.review('approve-waiver', id as string, subject);
      app.clock.advance(1_000);
      const excused = seen.excused.map(({ artefactDigest }: Answer) => artefactDigest as string);
      const after = await ask();
      expect(after).toEqual(asPreviewed(before, seen));
      for (const each of builds) {
        const { waiverIds } = await evaluate(app, each, { gateId });
        expect((waiverIds as string[]).includes(id as string)).toBe(excused.includes(each.digest));
      }
      await steps.review('revoke-waiver', id as string, 'officer');
      app.clock.advance(1_000);
      // Nobody can approve it any more: nothing would come of it, and nothing does.
      expect(await preview({ waiverId: id })).toMatchObject({ flips: [], excused: [] });
      expect(await ask()).toEqual(before);
    },
    60_000,
  );

  it('for a waiver that begins later', async () => {
    app.clock.advance(1_000);
    const before = await ask();
    const wanted = {
      ...{ selectors: [RULE, { gate: gateId }, { artefact: { artId: builds[3]?.artId } }], severity: 'HIGH' },
      ...{ effectiveFrom: steps.inDays(0.05), effectiveUntil: steps.inDays(0.1) },
    };
    const seen = await preview({ request: wanted });
    const { id } = await app.command('developer', 'request-waiver', { ...wanted, reason: 'On its way' });
    await steps.review('approve-waiver', id as string, 'approver');
    expect(await ask()).toEqual(before);
    app.clock.advance(0.06 * DAY_MS);
    const after = await ask();
    expect(after).toEqual(asPreviewed(before, seen));
    expect(after[3]).toBe('PASS_WITH_WAIVERS');
    app.clock.advance(0.05 * DAY_MS);
    expect(await ask()).toEqual(before);
  }, 60_000);
});

/** A finding that blocks, whatever is excused of coverage. */
function withAnError(): string {
  const report = JSON.parse(CLEAN.sast);
  report.runs[0].tool.driver.rules = [{ id: 'B1' }];
  report.runs[0].results = [
    {
      ...{ ruleId: 'B1', level: 'error', message: { text: 'Injection' } },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'src/a.py' }, region: { startLine: 1 } } }],
    },
  ];
  return JSON.stringify(report);
}
