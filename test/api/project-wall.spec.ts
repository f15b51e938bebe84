import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, isRequiredArgument, type GraphQLSchema } from 'graphql';
import type { Place } from '../../src/api/requires.js';
import type { AccessRole } from '../../src/kernel/actor.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { selectionOf } from '../support/full-query.js';
import { GATE } from '../support/gate-runs.js';
import { firstDifference, isOfTheGuard, isWide, places, statementsOf } from '../support/narrowing.js';
import { NARROWED } from '../support/narrowed-tables.js';
import { rootFields, sampleValue, type RootField } from '../support/sample-query.js';
import { CLEAN, report, REPORTS, someDigest, waiverFor, type Build } from '../support/shop.js';
import { subscribed } from '../support/subscribed.js';
import { actorOf, tellEverything } from '../support/whole-story.js';

/** What PostgreSQL hides from whoever has roles in one project only, whatever the guard says (ADR 0022). */
jest.setTimeout(600_000);
const ROLES = [
  'developer',
  'officer',
  'approver',
  'auditor',
  'admin',
] as const satisfies readonly AccessRole[];
const CASE = 'SHOP-7';

let app: TestApplication;
let schema: GraphQLSchema;
let build: Build;
let shop: string;
let otherShop: string;
/** Of the shop, by the name of the thing. */
let ours: Readonly<Record<string, string>>;

beforeAll(async () => {
  app = await openTestApplication({ opaPath: process.env['ASSAY_TEST_OPA'] ?? '' });
  ({ build } = await tellEverything(app));
  const { orgId } = await actorOf(app, 'admin');
  const made = await app.services.organisations.createProject({ orgId, slug: 'other-shop', name: 'Other' });
  if (!made.ok) throw new Error('no project');
  otherShop = made.value.projectId;
  for (const [subject, project] of Object.entries({
    insider: 'shop',
    neighbour: 'other-shop',
    wide: undefined,
  })) {
    const { id } = await told('admin', 'add-principal', {
      ...{ subject, kind: 'PERSON', displayName: subject, reason: 'Works here' },
    });
    for (const role of ROLES)
      await told('admin', 'give-grant', {
        principalId: id,
        role,
        reason: 'Works here',
        ...(project && { project }),
      });
  }
  const { text } = await app.post(app.tokenFor('auditor'), { query: getIntrospectionQuery({ oneOf: true }) });
  schema = buildClientSchema(JSON.parse(text).data);
  const one = async (query: string): Promise<string> => (await sql<{ id: string }>(query))[0]?.id ?? '';
  shop = await one(`SELECT project_id AS id FROM assay.project WHERE slug = 'shop'`);
  ours = {
    ...{ gate: 'GATE_RELEASE', artefact: build.artId, digest: build.digest, project: 'shop', case: CASE },
    decision: await one(
      `SELECT decision_id AS id FROM assay.decision WHERE gate_id = 'GATE_RELEASE' LIMIT 1`,
    ),
    run: await one(`SELECT run_id AS id FROM assay.gate_run WHERE state = 'rejected' LIMIT 1`),
    waiver: (await told('lead', 'request-waiver', waiverFor(app, build, 'coverage-floor'))).id,
    grant: await one(`SELECT grant_id AS id FROM assay.access_grant g JOIN assay.project p USING (project_id)
      WHERE p.slug = 'shop' AND NOT EXISTS (SELECT FROM assay.access_grant_revocation r WHERE r.grant_id = g.grant_id) LIMIT 1`),
    principal: (await actorOf(app, 'developer')).principalId,
    fix: await one(`SELECT fix_id AS id FROM assay.fix_task LIMIT 1`),
  };
});
afterAll(() => app.close());

async function told(by: string, operation: string, input: object): Promise<Answer> {
  const answer = await app.command(by, operation, input);
  if ('code' in answer) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
  return answer;
}
const sql = <T>(query: string, parameters: unknown[] = []): Promise<T[]> =>
  app.database.admin.query(query, parameters);

/** Root fields that a role in a project is enough for, with where they say what they are about. */
function placed(): (RootField & { readonly place: Place })[] {
  const byName = new Map(places(app).map(({ name, place }) => [name, place]));
  const watched = Object.values(schema.getSubscriptionType()?.getFields() ?? {}).map((field) => ({
    ...{ operation: 'subscription' as RootField['operation'], name: field.name, field },
  }));
  return [...rootFields(schema), ...watched].flatMap((root) => {
    const place = byName.get(root.name);
    return place ? [{ ...root, place }] : [];
  });
}

/** What an argument that is called so would name in the shop. */
const NAMES: Readonly<Record<string, string>> = {
  ...{
    gateId: 'gate',
    gate: 'gate',
    artId: 'artefact',
    digest: 'digest',
    artefactDigest: 'digest',
    project: 'project',
  },
  ...{
    caseId: 'case',
    runId: 'run',
    waiverId: 'waiver',
    renews: 'waiver',
    grantId: 'grant',
    fixTaskId: 'fix',
  },
};

/** What is refused for its form before anything is looked up, unless it is given like this. */
function given(name: string): Readonly<Record<string, object | string>> {
  const { principal = '' } = ours;
  switch (name) {
    case 'explainAccess':
      return { permission: 'gate.read', project: 'shop' };
    case 'verdictAt':
      return { asOf: new Date(app.clock.now()).toISOString() };
    case 'giveGrant':
      return { input: { project: 'shop', principalId: principal, role: 'auditor' } };
    case 'changeProcessRole':
      return { input: { principalId: principal, role: 'DEV' } };
    case 'submitEvidence':
      return { input: { text: CLEAN.coverage, source: 'ci/test' } };
    case 'rejectRun':
      return { input: { reasonCode: 'not-tested' } };
    case 'recordStep':
      return { input: { actId: 'ACT_BUILD', context: { role: 'DEV' } } };
    case 'evaluateGate':
      return { input: build };
    case 'evaluateGates':
      return { input: { questions: [{ gateId: 'GATE_RELEASE', ...build }] } };
    case 'requestWaiver':
      return { input: { ...waiverFor(app, build, 'no-secrets'), renews: ours['waiver'] ?? '' } };
    case 'defineGate':
      return { input: { ...GATE, gateId: 'GATE_RELEASE' } };
    default:
      return {};
  }
}

/** So that an answer shows what a thing refers to, and costs no more than is allowed. */
const depthOf = ({ operation, name }: RootField): number =>
  operation === 'mutation' || name === 'workItem' ? 2 : name === 'workItems' ? 1 : 3;

/** A request about the shop: everything that it can name is ours. */
function about(root: ReturnType<typeof placed>[number]) {
  const { operation, name, field, place } = root;
  const things = place === 'anywhere' ? {} : place;
  const own = given(name);
  const needed = field.args.filter(
    (arg) =>
      isRequiredArgument(arg) ||
      arg.name in own ||
      Object.values(things).some((path) => path.split('.')[0] === arg.name),
  );
  const filled = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((item: unknown) => filled(item, key));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([member, inner]) => [member, filled(inner, member)]),
      );
    if (key === 'idempotencyKey') return randomUUID();
    const thing = key === 'id' ? Object.keys(things)[0] : NAMES[key];
    return (thing && ours[thing]) ?? value;
  };
  const variables = Object.fromEntries(
    needed.map((arg) => {
      const value = filled(sampleValue(arg.type), arg.name);
      const mine = own[arg.name];
      return [arg.name, typeof mine === 'object' ? { ...(value as object), ...mine } : (mine ?? value)];
    }),
  );
  const declared = needed.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = needed.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const query = `${operation} ${declared && `(${declared}) `}{ ${name}${passed && `(${passed})`} ${selectionOf(schema, field.type, depthOf(root))} }`;
  return { query, variables };
}

async function ask(subject: string, root: RootField, payload: ReturnType<typeof about>): Promise<Answer> {
  const token = app.tokenFor(subject);
  if ((root.operation as string) === 'subscription') return subscribed(app, token, payload);
  return JSON.parse((await app.post(token, payload)).text);
}

/** Every id and digest that rows of projects hold and rows of the organisation as a whole do not. */
async function ofTheShopAlone(): Promise<ReadonlySet<string>> {
  const columns = await sql<{ table: string; column: string }>(
    `SELECT table_schema || '.' || table_name AS table, column_name AS column FROM information_schema.columns
      WHERE table_schema = 'assay' AND column_name <> 'org_id' AND (data_type = 'uuid' OR column_name ~ '(digest|_id)$')`,
  );
  const values = async (whole: boolean): Promise<string[]> => {
    const found: string[] = [];
    for (const { table, column } of columns) {
      const how = NARROWED[table];
      if (how === undefined || (typeof how === 'object') !== whole) continue;
      const rows = await sql<{ v: string }>(
        `SELECT DISTINCT ${column}::text AS v FROM ${table} WHERE ${column} IS NOT NULL`,
      );
      found.push(...rows.map(({ v }) => v));
    }
    return found;
  };
  const shared = new Set([...(await values(true)), otherShop, ...(await ofTheOrganisation())]);
  return new Set((await values(false)).filter((value) => !shared.has(value)));
}

/** Grants of roles that are held everywhere, the neighbour's own, and waivers for every gate. */
const ofTheOrganisation = async (): Promise<string[]> =>
  (
    await sql<{ id: string }>(
      `SELECT grant_id AS id FROM assay.access_grant WHERE project_id IS NULL OR project_id = $1
       UNION SELECT waiver_id FROM assay.waiver WHERE gate_id IS NULL`,
      [otherShop],
    )
  ).map(({ id }) => id);

const pick = ({ artId, digest }: Build): Build => ({ artId, digest });

const WORD = /[0-9a-f]{8}-[0-9a-f-]{27}|(?:sha256|gitCommit):[0-9a-f]{40,64}|(?:GATE|ART)_[A-Z0-9_]+/g;
function leaked(answer: unknown, payload: ReturnType<typeof about>, foreign: ReadonlySet<string>): string[] {
  const sent = JSON.stringify(payload);
  return [...new Set(JSON.stringify(answer).match(WORD) ?? [])].filter(
    (word) => foreign.has(word) && !sent.includes(word),
  );
}

/** A hash of all rows, by table, but for what is counted of every request, and refusals. */
async function everything(): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const table of Object.keys(NARROWED)) {
    if (table === 'assay.rate_window') continue;
    const which = table === 'ledger.fact' ? `WHERE kind <> 'access.denied'` : '';
    const [row] = await sql<{ hash: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(r::text, '' ORDER BY r::text)), '') AS hash FROM ${table} r ${which}`,
    );
    hashes[table] = row?.hash ?? '';
  }
  return hashes;
}

describe('somebody with roles in one project', () => {
  it('may ask root fields, all of which are asked here, and one route', () => {
    const all = places(app);
    expect(all.filter(({ type }) => type === undefined).map(({ name }) => name)).toEqual(['upload']);
    const ofGraphQl = all.filter(({ type }) => type !== undefined);
    const roots = ['Query', 'Mutation', 'Subscription'];
    // Below a root field its narrowing holds: a field there that had a place of its own would not be narrowed to it.
    expect(ofGraphQl.filter(({ type }) => !roots.includes(type ?? ''))).toEqual([]);
    expect(
      placed()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(ofGraphQl.map(({ name }) => name).sort());
    expect(ofGraphQl.length).toBeGreaterThan(40);
  });

  it('is answered about it what one is who has the same roles everywhere, by narrowed statements alone', async () => {
    const differences: Record<string, unknown> = {};
    const empty: string[] = [];
    const notNarrowed: string[] = [];
    let narrow = 0;
    for (const root of placed()) {
      if ((root.operation as string) === 'mutation' || root.place === 'anywhere') continue;
      const payload = about(root);
      const wide = await ask('wide', root, payload); // first: read models follow the ledger for all at once
      const answers: Answer[] = [];
      const sent = await statementsOf(async () => answers.push(await ask('insider', root, payload)));
      notNarrowed.push(...sent.filter(isWide).map(({ text }) => `${root.name}: ${text}`));
      narrow += sent.filter(({ role }) => role === 'assay_narrowed').length;
      const [own] = answers;
      if (JSON.stringify(own) !== JSON.stringify(wide)) differences[root.name] = firstDifference(own, wide);
      if (wide.errors || wide.data?.[root.name] == null) empty.push(root.name);
    }
    expect(differences).toEqual({});
    expect(empty).toEqual([]);
    expect(notNarrowed).toEqual([]);
    expect(narrow).toBeGreaterThan(100);
  });

  it('works there beside others who work elsewhere: what is written together is narrowed for each', async () => {
    await told('neighbour', 'define-gate', { ...GATE, gateId: 'GATE_OTHER', project: 'other-shop' });
    const builds = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const mine = { artId: 'ART_OTHER', digest: someDigest() };
        await told('neighbour', 'register-artefact', { ...mine, project: 'other-shop', name: 'Other' });
        for (const name of REPORTS.slice(0, 2)) {
          const { status } = await app.upload(report(name), mine, { subject: 'neighbour' });
          expect(status).toBe(201);
        }
        return mine;
      }),
    );
    await app.normalise();
    const evaluated = (subject: string, gateId: string, of: Build): Promise<Answer> =>
      told(subject, 'evaluate-gate', { gateId, ...pick(of) });
    const decisions: Answer[] = [];
    const others = builds.slice(0, 4);
    const sent = await statementsOf(async () => {
      const asked = others.flatMap((mine) => [
        evaluated('neighbour', 'GATE_OTHER', mine),
        evaluated('insider', 'GATE_RELEASE', build),
        evaluated('neighbour', 'GATE_OTHER', mine), // of two equal ones the second is looked at closely
      ]);
      decisions.push(...(await Promise.all(asked)));
    });
    expect(sent.filter(isWide).map(({ text }) => text)).toEqual([]);
    const written = sent.filter(({ text }) => /INSERT INTO assay\.(decision|gate_run)\b/.test(text));
    expect(new Set(written.map(({ projectIds }) => projectIds))).toEqual(
      new Set([`{${otherShop}}`, `{${shop}}`]),
    );

    const mixed = builds
      .slice(4)
      .flatMap((mine, place) => [
        evaluated(place % 2 === 0 ? 'wide' : 'neighbour', 'GATE_OTHER', mine),
        evaluated('insider', 'GATE_RELEASE', build),
      ]);
    decisions.push(...(await Promise.all(mixed)));
    const gates = await sql<{ gate: string; n: number }>(
      `SELECT gate_id AS gate, count(*)::int AS n FROM assay.decision WHERE decision_id = ANY ($1::uuid[]) GROUP BY 1 ORDER BY 1`,
      [decisions.map(({ id }) => id)],
    );
    expect(gates).toEqual([
      { gate: 'GATE_OTHER', n: 8 },
      { gate: 'GATE_RELEASE', n: expect.any(Number) },
    ]);
  });
});

describe('where the guard says yes to everything', () => {
  beforeAll(() => {
    const authentication = app.services.authentication as unknown as { projectOf: object };
    authentication.projectOf = { projectId: () => Promise.resolve(otherShop) };
  });

  it('every root field of a project is narrowed to it, in each of its statements', async () => {
    const wide: string[] = [];
    const unasked: string[] = [];
    for (const root of placed()) {
      const payload = about(root);
      const sent = await statementsOf(() => ask('neighbour', root, payload));
      const narrow = sent.filter(({ role }) => role === 'assay_narrowed');
      if (narrow.length === 0) unasked.push(root.name);
      for (const { projectIds } of narrow) expect(projectIds).toBe(`{${otherShop}}`);
      for (const one of sent)
        if (one.role !== 'assay_narrowed' && !isOfTheGuard(one)) wide.push(`${root.name}: ${one.text}`);
    }
    expect(wide).toEqual([]);
    expect(unasked).toEqual([]);
  });

  it('nothing of another project is shown', async () => {
    const foreign = await ofTheShopAlone();
    expect(foreign.size).toBeGreaterThan(40);
    const shown: Record<string, string[]> = {};
    const permitted: string[] = [];
    const wouldShow: string[] = [];
    for (const root of placed()) {
      const payload = about(root);
      const answer = await ask('neighbour', root, payload);
      if (!JSON.stringify(answer).includes('FORBIDDEN')) permitted.push(root.name);
      const found = leaked(answer, payload, foreign);
      if (found.length > 0) shown[root.name] = found;
      // Whoever has the same roles everywhere is shown it: so this would be noticed.
      if ((root.operation as string) === 'mutation') continue;
      if (leaked(await ask('wide', root, payload), payload, foreign).length > 0) wouldShow.push(root.name);
    }
    expect(shown).toEqual({});
    expect(permitted.length).toBe(placed().length);
    expect(wouldShow.length).toBeGreaterThan(10);
  });

  it('nothing of another project is changed', async () => {
    const before = await everything();
    const answers: Record<string, unknown> = {};
    for (const root of placed())
      if ((root.operation as string) === 'mutation')
        answers[root.name] = await ask('neighbour', root, about(root));
    const after = await everything();
    const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
    expect({ changed, answers: changed.length > 0 ? answers : {} }).toEqual({ changed: [], answers: {} });
  });

  it('no evidence is taken for an artefact of another project', async () => {
    const before = await everything();
    const sent = await statementsOf(async () => {
      const { status } = await app.upload(report(REPORTS[0] ?? ''), build, { subject: 'neighbour' });
      expect(status).toBe(404);
    });
    expect(sent.filter(({ role }) => role === 'assay_narrowed').length).toBeGreaterThan(0);
    expect(await everything()).toEqual(before);
  });
});
