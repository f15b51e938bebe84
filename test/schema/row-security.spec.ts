import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { PgOrganisationStore } from '../../src/access/organisation.store.pg.js';
import { PgPrincipalRead } from '../../src/access/principal.read.pg.js';
import { ENTITIES } from '../../src/app/database/entities.js';
import { ofAll, ofOne, ofOrganisations } from '../../src/app/database/on-behalf-of.js';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { fillTable, mayWrite, refusal, tablesOf, type Guarded } from '../support/guarded-tables.js';
import { NARROWED, policyOf } from '../support/narrowed-tables.js';

/** Tables with `org_id` that row-level security does not guard, and why. A new table is guarded or explained. */
const UNGUARDED: Readonly<Record<string, string>> = {
  'ledger.dispatch':
    'number, organisation and kind of entries that are to be worked on: the dispatcher goes over all, and nobody else reads it',
  'ledger.reader': 'which login sees which organisation: no role of ours may read it but the auditor',
};

const TOLD = `(org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)`;
const POLICIES = [
  'PERMISSIVE SELECT {assay_auditor} true ',
  'PERMISSIVE ALL {assay_across} true true',
  `PERMISSIVE ALL {public} ${TOLD} ${TOLD}`,
];

let db: TestDatabase;
let tables: readonly Guarded[];
const guarded = (): readonly string[] => tables.flatMap(({ name }) => (name in UNGUARDED ? [] : [name]));
const [OURS, THEIRS] = [randomUUID(), randomUUID()];

beforeAll(async () => {
  db = await createTestDatabase(ENTITIES);
  tables = await tablesOf(db.admin.manager);
  for (const table of guarded())
    for (const org of [OURS, THEIRS]) await fillTable(db, table, { org_id: org });
});
afterAll(() => db.drop());

/** How many rows of each table a manager's statements see. */
async function seen(manager: EntityManager): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of guarded()) {
    const [row] = await manager.query<{ count: number }[]>(`SELECT count(org_id)::int FROM ${table}`);
    counts[table] = row?.count ?? -1;
  }
  return counts;
}

const eachTable = (count: number): Record<string, number> =>
  Object.fromEntries(guarded().map((table) => [table, count]));

describe('every table with org_id', () => {
  it('is guarded, with these policies and no other, or is excused by name', () => {
    expect(tables.length).toBeGreaterThan(60);
    const unguarded = tables.filter(({ secured }) => !secured).map(({ name }) => name);
    expect(unguarded).toEqual(Object.keys(UNGUARDED).sort());
    for (const { name, secured, policies } of tables)
      if (secured) expect([name, policies]).toEqual([name, [...POLICIES, policyOf(name)]]);
  });

  it('is narrowed to projects in a way that is stated, and says why where it is not', () => {
    expect(guarded()).toEqual(Object.keys(NARROWED).sort());
  });

  it('is found without it, when somebody plants one', async () => {
    const runner = db.admin.createQueryRunner();
    await runner.startTransaction();
    await runner.query('CREATE TABLE assay.planted (org_id uuid NOT NULL)');
    const planted = (await tablesOf(runner.manager)).find(({ name }) => name === 'assay.planted');
    await runner.rollbackTransaction();
    await runner.release();
    expect(planted).toEqual({ name: 'assay.planted', secured: false, policies: [] });
  });
});

describe('the service', () => {
  it('sees nothing when no organisation was told', async () => {
    expect(await seen(db.service.manager)).toEqual(eachTable(0));
  });

  it('sees nothing of others when it was told an organisation', async () => {
    expect(await seen(ofOne(db.service.manager, randomUUID()))).toEqual(eachTable(0));
    expect(await seen(ofOne(db.service.manager, OURS))).toEqual(eachTable(1));
  });

  it('sees nothing again afterwards, on the same connections', async () => {
    await Promise.all(Array.from({ length: 16 }, () => seen(ofOne(db.service.manager, OURS))));
    await Promise.all(Array.from({ length: 16 }, () => seen(ofAll(db.service.manager))));
    const after = await Promise.all(Array.from({ length: 16 }, () => seen(db.service.manager)));
    expect(after).toEqual(Array.from({ length: 16 }, () => eachTable(0)));
  });

  it('sees all for all organisations, in its role for that alone', async () => {
    expect(await seen(ofAll(db.service.manager))).toEqual(eachTable(2));
  });

  it('cannot write a row of another organisation, nor change one into theirs', async () => {
    const outcomes: Record<string, string> = {};
    for (const table of guarded()) {
      const writes = await mayWrite(db, table);
      if (writes.inserts)
        outcomes[`${table} insert`] = await refusal(db.service, (on) =>
          fillTable(db, table, { org_id: THEIRS }, ofOne(on, OURS)),
        );
      if (writes.updates !== null)
        outcomes[`${table} update`] = await refusal(db.service, async (on) => {
          const [, changed] = await ofOne(on, OURS).query<[unknown, number]>(
            `UPDATE ${table} SET ${writes.updates} = ${writes.updates} WHERE org_id = $1`,
            [THEIRS],
          );
          if (changed === 0) throw new Error('no row');
        });
    }
    const values = Object.values(outcomes);
    expect(values.filter((outcome) => outcome === '42501').length).toBeGreaterThan(50);
    expect(values.filter((outcome) => outcome === 'no row').length).toBeGreaterThan(8);
    expect(Object.entries(outcomes).filter(([, outcome]) => !['42501', 'no row'].includes(outcome))).toEqual(
      [],
    );
  });
});

describe('within one transaction', () => {
  it('each statement has the organisation of its call, whichever was told before', async () => {
    await db.service.transaction(async (on) => {
      const read = ofOrganisations(on, PgPrincipalRead, 'byClaims', 'organisationBySlug');
      const [mine, theirs, nobodys] = await Promise.all(
        [OURS, THEIRS, randomUUID()].map((org) => read.projects(org)),
      );
      expect([mine?.length, theirs?.length, nobodys?.length]).toEqual([1, 1, 0]);
      expect([mine?.[0]?.orgId, theirs?.[0]?.orgId]).toEqual([OURS, THEIRS]);
    });
  });

  it('what acts for all does not lend that to what acts for one after it', async () => {
    await db.service.transaction(async (on) => {
      expect(await seen(ofAll(on))).toEqual(eachTable(2));
      expect(await seen(ofOne(on, OURS))).toEqual(eachTable(1));
    });
  });

  it('a refused telling refuses the statement, and the connection goes on', async () => {
    const runner = db.service.createQueryRunner();
    const told = ofOne(runner.manager, OURS);
    await runner.startTransaction();
    await expect(runner.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await expect(told.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await runner.rollbackTransaction();
    expect(await told.query('SELECT count(*)::int AS n FROM assay.project')).toEqual([{ n: 1 }]);
    await runner.release();
  });
});

describe('auditors', () => {
  it('read every organisation, as they did', async () => {
    await db.admin.transaction(async (on) => {
      await on.query(`SET LOCAL ROLE ${DATABASE_ROLES.auditor}`);
      expect(await seen(on)).toEqual(eachTable(2));
    });
  });
});

describe('a store', () => {
  it('whose call names no organisation does not reach the database', () => {
    const read = ofOrganisations(db.service.manager, PgPrincipalRead, 'byClaims', 'organisationBySlug');
    expect(() => read.projects('')).toThrow('projects: no organisation is named');
    expect(() => read.projects(undefined as unknown as string)).toThrow('no organisation is named');
  });

  it('writes for the organisation of its call; what an ORM sends by itself, with none told, is refused', async () => {
    const project = { projectId: randomUUID(), orgId: OURS, slug: 'kept', name: 'Kept' };
    const made = { at: Date.now(), entryKey: Buffer.alloc(16, 7) };
    await db.service.transaction((on) => ofOrganisations(on, PgOrganisationStore).addProject(project, made));
    const kept = await db.admin.query('SELECT org_id AS "orgId" FROM assay.project WHERE slug = $1', [
      'kept',
    ]);
    expect(kept).toEqual([{ orgId: OURS }]);
    const untold = new PgOrganisationStore(db.service.manager);
    const other = { ...project, projectId: randomUUID(), slug: 'other' };
    await expect(untold.addProject(other, { ...made, entryKey: Buffer.alloc(16, 8) })).rejects.toMatchObject({
      code: '42501',
    });
  });
});
