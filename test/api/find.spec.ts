import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { evaluate, judgeableBuild, waiverFor, type Build } from '../support/shop.js';

let app: TestApplication;
let build: Build;
let decision: Answer;
let waiver: Answer;
beforeAll(async () => {
  app = await openTestApplication();
  build = await judgeableBuild(app);
  decision = await evaluate(app, build);
  waiver = await app.command('lead', 'request-waiver', waiverFor(app, build, 'no-secrets'));
}, 180_000);
afterAll(() => app.close());

const find = (text: string, by = 'auditor', first = 20): Promise<Answer> =>
  app.ask(by, 'find', { text, first });
const kinds = async (text: string, by?: string): Promise<string[]> => [
  ...new Set<string>((await find(text, by)).hits.map(({ kind }: Answer) => kind as string)),
];

describe('find', () => {
  it('knows things by their ids', async () => {
    expect(await find('GATE_RELEASE')).toMatchObject({
      hits: [{ kind: 'GATE', id: 'GATE_RELEASE', matched: 'ID' }],
    });
    expect((await find(build.artId)).hits[0]).toMatchObject({ kind: 'ARTEFACT', digest: build.digest });
    expect((await find(decision.id)).hits).toMatchObject([{ kind: 'DECISION', id: decision.id }]);
    expect((await find(waiver.id.toUpperCase())).hits).toMatchObject([{ kind: 'WAIVER', id: waiver.id }]);
    expect(await kinds('access')).toContain('POLICY');
    expect(await kinds('CHK_RELEASE')).toEqual(['CHECKLIST']);
  });

  it('knows a digest by its first eight digits, of whatever it is, and by no fewer', async () => {
    const hex = build.digest.slice('sha256:'.length);
    for (const text of [build.digest, hex.slice(0, 8), `sha256:${hex.slice(0, 12)}`])
      expect(await kinds(text)).toEqual(['ARTEFACT', 'DECISION']);
    expect((await find(hex.slice(0, 7))).hits).toEqual([]);
    const evidence =
      decision.evidence?.[0] ??
      (await app.ask('auditor', 'artefact', { digest: build.digest })).evidence[0].digest;
    expect(await kinds(evidence)).toContain('EVIDENCE');
  });

  it('knows a rule by its policies and waivers, and a component by what names it', async () => {
    expect(await kinds('no-secrets')).toEqual(['RULE', 'WAIVER']);
    const purl = 'pkg:npm/left-pad@1.3.0';
    const selectors = [{ rule: 'no-secrets' }, { component: purl }];
    const named = await app.command('lead', 'request-waiver', {
      ...waiverFor(app, build, 'no-secrets'),
      selectors,
    });
    expect((await find(purl)).hits).toMatchObject([{ kind: 'WAIVER', id: named.id, matched: 'COMPONENT' }]);
  });

  it('shows what the caller may read, and no more', async () => {
    expect(await kinds(decision.id, 'data-protection')).toEqual([]);
    expect(await kinds('GATE_RELEASE', 'data-protection')).toEqual([]);
  });

  it('is bounded, and says that there is more', async () => {
    const page = await find('no-secrets', 'auditor', 1);
    expect([page.hits.length, page.hasMore]).toEqual([1, true]);
    for (const text of ['ab', 'x'.repeat(501)])
      expect((await app.graphql('auditor', 'find', { text })).errors?.[0]?.extensions.code).toBe(
        'BAD_REQUEST',
      );
    for (const text of ["'; DROP TABLE assay.gate", '%%%%%%%%', '________'])
      expect((await find(text)).hits).toEqual([]);
  });
});
