import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { PackTaker } from '../support/export.js';
import { evaluate, judgeableBuild } from '../support/shop.js';

jest.setTimeout(60_000);

const QUERY = readFileSync(
  join(import.meta.dirname, '../../graphql/operations/export-progress.graphql'),
  'utf8',
);

let app: TestApplication;
let packs: PackTaker;
let url: string;
const clients: Client[] = [];
beforeAll(async () => {
  app = await openTestApplication();
  packs = new PackTaker(app);
  await evaluate(app, await judgeableBuild(app));
  await app.integrate();
  url = `${(await app.api.getUrl()).replace(/^http/, 'ws')}/graphql`;
});
afterAll(async () => {
  for (const client of clients) await client.dispose();
  await app.close();
});

/** The client that the graphql-ws project ships, over a real socket. */
function connect(token: string | undefined): Client {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    ...(token !== undefined && { connectionParams: { authorization: `Bearer ${token}` } }),
  });
  clients.push(client);
  return client;
}

const watching = (client: Client, id: string): AsyncIterableIterator<Answer> =>
  client.iterate({ query: QUERY, variables: { id } });
const states = (told: readonly Answer[]): string[] => told.map(({ data }) => data.exportProgress?.state);

/** Connections of the API that listen, as the database sees them. */
const listeners = async (): Promise<number> => {
  const [{ count }] = await app.database.admin.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'assay api, listening'`,
  );
  return count;
};

describe('the progress of an export, over a WebSocket', () => {
  it('is told at once, as it goes on, and at its end; then the subscription completes', async () => {
    const { id } = await packs.ask();
    const client = connect(app.tokenFor('auditor'));
    const progress = watching(client, id);
    const first = await progress.next();
    expect(first.value.data.exportProgress).toMatchObject({
      ...{ id, state: 'REQUESTED', pack: null },
      viewerCan: [{ action: 'download', allowed: false }],
    });
    const told: Answer[] = [first.value];
    const rest = (async () => {
      for await (const event of progress) told.push(event);
    })();
    await app.makePacks();
    await rest; // that it ends is the assertion
    expect(states(told).at(-1)).toBe('DONE');
    const last = told.at(-1).data.exportProgress;
    expect(last).toMatchObject({ failure: null, viewerCan: [{ action: 'download', allowed: true }] });
    expect(last.pack).toMatchObject({ decisions: 1, digest: expect.stringMatching(/^sha256:/) });
    expect(last.progress.done).toBe(last.progress.total);
    // Each state once, in order: whoever looks twice is not told twice.
    expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(told.length);
    expect(await listeners()).toBe(1);
  });

  it('is heard, not only seen when looking from time to time', async () => {
    const { id } = await packs.ask({ gateId: 'GATE_RELEASE' });
    const progress = watching(connect(app.tokenFor('auditor')), id);
    await progress.next();
    // The row is written by hand, as the worker would: in one transaction with its notification.
    const [{ org }] = await app.database.admin.query('SELECT org_id AS org FROM assay.organisation LIMIT 1');
    const note = async (done: number): Promise<number> => {
      const began = performance.now();
      await app.database.admin.transaction(async (manager) => {
        await manager.query(
          `INSERT INTO assay.export_run (export_id, org_id, state, done, total, started_at, updated_at)
             VALUES ($1, $2, 'running', $3, 100, now(), now())
           ON CONFLICT (export_id) DO UPDATE SET done = $3`,
          [id, org, done],
        );
        await manager.query(`SELECT pg_notify('assay_progress', 'export:' || $1)`, [id]);
      });
      const event = await progress.next();
      expect(event.value.data.exportProgress).toMatchObject({ state: 'RUNNING', progress: { done } });
      return performance.now() - began;
    };
    const times: number[] = [];
    for (let done = 1; done <= 10; done += 1) times.push(await note(done));
    times.sort((a, b) => a - b);
    // Looking from time to time would take a second on average.
    expect(times[4]).toBeLessThan(1_000);
    await progress.return?.();
  });

  it('is resumed after a cut: the first answer is how it stands then', async () => {
    const { id } = await packs.ask({ from: '2026-01-01T00:00:00Z' });
    const before = connect(app.tokenFor('auditor'));
    const cut = watching(before, id);
    await cut.next();
    await before.dispose();
    await app.makePacks();
    const told: Answer[] = [];
    for await (const event of watching(connect(app.tokenFor('auditor')), id)) told.push(event);
    expect(states(told)).toEqual(['DONE']);
  });

  it('ends when it cannot be made, and says why', async () => {
    const { id } = await packs.ask({ to: '2027-01-01T00:00:00Z' });
    await app.database.admin.query(
      `INSERT INTO assay.export_run (export_id, org_id, state, done, total, started_at, updated_at, failure)
         SELECT export_id, org_id, 'failed', 0, 0, now(), now(), 'EXPORT_KEY_CHANGED'
           FROM assay.export WHERE export_id = $1`,
      [id],
    );
    const told: Answer[] = [];
    for await (const event of watching(connect(app.tokenFor('auditor')), id)) told.push(event);
    expect(told).toMatchObject([
      { data: { exportProgress: { state: 'FAILED', failure: 'EXPORT_KEY_CHANGED' } } },
    ]);
  });

  it('stops looking when the client goes away in the middle of a wait', async () => {
    const { id } = await packs.ask({ to: '2027-02-01T00:00:00Z' });
    const client = connect(app.tokenFor('auditor'));
    await watching(client, id).next();
    const looks = jest.spyOn(app.services.exportDesk, 'find');
    await client.dispose();
    await new Promise((resolve) => setTimeout(resolve, 500));
    looks.mockClear();
    await app.database.admin.query(`SELECT pg_notify('assay_progress', 'export:' || $1)`, [id]);
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // longer than it waits without news
    expect(looks).not.toHaveBeenCalled();
    looks.mockRestore();
  });
});

describe('who may watch', () => {
  const refused = async (client: Client, id: string): Promise<unknown> => {
    try {
      const event = await watching(client, id).next();
      return event.value;
    } catch (error) {
      return error;
    }
  };

  it('is whoever may ask the query: others are refused, and it is on record', async () => {
    const { id } = await packs.ask();
    const error = await refused(connect(app.tokenFor('developer')), id);
    expect(error).toMatchObject([
      {
        extensions: { code: 'FORBIDDEN' },
        path: ['exportProgress'],
        message: expect.stringMatching(/^export\.read: /),
      },
    ]);
    expect(JSON.stringify(error)).not.toContain('REQUESTED');
    const { nodes } = await app.ask('auditor', 'ledger', { filter: { kind: 'access.denied' } });
    expect(nodes.at(-1).facts.details.permission).toBe('export.read');
  });

  it.each([
    ['without a token', undefined],
    ['with a token that is none', 'nonsense'],
  ])('is nobody %s: the connection is refused before anything is asked', async (_, token) => {
    const answer = await refused(connect(token), '11111111-1111-4111-8111-111111111111');
    expect(JSON.stringify(answer ?? null)).not.toContain('exportProgress');
    expect(answer).toBeDefined();
  });

  it('is held to the limits of a query: what the database cannot hold is refused', async () => {
    const answer = await refused(connect(app.tokenFor('auditor')), 'x\u0000');
    expect(answer).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    expect(JSON.stringify(answer)).toContain('U+0000');
  });

  it('sees nothing of another organisation, nor of what is not there', async () => {
    const told: Answer[] = [];
    const id = '11111111-1111-4111-8111-111111111111';
    for await (const event of watching(connect(app.tokenFor('auditor')), id)) told.push(event);
    expect(told).toEqual([{ data: { exportProgress: null } }]);
  });

  it('is asked anew for each subscription: a token that has expired since is refused', async () => {
    const { id } = await packs.ask();
    const client = connect(app.tokenFor('auditor'));
    const first = watching(client, id);
    await first.next();
    app.clock.advance(2 * 24 * 3_600_000);
    expect(await refused(client, id)).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' }, message: expect.stringContaining('expired') },
    ]);
  });
});

describe('the socket', () => {
  it('takes no queries or mutations', async () => {
    const client = connect(app.tokenFor('auditor'));
    const answer = await client
      .iterate({ query: '{ viewer { displayName } }' })
      .next()
      .catch((error: unknown) => error);
    expect(JSON.stringify(answer)).not.toContain('displayName":');
    expect(answer).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  });

  it.each([
    ['no GraphQL', 'subscription {'],
    ['too deep', `subscription { exportProgress(id: "x") ${'{ pack '.repeat(30)} ${'}'.repeat(30)} }`],
    ['without its variable', 'subscription ($id: ID!) { exportProgress(id: $id) { id } }'],
  ])('says with a code, as over HTTP, that a subscription is %s', async (_, query) => {
    const client = connect(app.tokenFor('auditor'));
    const answer = await client
      .iterate({ query })
      .next()
      .catch((error: unknown) => error);
    expect(answer).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  });

  it('masks our own faults: the caller gets an id, the log has the rest under it', async () => {
    const { id } = await packs.ask();
    const broken = jest
      .spyOn(app.services.authentication, 'permits')
      .mockRejectedValue(new Error('password=hunter2'));
    const answer = await watching(connect(app.tokenFor('auditor')), id)
      .next()
      .catch((error: unknown) => error);
    broken.mockRestore();
    expect(answer).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(JSON.stringify(answer)).toMatch(/Internal error; the log has it under request [0-9a-f-]{36}/);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it('is closed when nobody says who they are', async () => {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    await once(socket, 'open');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1006); // cut, without a closing handshake
  });
});
