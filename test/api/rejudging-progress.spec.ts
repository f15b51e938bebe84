import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { MINUTE_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { CLEAN, evaluate, registerBuild, uploadAll } from '../support/shop.js';

const QUERY = readFileSync(
  join(import.meta.dirname, '../../graphql/operations/rejudging-progress.graphql'),
  'utf8',
);

let app: TestApplication;
let client: Client;
beforeAll(async () => {
  app = await openTestApplication();
  client = createClient({
    url: `${(await app.api.getUrl()).replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${app.tokenFor('auditor')}` },
  });
}, 120_000);
afterAll(async () => {
  await client.dispose();
  await app.close();
});

it('whoever watches sees what became stale, each decision judged again, and the end', async () => {
  const builds = [await registerBuild(app), await registerBuild(app), await registerBuild(app)];
  for (const build of builds) await uploadAll(app, build, Object.values(CLEAN));
  await app.normalise();
  for (const build of builds) await evaluate(app, build);
  await app.services.staleMarker.follow();
  app.clock.advance(MINUTE_MS);
  // A gate that is defined anew touches all that it ever judged.
  const [gate] = await app.ask('auditor', 'gates');
  const { chkId, version } = gate;
  expect(
    await app.command('officer', 'define-gate', {
      ...{ gateId: 'GATE_RELEASE', project: 'shop', title: 'Release', locus: 'RELEASE', chkId },
      ...{ ownerRole: 'SEC', maxRunMs: 50_000, expectedVersion: version },
      severityRules: [{ severity: 'LOW', effect: 'BLOCK' }],
    }),
  ).toMatchObject({ __typename: 'Gate' });
  const [entry] = await app.database.admin.query<{ seq: string }[]>(
    `SELECT max(seq) AS seq FROM ledger.fact WHERE kind = 'gate.defined'`,
  );
  const causeSeq = Number(entry?.seq);
  const told = client.iterate({ query: QUERY, variables: { causeSeq } }) as AsyncIterableIterator<Answer>;
  const next = async (): Promise<Answer> => (await told.next()).value?.data.rejudgingProgress;
  // Nobody has looked at the entry yet: that nothing is stale is no end.
  expect(await next()).toMatchObject({ done: 0, total: 0, unchecked: 0 });
  await app.services.staleMarker.follow();
  expect(await next()).toMatchObject({ done: 0, total: 3, unchecked: 0, etaMs: null });
  const seen: number[] = [];
  for (const { job } of await app.services.rejudger.waiting(10)) {
    await app.services.rejudger.rejudge(job);
    await app.services.staleMarker.follow();
    seen.push((await next()).done as number);
  }
  expect(seen).toEqual([1, 2, 3]);
  expect((await told.next()).done).toBe(true);
}, 60_000);
