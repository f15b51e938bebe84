import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { registerBuild, waiverFor } from '../support/shop.js';

const WAIVERS = 7;
let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
  const build = await registerBuild(app);
  for (let asked = 0; asked < WAIVERS; asked++) {
    await app.command('lead', 'request-waiver', waiverFor(app, build, `rule-${String(asked)}`));
    if (asked % 2 === 0) app.clock.advance(MINUTE_MS); // some in the same instant
  }
});
afterAll(() => app.close());

/** Every page of a list, in order. */
async function pagesOf(operation: string, first: number): Promise<Answer[]> {
  const pages = [];
  for (let after: string | null = null; ;) {
    const page: Answer = await app.ask('auditor', operation, { first, after });
    pages.push(page);
    if (!page.pageInfo.hasNextPage) return pages;
    after = page.pageInfo.endCursor;
  }
}

describe.each([
  ['ledger', ({ seq }: Answer): Answer => seq],
  ['waivers', ({ id }: Answer): Answer => id],
])('the list %s', (operation, idOf) => {
  it('comes in pages that together are all of it, once, in one order', async () => {
    const whole = await app.ask('auditor', operation, { first: 200 });
    const pages = await pagesOf(operation, 3);
    const ids = pages.flatMap(({ nodes }) => nodes.map(idOf));
    expect(ids).toEqual(whole.nodes.map(idOf));
    expect(new Set(ids).size).toBe(whole.totalCount);
    expect(new Set(pages.map(({ totalCount }) => totalCount))).toEqual(new Set([whole.totalCount]));
    expect(pages.slice(0, -1).every(({ nodes }) => nodes.length === 3)).toBe(true);
  });

  it('gives nothing for 0 or less, and still says how many there are', async () => {
    for (const first of [0, -5]) {
      const page = await app.ask('auditor', operation, { first });
      expect([page.nodes, page.pageInfo.endCursor]).toEqual([[], null]);
      expect(page.totalCount).toBeGreaterThan(0);
    }
  });

  it('gives a page of 200 with all that its screen shows, and refuses what would cost more', async () => {
    await app.ask('auditor', operation, { first: 200 });
    const { errors } = await app.graphql('auditor', operation, { first: 10_000 });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_REQUEST']);
    expect(errors?.[0]?.message).toMatch(/could cost \d+, more than the 50000 allowed/);
  });

  it.each([
    'x',
    '-1',
    '1e3',
    '99999999999999999999',
    '',
    Buffer.from(`1 ${'-'.repeat(36)}`).toString('base64url'),
  ])('takes no cursor that it did not give: %j', async (after) => {
    const { data, errors } = await app.graphql('auditor', operation, { after });
    expect([data, errors?.map(({ extensions }) => extensions.code)]).toEqual([null, ['BAD_REQUEST']]);
  });

  it('ends after its last page', async () => {
    const last = (await pagesOf(operation, 3)).at(-1);
    expect(await app.ask('auditor', operation, { after: last.pageInfo.endCursor })).toMatchObject({
      nodes: [],
      pageInfo: { hasNextPage: false },
    });
  });
});

describe('the ledger', () => {
  it('gives no more than 200 entries at once', async () => {
    const denied = { query: '{ gates { gateId } }' };
    const token = app.tokenFor('data-protection');
    await Promise.all(Array.from({ length: 200 }, () => app.post(token, denied)));
    const query = '{ ledger(first: 1000) { totalCount nodes { seq } pageInfo { hasNextPage } } }';
    const { ledger } = JSON.parse((await app.post(app.tokenFor('auditor'), { query })).text).data;
    expect(ledger.totalCount).toBeGreaterThan(200);
    expect([ledger.nodes.length, ledger.pageInfo.hasNextPage]).toEqual([200, true]);
  });

  it('notes a denial once in a request, however often the field is asked for', async () => {
    const denials = async (): Promise<number> =>
      (await app.ask('auditor', 'ledger', { filter: { kind: 'access.denied' } })).totalCount;
    const before = await denials();
    const many = Array.from({ length: 70 }, (_, i) => `a${String(i)}: gates { gateId }`).join(' ');
    await app.post(app.tokenFor('data-protection'), { query: `{ ${many} }` });
    expect(await denials()).toBe(before + 1);
  });

  it('is filtered by kind, and a kind that does not exist is refused with those that do', async () => {
    const { totalCount, nodes } = await app.ask('auditor', 'ledger', {
      filter: { kind: 'waiver.requested' },
    });
    expect([totalCount, nodes.length]).toEqual([WAIVERS, WAIVERS]);
    const { errors } = await app.graphql('auditor', 'ledger', { filter: { kind: 'made.up' } });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_REQUEST' }, message: expect.stringContaining('waiver.requested') },
    ]);
  });
});

describe('an artefact', () => {
  it('is found by a prefix of its digest of at least 8 digits, and by no shorter one', async () => {
    const { digest } = await registerBuild(app);
    const hex = digest.slice('sha256:'.length);
    for (const given of [digest, digest.slice(0, 'sha256:'.length + 8), hex.slice(0, 8)])
      expect(await app.ask('auditor', 'artefact', { digest: given })).toMatchObject({ digest });
    for (const given of [hex.slice(0, 7), '', 'sha256:', '%', '________'])
      expect(await app.ask('auditor', 'artefact', { digest: given })).toBeNull();
  });
});
