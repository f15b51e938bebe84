import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { someDigest } from '../support/shop.js';

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
});
afterAll(() => app.close());

it('says that it is busy when every connection is in use, and answers when one is free', async () => {
  const asked = () => app.post(app.tokenFor('auditor'), { query: '{ gates { gateId } }' });
  expect((await asked()).status).toBe(200); // whatever is looked up once is known
  const { database, config } = app.platform;
  const runners = Array.from({ length: config.databasePoolSize }, () =>
    database.manager.dataSource.createQueryRunner(),
  );
  await Promise.all(runners.map((runner) => runner.connect()));
  try {
    const upload = app.upload('{}', { artId: 'ART_SHOP', digest: someDigest() });
    const { status, text } = await asked();
    expect([status, JSON.parse(text).errors]).toEqual([
      503,
      [expect.objectContaining({ extensions: { code: 'BUSY' }, message: expect.stringContaining('again') })],
    ]);
    expect(await upload).toMatchObject({ status: 503, body: { message: expect.stringContaining('again') } });
  } finally {
    await Promise.all(runners.map((runner) => runner.release()));
  }
  expect((await asked()).status).toBe(200);
}, 60_000);
