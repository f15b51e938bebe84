import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, isObjectType, type GraphQLSchema } from 'graphql';
import { ACCESS_ROLES } from '../../src/kernel/actor.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { addEverybody } from '../support/many.js';
import { evaluate, registerBuild, report, REPORTS, uploadAll, waiverFor } from '../support/shop.js';

// A list that takes a cursor which it never gave for "from the start" is read for ever, or twice: every list refuses it.

let app: TestApplication;
let schema: GraphQLSchema;
let everybody: string;
/** How each list is asked; `$after` is the cursor. What must be told to get so far as to the list stands here. */
let asked: Readonly<Record<string, string>>;

beforeAll(async () => {
  app = await openTestApplication({ opaPath: process.env['ASSAY_TEST_OPA'] ?? '' });
  everybody = await addEverybody(app, ACCESS_ROLES);
  const { text } = await app.post(app.tokenFor('auditor'), { query: getIntrospectionQuery({ oneOf: true }) });
  schema = buildClientSchema(JSON.parse(text).data);
  const build = await registerBuild(app);
  await uploadAll(app, build, REPORTS.map(report));
  await app.normalise();
  const decision = await evaluate(app, build);
  await app.services.staleMarker.follow();
  const waiver = await app.command('lead', 'request-waiver', waiverFor(app, build, 'sast-severity'));
  const version = `{artId: "${build.artId}", digest: "${build.digest}"}`;
  const { ruleId } = decision.rules[0];
  const list = '{ totalCount }';
  asked = {
    ...Object.fromEntries(
      ['principals', 'grants', 'checklists', 'exports', 'gateRuns', 'ledger', 'persons', 'erasures', 'holds']
        .concat(['policyDrafts', 'workItems', 'templates', 'fixTasks', 'waivers', 'waiverDelegations'])
        .concat('standingDecisions')
        .map((name) => [`Query.${name}`, `{ ${name}(after: $after) ${list} }`]),
    ),
    'Query.statusIndex': '{ statusIndex(after: $after) { __typename } }',
    'Query.inbox': `{ inbox(section: WAIVER_TO_REVIEW, after: $after) ${list} }`,
    'Query.differential': `{ differential(artefact: ${version}, baseline: ${version}, after: $after) { __typename } }`,
    'Query.explainDecision': `{ explainDecision(id: "${decision.id as string}", ruleId: "${ruleId as string}", after: $after) {
      __typename ... on InvalidInput { path } } }`,
    'Query.waiverPreview': `{ waiverPreview(waiverId: "${waiver.id as string}", after: $after) { __typename } }`,
    'Query.whatChangesIf': `{ whatChangesIf(if: {waiver: {waiverId: "${waiver.id as string}", as: APPROVED}}, after: $after) {
      __typename } }`,
    'ChecklistVersion.activations': `{ checklist(chkId: "CHK_RELEASE") { activations(after: $after) ${list} } }`,
  };
}, 120_000);
afterAll(() => app.close());

const text = (of: string): string => Buffer.from(of).toString('base64url');

/** What no list gives, some of it nearly. A bare number is a cursor: of lists that are ordered by one. */
const GARBAGE: readonly string[] = [
  ...['', ' ', 'nonsense', '-1', '1.5', '1e3', '99999999999999999999', '%00', "' OR 1=1 --", '\u{1F600}'],
  ...['nonsense', '', '{}', '[]', '[1]', '[1,2,3]', 'null', '-1', '17 no-uuid', 'GATE_X', 'event -1'].map(
    text,
  ),
  ...['policy', 'policy ', 'CHK_X', 'CHK_X -1', 'GATE_X ART_X', '0123456789abcdef:-1', 'case', '\u0000'].map(
    text,
  ),
];

interface Answered {
  readonly data?: Record<string, Answer> | null;
  readonly errors?: Answer[];
}
const send = async (query: string, after: string | null): Promise<Answered> =>
  JSON.parse(
    (
      await app.post(app.tokenFor(everybody), {
        query: `query($after: String) ${query}`,
        variables: { after },
      })
    ).text,
  );

/** Every list of the schema that can be read on. */
const lists = (): string[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter(({ args }) => args.some(({ name }) => name === 'after'))
        .map((field) => `${type.name}.${field.name}`),
    );

describe('every list', () => {
  it('is asked here, and answers without a cursor', async () => {
    expect(Object.keys(asked).sort()).toEqual(lists().sort());
    const answers = await Promise.all(
      Object.entries(asked).map(async ([name, query]) => {
        const { data, errors } = await send(query, null);
        return {
          name,
          refused: errors,
          empty: Object.values(data ?? {}).some((of) => of == null),
        };
      }),
    );
    expect(answers.filter(({ refused, empty }) => refused !== undefined || empty)).toEqual([]);
  });

  it('refuses a cursor that it never gave, as the caller’s mistake, and says which', async () => {
    const taken: string[] = [];
    for (const [name, query] of Object.entries(asked))
      for (const { after, data, errors } of await Promise.all(
        GARBAGE.map(async (after) => ({ after, ...(await send(query, after)) })),
      )) {
        const [problem] = Object.values(data ?? {});
        const typed = problem?.__typename === 'InvalidInput' && problem.path === 'after';
        const bad = errors?.[0]?.extensions?.code === 'BAD_REQUEST' && /after/.test(errors[0].message);
        if (!typed && !bad)
          taken.push(`${name}(after: ${JSON.stringify(after)}): ${JSON.stringify(errors ?? data)}`);
      }
    expect(taken).toEqual([]);
  }, 240_000);
});
