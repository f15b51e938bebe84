import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../support/application.js';
import { someDigest } from '../support/shop.js';

// What PostgreSQL says when its disk is full, said by a trigger: `npm run chaos -- --disk-full` fills a real one.
const FULL = `
  CREATE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
  CREATE TRIGGER no_room BEFORE INSERT ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION public.no_room()`;
const ROOM = 'DROP TRIGGER no_room ON ledger.entry; DROP FUNCTION public.no_room()';

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
});
afterAll(() => app.close());

it('says in a typed way that the disk is full, and records the same request when there is room again', async () => {
  const register = (digest: string, idempotencyKey: string) =>
    app.graphql('service', 'register-artefact', {
      input: { artId: 'ART_SHOP', digest, project: 'shop', idempotencyKey },
    });
  const [known, fresh, key] = [someDigest(), someDigest(), randomUUID()];
  await register(known, randomUUID());
  await app.database.admin.query(FULL);
  try {
    const { data, errors } = await register(fresh, key);
    expect(data).toBeNull();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['STORAGE_LOW']);
    expect(errors?.[0]?.message).toContain('the same idempotency key');
    expect((await app.upload('{}', { artId: 'ART_SHOP', digest: known })).status).toBe(507);
  } finally {
    await app.database.admin.query(ROOM);
  }
  expect((await register(fresh, key)).errors).toBeUndefined();
});
