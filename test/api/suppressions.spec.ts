import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { CLEAN, evaluate, registerBuild, someDigest, uploadAll, type Build } from '../support/shop.js';

/** Put together at run time, so that nothing that looks like a secret stands in the repository. */
const token = (letter: string): string =>
  ['gh', 'p_', `${letter}1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8`].join('');

/** What gitleaks writes about a token on line 7, with or without somebody's suppression in the report. */
const gitleaks = (secret: string, line = 7, suppressed = false): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'gitleaks', rules: [{ id: 'github-pat' }] } },
        invocations: [{ executionSuccessful: true }],
        results: [
          {
            ruleId: 'github-pat',
            message: { text: 'github-pat has detected a secret' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'storefront/pay.js' },
                  region: { startLine: line, snippet: { text: secret } },
                },
              },
            ],
            ...(suppressed && { suppressions: [{ kind: 'external', status: 'accepted' }] }),
          },
        ],
      },
    ],
  });

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
});
afterAll(() => app.close());

async function buildWith(report: string): Promise<Build> {
  const build = await registerBuild(app);
  await uploadAll(app, build, [report, CLEAN.sast, CLEAN.sbom, CLEAN.coverage]);
  await app.normalise();
  return build;
}

const importing = (build: Build, change: object = {}): Promise<Answer> =>
  app.command('developer', 'import-suppressions', {
    ...build,
    gateId: 'GATE_RELEASE',
    severity: 'CRITICAL',
    effectiveUntil: new Date(Date.now() + 20 * 3_600_000).toISOString(),
    reason: 'A token of the test system, long revoked',
    idempotencyKey: randomUUID(),
    ...change,
  });

const ignoreFile = (text: string) => ({ ignoreFile: { format: 'GITLEAKSIGNORE', text } });

describe('suppressions of a repository', () => {
  it('become requests for what stands there, and say what does not', async () => {
    const build = await buildWith(gitleaks(token('A')));
    const answer = await importing(
      build,
      ignoreFile('# known\nstorefront/pay.js:github-pat:7\nold/gone.js:github-pat:3\nnonsense\n'),
    );
    expect(answer).toMatchObject({
      __typename: 'SuppressionImport',
      requested: [{ state: 'REQUESTED', selectors: [{ type: 'gate' }, { type: 'finding' }] }],
      unmatched: [
        { line: 4, text: 'nonsense', why: 'UNREADABLE' },
        { line: 3, text: 'old/gone.js:github-pat:3', why: 'GONE' },
      ],
    });
    expect((await evaluate(app, build)).verdict).toBe('FAIL');
  });

  it('excuse the secret once approved, wherever it moves, and no other secret on its line', async () => {
    const build = await buildWith(gitleaks(token('B')));
    const answer = await importing(build, ignoreFile('storefront/pay.js:github-pat:7'));
    const [{ id }] = answer.requested as [{ id: string }];
    for (const who of ['approver', 'second-approver']) {
      const approved = await app.command(who, 'approve-waiver', {
        waiverId: id,
        note: 'Revoked last year',
        idempotencyKey: randomUUID(),
      });
      if (approved.state === 'ACTIVE') break;
    }
    expect((await evaluate(app, build)).verdict).toBe('PASS_WITH_WAIVERS');
    expect((await evaluate(app, await buildWith(gitleaks(token('B'), 19)))).verdict).toBe(
      'PASS_WITH_WAIVERS',
    );
    expect((await evaluate(app, await buildWith(gitleaks(token('C'))))).verdict).toBe('FAIL');
  });

  it('are asked for once under one key', async () => {
    const build = await buildWith(gitleaks(token('D')));
    const same = { ...ignoreFile('storefront/pay.js:github-pat:7'), idempotencyKey: randomUUID() };
    const until = { effectiveUntil: new Date(Date.now() + 86_400_000).toISOString() };
    const first = await importing(build, { ...same, ...until });
    expect(await importing(build, { ...same, ...until })).toEqual(first);
  });
});

describe('suppressions in a report', () => {
  it('become requests as well, and are no facts', async () => {
    const build = await buildWith(gitleaks(token('E'), 7, true));
    expect((await evaluate(app, build)).verdict).toBe('FAIL');
    expect((await importing(build)).requested).toHaveLength(1);
    expect((await importing(await buildWith(gitleaks(token('F'))))).requested).toEqual([]);
  });
});

it('refuses what is no baseline, what is not registered, and whoever may not ask', async () => {
  const build = await buildWith(gitleaks(token('G')));
  const baseline = { ignoreFile: { format: 'GITLEAKS_BASELINE', text: '{}' } };
  expect(await importing(build, baseline)).toMatchObject({
    __typename: 'InvalidInput',
    path: 'ignoreFile.text',
  });
  expect(await importing({ ...build, digest: someDigest() })).toMatchObject({
    __typename: 'ArtefactNotFound',
  });
});
