import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { registerBuild, type Build } from '../support/shop.js';

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
  await app.command('developer', 'save-work-item', {
    ...{ caseId: 'S-1', expectedVersion: 0, project: 'shop', kind: 'STORY', title: 'A shop' },
  });
}, 120_000);
afterAll(() => app.close());

describe('acceptance criteria', () => {
  it('have ids, words, and links to tests that can be changed', async () => {
    const state = (more: object) =>
      app.command('developer', 'state-criterion', {
        ...{ caseId: 'S-1', criterionId: 'AC-1', expectedVersion: 0, text: 'The total is shown', ...more },
      });
    expect(await state({ testIds: ['b.spec > shows', 'a.spec > adds', 'a.spec > adds'] })).toMatchObject({
      ...{ version: 1, testIds: ['a.spec > adds', 'b.spec > shows'], text: 'The total is shown' },
    });
    expect(await state({})).toMatchObject({
      ...{ __typename: 'CriterionStale', theirs: { version: 1 }, yours: { testIds: [] } },
    });
    expect(await state({ expectedVersion: 1, testIds: ['c'] })).toMatchObject({ version: 2 });
    expect(await state({ criterionId: 'AC 2' })).toMatchObject({ path: 'input.criterionId' });
    expect(await state({ criterionId: 'AC-2', testIds: ['ü'] })).toMatchObject({ path: 'input.testIds.0' });
    const { criteria } = await app.ask('auditor', 'work-item', { caseId: 'S-1' });
    expect(criteria).toMatchObject([{ criterionId: 'AC-1', version: 2, testIds: ['c'] }]);
    await state({ expectedVersion: 2, withdrawn: true });
    expect((await app.ask('auditor', 'work-item', { caseId: 'S-1' })).criteria).toEqual([]);
  });
});

describe('relations between artefact versions', () => {
  it('are read from both sides, and never close a cycle', async () => {
    const [a, b, c] = [await registerBuild(app), await registerBuild(app), await registerBuild(app)];
    const relate = (from: Build, relation: string, to: Build) =>
      app.command('service', 'relate-artefacts', { from, relation, to });
    expect(await relate(b, 'DERIVED_FROM', a)).toMatchObject({ __typename: 'ArtefactRelation' });
    expect(await relate(c, 'SHARD_OF', b)).toMatchObject({ relation: 'SHARD_OF' });
    expect(await relate(a, 'SUPERSEDES', c)).toMatchObject({ code: 'RELATION_CYCLE' });
    expect(await relate(a, 'SUPERSEDES', a)).toMatchObject({ code: 'RELATION_CYCLE' });
    const stranger = { ...a, digest: `sha256:${'0'.repeat(64)}` };
    expect(await relate(a, 'SUPERSEDES', stranger)).toMatchObject({ code: 'ARTEFACT_NOT_FOUND' });
    const { relations } = await app.ask('auditor', 'artefact-relations', { digest: b.digest });
    expect(relations).toEqual([
      { from: b, relation: 'DERIVED_FROM', to: a },
      { from: c, relation: 'SHARD_OF', to: b },
    ]);
  });
});
