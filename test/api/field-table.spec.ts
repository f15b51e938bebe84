import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ModulesContainer } from '@nestjs/core';
import { buildClientSchema, getIntrospectionQuery, type GraphQLSchema } from 'graphql';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DEMO_SETUP } from '../../src/app/seed/demo.js';
import { applySetup } from '../../src/app/setup/apply-setup.js';
import { composeServices } from '../../src/app/compose/services.js';
import { PERMISSION_KEY, PLACE_KEY } from '../../src/api/requires.js';
import { ACCESS_ROLES } from '../../src/kernel/actor.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { expectFile } from '../support/expect-file.js';
import { namingsOf, selectionOf, type Naming } from '../support/full-query.js';
import { rootFields, sampleQuery, type RootField } from '../support/sample-query.js';
import { subscribed } from '../support/subscribed.js';
import { tellEverything } from '../support/whole-story.js';

jest.setTimeout(600_000);
const TABLE = join(import.meta.dirname, '../golden/access/fields.txt');
const ROOTS = ['Query', 'Mutation', 'Subscription'];
/** Proofs are of a tree that was signed; what comes of them is not about who asks. */
const SAMPLES_FAIL = new Set(['inclusionProof', 'consistencyProof']);

let app: TestApplication;
let schema: GraphQLSchema;
beforeAll(async () => {
  app = await openTestApplication();
  const services = composeServices({
    ...app.platform,
    config: { ...app.platform.config, opaPath: process.env['ASSAY_TEST_OPA'] },
  });
  const { root, jwtIssuer: issuer } = app.platform.config;
  const rival = { ...DEMO_SETUP.organisation, slug: 'rival', name: 'Rival' };
  const spy = { subject: 'spy', displayName: 'Spy', kind: 'person' as const, roles: [...ACCESS_ROLES] };
  await applySetup(
    services,
    { ...DEMO_SETUP, organisation: rival, principals: [...DEMO_SETUP.principals, spy] },
    { root, issuer, logger: app.platform.logger },
  );
  for (const role of ACCESS_ROLES) {
    const orgId = await orgOf('demo');
    const login = { subject: `only-${role}`, displayName: role, kind: 'person' as const, issuer, orgId };
    const added = await services.organisations.addPrincipal(login);
    if (added.ok) await services.organisations.giveGrant(added.value, role);
  }
  await services.close();
  await tellEverything(app);
  const { text } = await app.post(app.tokenFor('auditor'), { query: getIntrospectionQuery({ oneOf: true }) });
  schema = buildClientSchema(JSON.parse(text).data);
});
afterAll(() => app.close());

interface Ours {
  /** One of each, by the name of its column. */
  readonly ids: ReadonlyMap<string, string>;
  readonly digests: ReadonlySet<string>;
}
const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const sql = <T>(query: string, parameters: unknown[] = []): Promise<T[]> =>
  app.database.admin.query(query, parameters);
async function orgOf(slug: string): Promise<string> {
  const [row] = await sql<{ id: string }>(`SELECT org_id AS id FROM assay.organisation WHERE slug = $1`, [
    slug,
  ]);
  return row?.id ?? '';
}

interface Demand {
  readonly permission: string;
  readonly place: string;
}

/** What each root field demands, as its resolver says: `Query.gate`. */
function demands(): Map<string, Demand> {
  const found = new Map<string, Demand>();
  for (const module of app.api.get(ModulesContainer).values())
    for (const { metatype } of module.providers.values()) {
      const prototype = (typeof metatype === 'function' ? metatype.prototype : undefined) as
        object | undefined;
      for (const key of Object.getOwnPropertyNames(prototype ?? {})) {
        const handler: unknown = Object.getOwnPropertyDescriptor(prototype, key)?.value;
        if (typeof handler !== 'function') continue;
        const type = Reflect.getMetadata('graphql:resolver_type', handler) as string | undefined;
        const name = (Reflect.getMetadata('graphql:resolver_name', handler) as string | undefined) ?? key;
        if (type === undefined || !ROOTS.includes(type)) continue;
        const place = Reflect.getMetadata(PLACE_KEY, handler) as object | string | undefined;
        found.set(`${type}.${name}`, {
          permission: (Reflect.getMetadata(PERMISSION_KEY, handler) as string | undefined) ?? 'NONE',
          place: typeof place === 'object' ? Object.keys(place).sort().join('+') : (place ?? ''),
        });
      }
    }
  return found;
}

const subscriptions = (): RootField[] =>
  Object.values(schema.getSubscriptionType()?.getFields() ?? {}).map((field) => ({
    operation: 'subscription' as RootField['operation'],
    name: field.name,
    field,
  }));
const typeOf = ({ operation }: RootField): string => operation.charAt(0).toUpperCase() + operation.slice(1);

const ask = async (
  token: string,
  root: RootField,
  payload: { query: string; variables: object },
): Promise<Answer> =>
  (root.operation as string) === 'subscription'
    ? subscribed(app, token, payload)
    : JSON.parse((await app.post(token, payload)).text);

const codesOf = ({ errors = [] }: Answer): string[] =>
  errors.map((error: { extensions?: { code?: string } }) => error.extensions?.code ?? 'NONE');

/** In order, a few at a time. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}

describe('the table of root fields', () => {
  it('says of every field of the served schema who may ask it, and that is so', async () => {
    const all = [...rootFields(schema), ...subscriptions()];
    const demanded = demands();
    const allowed = new Map<string, string[]>(all.map((root) => [`${typeOf(root)}.${root.name}`, []]));
    for (const role of ACCESS_ROLES)
      await each(all, async (root) => {
        const answer = await ask(app.tokenFor(`only-${role}`), root, sampleQuery(root));
        const codes = codesOf(answer);
        if (!codes.includes('FORBIDDEN')) allowed.get(`${typeOf(root)}.${root.name}`)?.push(role);
        if (codes.some((code) => code === 'INTERNAL' || code === 'NONE') && !SAMPLES_FAIL.has(root.name))
          throw new Error(`${root.name}: ${JSON.stringify(answer.errors)}`);
      });
    const rows = [...allowed].sort().map(([name, roles]) => {
      const { permission, place } = demanded.get(name) ?? { permission: 'NONE', place: '' };
      return `${name}  ${permission}${place && ` in its ${place}`}  ${roles.sort().join(' ') || 'nobody'}\n`;
    });
    expect(rows.filter((row) => row.includes('NONE'))).toEqual([]);
    expectFile(
      TABLE,
      `# Root field, permission, roles. Who may is what was answered over HTTP and WebSocket, role by role.\n${rows.join('')}`,
    );
  });
});

describe('somebody of another organisation, with every role there is', () => {
  let token: string;
  let ours: Ours;
  let foreign: Set<string>;
  beforeAll(async () => {
    token = app.tokenFor('spy', 'rival');
    ({ ours, foreign } = await identifiers());
  });

  /** One of each column that names something of ours, and everything that only our rows hold. */
  async function identifiers() {
    const [demo, rival] = [await orgOf('demo'), await orgOf('rival')];
    const columns = await sql<{ table: string; column: string; type: string }>(
      `SELECT c.table_schema || '.' || c.table_name AS table, c.column_name AS column, c.data_type AS type
         FROM information_schema.columns c JOIN information_schema.columns o USING (table_schema, table_name)
         JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'assay' AND o.column_name = 'org_id' AND t.table_type = 'BASE TABLE'
          AND c.column_name <> 'org_id' AND (c.data_type = 'uuid' OR c.column_name ~ 'digest$')`,
    );
    const values = async (org: string, { table, column }: { table: string; column: string }) =>
      (
        await sql<{ v: string }>(
          `SELECT DISTINCT ${column}::text AS v FROM ${table} WHERE org_id = $1 AND ${column} IS NOT NULL`,
          [org],
        )
      ).map(({ v }) => v);
    const mine: { ids: Map<string, string>; digests: Set<string> } = { ids: new Map(), digests: new Set() };
    const all = new Set<string>();
    const theirs = new Set<string>();
    for (const column of columns) {
      const found = await values(demo, column);
      for (const value of found) all.add(value);
      for (const value of await values(rival, column)) theirs.add(value);
      const [one] = found.filter((value) => !theirs.has(value));
      if (one === undefined) continue;
      if (column.type === 'uuid') mine.ids.set(camel(column.column), one);
      else mine.digests.add(one);
    }
    const only = new Set([...all].filter((value) => !theirs.has(value)));
    return { ours: mine, foreign: only };
  }
  /** `waiver_id` is asked for as `waiverId`; what is merely an `id`, or a text, may be any of them. */
  const namesFor = ({ path, type }: Naming): readonly string[] => {
    if (type === 'digest') return [...ours.digests];
    const own = ours.ids.get(path.split('.').at(-1) ?? '');
    if (own !== undefined) return [own];
    return /(^|\.)(id|text)$/.test(path)
      ? [...new Set(ours.ids.values())]
      : [...ours.ids.values()].slice(0, 1);
  };

  const leaked = (answer: unknown, sent: string): string[] => {
    const text = JSON.stringify(answer);
    const words = text.match(/[0-9a-f]{8}-[0-9a-f-]{27}|(?:sha256|gitCommit):[0-9a-f]{40,64}/g) ?? [];
    return words.filter((word) => word !== sent && foreign.has(word));
  };
  const twin = (value: string): string =>
    value.includes(':') ? `${value.split(':')[0] ?? ''}:${randomBytes(32).toString('hex')}` : randomUUID();
  /** What does not depend on the name that was sent. */
  const shape = (answer: unknown, sent: string): string =>
    JSON.stringify(answer).replaceAll(sent, '·').replaceAll(sent.slice(7), '·');

  it('is shown nothing of ours in any list', async () => {
    expect(foreign.size).toBeGreaterThan(50);
    const lists = rootFields(schema).filter(({ operation }) => operation === 'query');
    const leaks: Record<string, string[]> = {};
    const seenByOurs = new Set<string>();
    await each(lists, async (root) => {
      const { query, variables } = sampleQuery(root);
      const deep = query.replace(' { __typename }', ` ${selectionOf(schema, root.field.type)}`);
      const answer = await ask(token, root, { query: deep, variables });
      const found = leaked(answer, '');
      // Our own auditor is shown them: so this would be noticed.
      const own = await ask(app.tokenFor('auditor'), root, { query: deep, variables });
      if (leaked(own, '').length > 0) seenByOurs.add(root.name);
      if (found.length > 0) leaks[root.name] = found;
    });
    expect(leaks).toEqual({});
    expect(seenByOurs.size).toBeGreaterThan(5);
  });

  it('learns from our ids and digests as much as from ones that nobody has', async () => {
    const differences: string[] = [];
    let asked = 0;
    const queries = [
      ...rootFields(schema).filter(({ operation }) => operation === 'query'),
      ...subscriptions(),
    ];
    await each(queries, async (root) => {
      for (const naming of namingsOf(schema, root))
        for (const value of namesFor(naming)) {
          const other = twin(value);
          const [one, nothing] = [
            await ask(token, root, naming.with(value)),
            await ask(token, root, naming.with(other)),
          ];
          asked++;
          const where = `${root.name}(${naming.path})`;
          if (leaked(one, value).length > 0)
            differences.push(`${where} shows ${leaked(one, value).join(', ')}`);
          if (shape(one, value) !== shape(nothing, other)) differences.push(`${where}: ${shape(one, value)}`);
        }
    });
    console.log(`${String(asked)} questions of another organisation about ours`);
    expect(asked).toBeGreaterThan(100);
    expect(differences).toEqual([]);
  });

  it('changes nothing of ours by any mutation', async () => {
    const before = await everythingOfOurs();
    const shown: string[] = [];
    const mutations = rootFields(schema).filter(({ operation }) => operation === 'mutation');
    await each(mutations, async (root) => {
      for (const naming of namingsOf(schema, root))
        for (const value of namesFor(naming)) {
          const { query, variables } = naming.with(value);
          const fresh = JSON.parse(
            JSON.stringify(variables, (key, member: unknown) =>
              key === 'idempotencyKey' ? randomUUID() : member,
            ),
          ) as object;
          const found = leaked(await ask(token, root, { query, variables: fresh }), value);
          if (found.length > 0) shown.push(`${root.name}(${naming.path}) shows ${found.join(', ')}`);
        }
    });
    expect(shown).toEqual([]);
    expect(await everythingOfOurs()).toEqual(before);
  });

  /** A hash of all rows of ours, by table. */
  async function everythingOfOurs(): Promise<Record<string, string>> {
    const tables = await sql<{ name: string }>(
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.columns
        JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE column_name = 'org_id' AND table_schema IN ('assay', 'ledger') AND t.table_type = 'BASE TABLE'`,
    );
    const demo = await orgOf('demo');
    const hashes: Record<string, string> = {};
    for (const { name } of tables) {
      if (name === 'assay.rate_window') continue;
      const [row] = await sql<{ hash: string }>(
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(r::text, '' ORDER BY r::text)), '') AS hash
           FROM ${name} r WHERE org_id = $1`,
        [demo],
      );
      hashes[name] = row?.hash ?? '';
    }
    return hashes;
  }
});
