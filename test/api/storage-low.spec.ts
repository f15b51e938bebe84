import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { someDigest } from '../support/shop.js';

let app: TestApplication;
let before: number;
beforeAll(async () => {
  app = await openTestApplication({ minFreeDiskBytes: 2 ** 49 }); // no disk of a test has as much
  before = await entries();
});
afterAll(() => app.close());

async function entries(): Promise<number> {
  const [row] = await app.database.admin.query<{ n: string }[]>('SELECT count(*) AS n FROM ledger.entry');
  return Number(row?.n);
}

it('refuses a mutation in a typed way, and nothing of it begins', async () => {
  const input = { artId: 'ART_SHOP', digest: someDigest(), project: 'shop', idempotencyKey: randomUUID() };
  const { data, errors } = await app.graphql('service', 'register-artefact', { input });
  expect(data).toBeNull();
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['STORAGE_LOW']);
  expect(errors?.[0]?.message).toContain('ASSAY_MIN_FREE_DISK_BYTES');
  expect(await entries()).toBe(before);
});

it('refuses an upload with 507', async () => {
  const answer = await app.upload('{}', { artId: 'ART_SHOP', digest: someDigest() });
  expect(answer.status).toBe(507);
  expect(await entries()).toBe(before);
});

it('still answers questions, and still tells who may not ask', async () => {
  expect(await app.ask('auditor', 'ledger', { first: 1 })).toMatchObject({ totalCount: before });
  const input = { artId: 'ART_SHOP', digest: someDigest(), project: 'shop', idempotencyKey: randomUUID() };
  const { errors } = await app.graphql('auditor', 'register-artefact', { input });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
});
