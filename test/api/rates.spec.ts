import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request, { type Response } from 'supertest';
import { operationHash } from '../../src/api/persisted-operations.js';
import { composeServices, type Services } from '../../src/app/compose/services.js';
import { createApi } from '../../src/app/doors/open-api.io.js';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { someDigest } from '../support/shop.js';

const LIMIT = 20;
const VIEWER = readFileSync(join(import.meta.dirname, '../../graphql/operations/viewer.graphql'), 'utf8');

let app: TestApplication;
let replica: NestFastifyApplication;
let services: Services;
beforeAll(async () => {
  app = await openTestApplication({ ratePerson: LIMIT });
  services = composeServices(app.platform);
  replica = await createApi(app.platform, services);
  await replica.listen(0, '127.0.0.1');
}, 120_000);
afterAll(async () => {
  await replica.close();
  await services.close();
  await app.close();
});

const servers = (): Server[] => [app.server, replica.getHttpServer()];
const ask = (
  server: Server | undefined,
  subject: string,
  body: object = { query: VIEWER },
): Promise<Response> =>
  new Promise((resolve, reject) => {
    request(server ?? app.server)
      .post('/graphql')
      .set('authorization', `Bearer ${app.tokenFor(subject)}`)
      .send(body)
      .then(resolve, reject);
  });
const figures = (response: Response): Record<string, number> =>
  Object.fromEntries(
    [...String(response.headers['ratelimit']).matchAll(/;([a-z])=(\d+)/g)].map(([, name = '', figure]) => [
      name,
      Number(figure),
    ]),
  );

describe('a person', () => {
  it('is told how they stand with every answer', async () => {
    const [first, second] = [await ask(app.server, 'developer'), await ask(app.server, 'developer')];
    expect(first.headers['ratelimit-policy']).toBe(`"person";q=${String(LIMIT)};w=60`);
    expect(figures(first)['r']).toBe(LIMIT - 1);
    expect(figures(second)['r']).toBeLessThanOrEqual(LIMIT - 1);
    expect(figures(second)['t']).toBeLessThanOrEqual(60);
  });

  it('gets as many answers as the limit over all replicas together, and then a refusal with a time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 3 * LIMIT }, (_, i) => ask(servers()[i % 2], 'officer')),
    );
    const refused = answers.filter(({ status }) => status === 429);
    const answered = answers.filter(({ status }) => status === 200);
    // A turn of the minute in between lets a few more by, as the minute before fades: never as many again.
    expect(answered.length).toBeGreaterThanOrEqual(LIMIT);
    expect(answered.length).toBeLessThan(LIMIT + LIMIT / 2);
    expect(answered.length + refused.length).toBe(3 * LIMIT);
    for (const { headers, text } of refused) {
      const [error] = JSON.parse(text).errors;
      const seconds = Number(headers['retry-after']);
      expect(seconds).toBeGreaterThan(0);
      expect(error.extensions).toEqual({ code: 'RATE_LIMITED', limit: LIMIT, retryAfterSeconds: seconds });
      expect(headers['ratelimit']).toBe(`"person";r=0;t=${String(seconds)}`);
    }
  });

  it('is refused at every door, and others are not', async () => {
    const upload = await app.upload('{}', { artId: 'ART_X', digest: someDigest() }, { subject: 'officer' });
    expect(upload.status).toBe(429);
    expect(Number(upload.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(app.server, 'auditor')).status).toBe(200);
    await request(app.server).get('/health/live').expect(200);
  });
});

describe('a service', () => {
  it('may ask as often as its grant says', async () => {
    const subject = 'slow-pipeline';
    const added = await app.command('admin', 'add-principal', {
      ...{ subject, kind: 'SERVICE', displayName: 'Slow', reason: 'r' },
    });
    await app.command('admin', 'give-grant', {
      ...{ principalId: added.id, role: 'service', requestsPerMinute: 3, reason: 'r' },
    });
    const statuses = [];
    for (let asked = 0; asked < 5; asked++) statuses.push(await ask(servers()[asked % 2], subject));
    expect(statuses[0]?.headers['ratelimit-policy']).toBe('"grant";q=3;w=60');
    expect(statuses.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(4);
    expect(statuses.at(-1)?.status).toBe(429);
  });

  it('without such a grant has the limit of its class, which is counted in blocks', async () => {
    const { headers } = await ask(app.server, 'service');
    expect(headers['ratelimit-policy']).toBe('"service";q=1000000;w=60');
    const [row]: { used: string }[] = await app.database.admin.query(
      `SELECT used FROM assay.rate_window w JOIN assay.principal p USING (principal_id) WHERE p.subject = 'service'`,
    );
    expect(Number(row?.used)).toBe(5_000);
  });
});

describe('a query', () => {
  const query = '{ gates { gateId checklist { policies { policyId } } } }';

  it('is told what it could have cost, and what it may', async () => {
    const { body } = await ask(app.server, 'auditor', { query });
    expect(body.extensions).toEqual({ cost: { query: expect.any(Number), limit: 50_000 } });
    const cheap = await ask(app.server, 'auditor', { query: '{ viewer { kind } }' });
    expect(cheap.body.extensions.cost.query).toBeLessThan(body.extensions.cost.query);
  });

  it('that could cost too much is told so before it is executed', async () => {
    const costly =
      '{ waivers(first: 200) { nodes { id approvals { at } selectors { type } viewerCan { action } } } }';
    const { body } = await ask(app.server, 'auditor', { query: costly.replace('200', '5000') });
    const [error] = body.errors;
    expect(error.extensions).toMatchObject({ code: 'BAD_REQUEST', cost: { limit: 50_000 } });
    expect(error.extensions.cost.query).toBeGreaterThan(50_000);
  });
});

describe('a persisted operation', () => {
  const byHash = (sha256Hash: string): object => ({
    extensions: { persistedQuery: { version: 1, sha256Hash } },
  });

  it('is asked for by the hash of its text', async () => {
    const { body } = await ask(app.server, 'approver', byHash(operationHash(VIEWER)));
    expect(body.data.viewer.roles).toEqual(['approver']);
  });

  it('that nobody wrote is not found', async () => {
    const { body } = await ask(app.server, 'approver', byHash('0'.repeat(64)));
    expect(body.errors[0]).toMatchObject({
      ...{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    });
  });

  it('is all that is answered where that is configured', async () => {
    const platform = { ...app.platform, config: { ...app.platform.config, onlyPersisted: true } };
    const strict = composeServices(platform);
    const api = await createApi(platform, strict);
    try {
      await api.listen(0, '127.0.0.1');
      const server = api.getHttpServer();
      const code = async (body: object): Promise<unknown> =>
        (await ask(server, 'second-approver', body)).body.errors?.[0].extensions.code;
      expect(await code({ query: VIEWER })).toBeUndefined();
      expect(await code(byHash(operationHash(VIEWER)))).toBeUndefined();
      expect(await code({ query: '{ viewer { kind } }' })).toBe('PERSISTED_QUERY_NOT_FOUND');
      expect(await code({ query: `${VIEWER} # ${randomUUID()}` })).toBe('PERSISTED_QUERY_NOT_FOUND');
    } finally {
      await api.close();
      await strict.close();
    }
  });
});
