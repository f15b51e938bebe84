import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { narrowed, type Narrowing } from '../../src/access/narrowing.service.js';
import { ENTITIES } from '../../src/app/database/entities.js';
import { PgPrincipalRead } from '../../src/access/principal.read.pg.js';
import { ofAll, ofOne, ofOrganisations } from '../../src/app/database/on-behalf-of.js';
import { DATABASE_ROLES } from '../../src/app/database/roles.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { fillTable, mayWrite, refusal, type Given } from '../support/guarded-tables.js';
import { NARROWED } from '../support/narrowed-tables.js';

const ORG = randomUUID();
const TABLES = Object.keys(NARROWED);

/** One thing of each sort that lies in a project: rows of all tables name them. */
function inProject(letter: string, seq: number): Given {
  return {
    ...{ org_id: ORG, project_id: randomUUID(), seq: String(seq) },
    ...{ gate_id: `GATE_${letter}`, art_id: `ART_${letter}`, from_art_id: `ART_${letter}` },
    ...{ case_id: `CASE-${letter}`, run_id: randomUUID(), evidence_id: randomUUID(), scan_id: randomUUID() },
    ...{ waiver_id: randomUUID(), grant_id: randomUUID(), source_digest: `sha256:${letter}` },
  };
}
const OURS = inProject('A', 1);
const THEIRS = inProject('B', 2);
/** Of no project: what may lack one lacks it. */
const NOBODYS: Given = { org_id: ORG, waiver_id: randomUUID(), grant_id: randomUUID(), seq: '3' };
const THIRD = randomUUID();

const rowOf = (table: string, given: Given): Given =>
  table === 'assay.scan_source' ? { ...given, digest: given['source_digest'] ?? '' } : given;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(ENTITIES);
  for (const table of TABLES) {
    for (const given of ofOrganisation(table) ? [OURS] : [OURS, THEIRS])
      await fillTable(db, table, rowOf(table, given));
    if (MAY_BE_NOBODYS.includes(table)) await fillTable(db, table, NOBODYS);
  }
});
afterAll(() => db.drop());

/** Tables of which a row can be of the organisation as a whole, and what hangs on such rows. */
const MAY_BE_NOBODYS = [
  ...['assay.access_grant', 'assay.access_grant_revocation', 'assay.waiver', 'assay.waiver_approval'],
  ...['assay.waiver_refusal', 'assay.waiver_revocation', 'assay.waiver_escalation', 'assay.waiver_due'],
  ...['ledger.fact', 'ledger.body'],
];

/** It has one row. */
const ofOrganisation = (table: string): boolean => table === 'assay.organisation';

const asNarrowed = (to: Narrowing, on: EntityManager = db.service.manager): EntityManager =>
  narrowed(to, () => ofOne(on, ORG));
const projectOf = (given: Given): string => given['project_id'] ?? '';

/** How many rows of each table a manager's statements see. */
async function seen(manager: EntityManager): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const [row] = await manager.query<{ count: number }[]>(`SELECT count(*)::int FROM ${table}`);
    counts[table] = row?.count ?? -1;
  }
  return counts;
}

/** Of tables that are narrowed to `n` projects. */
const expected = (n: number): Record<string, number> =>
  Object.fromEntries(
    Object.entries(NARROWED).map(([table, how]) => {
      if (typeof how === 'object') return [table, 'whole' in how ? (ofOrganisation(table) ? 1 : 2) : 0];
      return [table, n + (MAY_BE_NOBODYS.includes(table) ? 1 : 0)];
    }),
  );

describe('the service, narrowed', () => {
  it('to one project sees its rows, those of the organisation as a whole, and no others', async () => {
    expect(await seen(asNarrowed([projectOf(OURS)]))).toEqual(expected(1));
    expect(await seen(asNarrowed([THIRD]))).toEqual(expected(0));
  });

  it('to one project sees of the two rows its own', async () => {
    for (const [table, how] of Object.entries(NARROWED)) {
      if (typeof how === 'object') continue;
      const tied = await tiesOf(table);
      const rows = await asNarrowed([projectOf(OURS)]).query<Record<string, unknown>[]>(
        `SELECT * FROM ${table}`,
      );
      const texts = rows.map((row) => tied.map((column) => String(row[column])));
      const ours = tied.map((column) => rowOf(table, OURS)[column]);
      expect([table, texts.filter((text) => text.join() === ours.join()).length]).toEqual([table, 1]);
    }
  });

  it('to several projects sees the rows of each', async () => {
    expect(await seen(asNarrowed([projectOf(OURS), THIRD].sort()))).toEqual(expected(1));
    expect(await seen(asNarrowed([projectOf(OURS), projectOf(THEIRS)].sort()))).toEqual(expected(2));
  });

  it('to no project at all sees none', async () => {
    expect(await seen(asNarrowed([]))).toEqual(expected(0));
  });

  it('by its role without being told to what sees nothing whatever', async () => {
    await db.service.transaction(async (on) => {
      await on.query(`SELECT set_config('role', $1, true), set_config('assay.org_id', $2, true)`, [
        DATABASE_ROLES.narrowed,
        ORG,
      ]);
      expect(Object.values(await seen(on)).filter((count) => count > 0)).toEqual([]);
    });
  });

  it('does not make anybody else narrower, before it or after it, on the same connections', async () => {
    const all = Object.fromEntries(
      TABLES.map((table) => [table, MAY_BE_NOBODYS.includes(table) ? 3 : ofOrganisation(table) ? 1 : 2]),
    );
    await db.service.transaction(async (on) => {
      expect(await seen(ofOne(on, ORG))).toEqual(all);
      expect(await seen(asNarrowed([projectOf(OURS)], on))).toEqual(expected(1));
      expect(await seen(ofOne(on, ORG))).toEqual(all);
      expect(await seen(asNarrowed([projectOf(THEIRS)], on))).toEqual(expected(1));
      expect(await seen(ofAll(on))).toEqual(all);
    });
  });

  it('cannot write a row of another project, nor change one there or into it', async () => {
    const outcomes: Record<string, string> = {};
    for (const table of TABLES) {
      const writes = await mayWrite(db, table);
      const on = (manager: EntityManager): EntityManager => asNarrowed([projectOf(OURS)], manager);
      const fresh = freshKeysOf(table);
      if (writes.inserts)
        outcomes[`${table} insert`] = await refusal(db.service, (manager) =>
          fillTable(db, table, { ...rowOf(table, THEIRS), ...fresh }, on(manager)),
        );
      if (writes.inserts && MAY_BE_NOBODYS.includes(table))
        outcomes[`${table} insert for all`] = await refusal(db.service, (manager) =>
          fillTable(db, table, { ...NOBODYS, ...fresh }, on(manager)),
        );
      if (writes.updates !== null)
        outcomes[`${table} update`] = await refusal(db.service, async (manager) => {
          const column = writes.updates ?? '';
          const ours = (await tiesOf(table)).map((name) => `${name} = '${rowOf(table, OURS)[name] ?? ''}'`);
          const others = ours.length > 0 ? `NOT (${ours.join(' AND ')})` : 'true';
          const [, changed] = await on(manager).query<[unknown, number]>(
            `UPDATE ${table} SET ${column} = ${column} WHERE ${others}`,
          );
          if (changed === 0) throw new Error('no row');
        });
    }
    const values = Object.values(outcomes);
    expect(values.filter((outcome) => outcome === '42501').length).toBeGreaterThan(50);
    expect(values.filter((outcome) => outcome === 'no row').length).toBeGreaterThan(5);
    expect(Object.entries(outcomes).filter(([, outcome]) => !['42501', 'no row'].includes(outcome))).toEqual(
      [],
    );
  });

  it('writes rows of its own project: so a refusal is not of everything', async () => {
    const outcomes: Record<string, string> = {};
    for (const [table, how] of Object.entries(NARROWED)) {
      if (typeof how === 'object' || !(await mayWrite(db, table)).inserts) continue;
      outcomes[table] = await refusal(db.service, async (manager) => {
        await fillTable(
          db,
          table,
          { ...rowOf(table, OURS), ...freshKeysOf(table) },
          asNarrowed([projectOf(OURS)], manager),
        );
      });
    }
    // Rows that are made up break constraints; those are looked at after the policies.
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome === '42501')).toEqual([]);
    expect(Object.keys(outcomes).length).toBeGreaterThan(30);
  });

  it('moves nothing of its own into another project', async () => {
    const move = (manager: EntityManager): Promise<unknown> =>
      asNarrowed([projectOf(OURS)], manager).query(
        `UPDATE assay.gate SET project_id = $1 WHERE gate_id = $2`,
        [projectOf(THEIRS), OURS['gate_id']],
      );
    expect(await refusal(db.service, move)).toBe('42501');
  });
});

describe('look-ups of one moment', () => {
  it('are answered to each caller for the projects that are theirs, whoever asked first', async () => {
    const read = ofOrganisations(db.service.manager, PgPrincipalRead, 'byClaims', 'organisationBySlug');
    const isNamed = (id: string): Promise<boolean> =>
      read.nameOf(ORG, id).then(
        () => true,
        () => false,
      );
    const [mine, theirs] = [projectOf(OURS), projectOf(THEIRS)];
    const callers: Narrowing[] = [[theirs], [mine], undefined, [mine, theirs].sort(), []];
    for (const order of [callers, callers.toReversed()]) {
      const shown = await Promise.all(
        order.map((to) => narrowed(to, () => Promise.all([mine, theirs].map((id) => isNamed(id))))),
      );
      const expected = order.map((to) => [mine, theirs].map((id) => to?.includes(id) ?? true));
      expect(shown).toEqual(expected);
    }
  });
});

/** Columns of a table that name what `OURS` has. */
async function tiesOf(table: string): Promise<string[]> {
  const columns: { name: string }[] = await db.admin.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  const given = rowOf(table, OURS);
  return columns.map(({ name }) => name).filter((name) => name !== 'org_id' && name in given);
}

/** Another key than the rows that are there have, where that alone would be refused: of a table's own id. */
function freshKeysOf(table: string): Given {
  const own = table.replace('assay.', '');
  if (own === 'waiver' || own === 'evidence' || own === 'scan') return { [`${own}_id`]: randomUUID() };
  if (own === 'gate_run') return { run_id: randomUUID() };
  if (own === 'access_grant') return { grant_id: randomUUID() };
  return {};
}
