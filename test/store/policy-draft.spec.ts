import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { ENTITIES } from '../../src/app/database/entities.js';
import { transactions } from '../../src/app/database/transaction.js';
import type { Actor } from '../../src/kernel/actor.js';
import { PgLedger } from '../../src/ledger/ledger.store.pg.js';
import { DraftContents } from '../../src/policy/draft/contents.service.js';
import { PgDraftRead } from '../../src/policy/draft/draft.read.pg.js';
import { DraftService } from '../../src/policy/draft/draft.service.js';
import { PgDraftStore } from '../../src/policy/draft/draft.store.pg.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aKey, someLedgerKeys } from '../support/ledger.js';
import { MemoryBlobStore } from '../support/memory-blobs.js';
import { ofOrganisations } from '../../src/app/database/on-behalf-of.js';

let database: TestDatabase;
let drafts: DraftService;
let read: PgDraftRead;
const orgId = randomUUID();
const officer = (): Actor => ({ orgId, principalId: randomUUID(), kind: 'person', roles: ['officer'] });
const someone = officer();
let policyId: string;

beforeAll(async () => {
  database = await createTestDatabase(ENTITIES);
  await database.admin.query(
    `INSERT INTO assay.organisation (org_id, slug, name, time_zone, locale, created_at, entry_key)
     VALUES ($1, 'drafts', 'Drafts', 'UTC', 'en', now(), $2)`,
    [orgId, aKey()],
  );
  const keys = someLedgerKeys();
  read = ofOrganisations(database.service.manager, PgDraftRead);
  drafts = new DraftService(
    transactions(database.service, (on) => ({
      drafts: ofOrganisations(on, PgDraftStore),
      ledger: new PgLedger(on, keys),
    })),
    read,
    new DraftContents(new MemoryBlobStore()),
    { now: () => Date.parse('2026-11-21T09:00:00Z') },
  );
});
afterAll(() => database.drop());
beforeEach(() => {
  policyId = `p-${randomBytes(4).toString('hex')}`;
});

const save = (expectedVersion: number, text: string, by = someone, key: string = randomUUID()) =>
  drafts.save(
    { policyId, expectedVersion, files: [{ path: 'policy.yaml', text }], context: {}, idempotencyKey: key },
    by,
  );
const entries = async (): Promise<number> => {
  const [row] = await database.admin.query(`SELECT count(*)::int AS count FROM ledger.entry`);
  return row.count as number;
};

describe('saving', () => {
  it('lets one of two win that save at once, and shows the other both sides', async () => {
    await save(0, 'base');
    const both = await Promise.all([save(1, 'one', officer()), save(1, 'two', officer())]);
    const won = both.filter(({ ok }) => ok);
    expect(won).toHaveLength(1);
    const lost = both.find(({ ok }) => !ok);
    expect(lost).toMatchObject({
      problem: {
        kind: 'PolicyDraftStale',
        expectedVersion: 1,
        currentVersion: 2,
        files: [{ path: 'policy.yaml', changedBy: 'both', base: 'base' }],
      },
    });
    expect((await read.revisions(orgId, policyId)).map(({ revision }) => revision)).toEqual([2, 1]);
  });

  it('begins one draft when two begin it at once', async () => {
    const both = await Promise.all([save(0, 'one', officer()), save(0, 'two', officer())]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await read.revisions(orgId, policyId)).toHaveLength(1);
  });

  it('does once what is asked five times in parallel with one key, and records it once', async () => {
    const before = await entries();
    const key = randomUUID();
    const all = await Promise.all(Array.from({ length: 5 }, () => save(0, 'same', someone, key)));
    for (const saved of all) expect(saved).toMatchObject({ ok: true, value: { revision: { revision: 1 } } });
    expect(await read.revisions(orgId, policyId)).toHaveLength(1);
    expect((await entries()) - before).toBe(1);
  });

  it('answers a repeated save with what it saved, also when somebody saved since', async () => {
    const key = randomUUID();
    await save(0, 'mine', someone, key);
    await save(1, 'theirs', officer());
    expect(await save(0, 'mine', someone, key)).toMatchObject({
      ok: true,
      value: { revision: { revision: 1 }, latest: 2 },
    });
    expect(await save(0, 'other', someone, key)).toMatchObject({ problem: { kind: 'IdempotencyConflict' } });
  });

  it('makes nobody an author who saves what is there already', async () => {
    await save(0, 'text');
    const again = await save(1, 'text', officer());
    expect(again).toMatchObject({ ok: true, value: { authorIds: [someone.principalId] } });
  });

  it('holds up when more save at once than there are connections', async () => {
    await save(0, 'base');
    const many = await Promise.all(
      Array.from({ length: 24 }, (_, index) => save(1, `text ${String(index)}`, officer())),
    );
    expect(many.filter(({ ok }) => ok)).toHaveLength(1);
  });
});
