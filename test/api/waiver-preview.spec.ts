import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { evaluate, judgeableBuild, type Build } from '../support/shop.js';
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
