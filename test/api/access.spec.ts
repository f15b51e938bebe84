import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ModulesContainer } from '@nestjs/core';
import { Query, Resolver } from '@nestjs/graphql';
import { buildClientSchema, extendSchema, getIntrospectionQuery, parse, type GraphQLSchema } from 'graphql';
import jwt from 'jsonwebtoken';
import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { parse as parseYaml } from 'yaml';
import { PERMISSION_KEY } from '../../src/api/requires.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { rootFields, sampleQuery } from '../support/sample-query.js';
import { registerBuild, someDigest } from '../support/shop.js';

const ROOT = join(import.meta.dirname, '../..');
const ACCESS_POLICY = parseYaml(readFileSync(join(ROOT, 'policies/access/policy.yaml'), 'utf8')) as {
  parameters: { permissions: { default: Record<string, string[]> } };
};

/** The demo's people, and the roles they were given. */
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  service: ['service'],
  developer: ['developer'],
  lead: ['approver', 'developer'],
  officer: ['officer'],
  approver: ['approver'],
  'second-approver': ['approver'],
  auditor: ['auditor'],
  admin: ['admin'],
  'data-protection': ['data-protection'],
};
/** What the access policy's own text permits somebody. */
const permittedTo = (subject: string): string[] => {
  const table = ACCESS_POLICY.parameters.permissions.default;
  return [...new Set(PEOPLE[subject]?.flatMap((role) => table[role] ?? []))].sort();
};

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
});
afterAll(() => app.close());

const VIEWER = '{ viewer { displayName } }';
const answerTo = async (token: string | undefined, query = VIEWER) => {
  const { data, errors } = JSON.parse((await app.post(token, { query })).text);
  return { data, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message };
};

describe('a caller', () => {
  const claims = { org: 'demo', iss: 'urn:assay:demo', aud: 'assay', sub: 'auditor' };
  const seconds = () => Math.floor(app.clock.now() / 1000);
  const signed = (given: object = {}, options: jwt.SignOptions = {}, key?: jwt.Secret) =>
    jwt.sign(
      { iat: seconds(), exp: seconds() + 60, ...claims, ...given },
      key ?? app.platform.keys.demoIssuerPem(),
      {
        algorithm: 'ES256',
        keyid: 'demo',
        ...options,
      },
    );
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

  it('is let in with a token of the issuer', async () => {
    expect(await answerTo(signed())).toEqual({ data: { viewer: { displayName: 'Aude Auditor' } } });
  });

  const publicKey = () => createPublicKey(app.platform.keys.demoIssuerPem());
  it.each<[string, () => string | undefined, RegExp]>([
    ['without a token', () => undefined, /a bearer token is required/],
    ['with something that is no token', () => 'letmein', /not a JWT/],
    ['with an expired token', () => signed({ exp: seconds() - 6 }), /the token has expired/],
    [
      'with a token that never ends',
      () => jwt.sign(claims, app.platform.keys.demoIssuerPem(), { algorithm: 'ES256', keyid: 'demo' }),
      /exp is required/,
    ],
    ['with a token that is not valid yet', () => signed({ nbf: seconds() + 60 }), /jwt not active/],
    [
      'with a token that another key has signed',
      () => signed({}, {}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
      /invalid signature/,
    ],
    [
      'with a token whose content was changed',
      () => signed().replace(/\.[^.]+\./, `.${encoded({ ...claims, exp: seconds() + 60, sub: 'admin' })}.`),
      /invalid signature/,
    ],
    [
      'with algorithm none',
      () => `${encoded({ alg: 'none', kid: 'demo' })}.${encoded({ ...claims, exp: seconds() + 60 })}.`,
      /signature is required|bearer token is required|invalid algorithm/,
    ],
    [
      'with the public key taken for a shared secret',
      () => {
        const body = `${encoded({ alg: 'HS256', kid: 'demo' })}.${encoded({ ...claims, exp: seconds() + 60 })}`;
        const pem = publicKey().export({ type: 'spki', format: 'pem' });
        const mac = createHmac('sha256', pem).update(body).digest('base64url');
        return `${body}.${mac}`;
      },
      /invalid algorithm/,
    ],
    ['from another issuer', () => signed({ iss: 'urn:elsewhere' }), /issuer invalid/],
    ['for another service', () => signed({ aud: 'elsewhere' }), /audience invalid/],
    ['who names no organisation', () => signed({ org: undefined }), /org claim is required/],
    ['who is not known', () => signed({ sub: 'mallory' }), /not known in this organisation/],
    ['who belongs to another organisation', () => signed({ org: 'other' }), /not known in this organisation/],
  ])('%s is not let in, and told why', async (_who, token, reason) => {
    expect(await answerTo(token())).toEqual({
      data: null,
      code: 'UNAUTHENTICATED',
      message: expect.stringMatching(reason),
    });
    const upload = request(app.server)
      .post('/evidence')
      .query({ artId: 'ART_X', digest: someDigest(), source: 'ci' });
    const bearer = token();
    if (bearer !== undefined) void upload.set('authorization', `Bearer ${bearer}`);
    await upload.send('{}').expect(401);
  });

  it('learns nothing of the schema without a token', async () => {
    for (const query of [
      '{ __schema { queryType { name } } }',
      '{ gatez { id } }',
      '{ __type(name: "Gate") { name } }',
    ])
      expect(await answerTo(undefined, query)).toMatchObject({ data: null, code: 'UNAUTHENTICATED' });
  });
});

describe('an organisation', () => {
  it('sees nothing of another one', async () => {
    const build = await registerBuild(app);
    const { organisations } = app.services;
    const given = { slug: 'rival', name: 'Rival', timeZone: 'UTC', locale: 'en' } as const;
    const { value: rival } = (await organisations.createOrganisation(given)) as Answer;
    const { value: spy } = (await organisations.addPrincipal({
      orgId: rival.orgId,
      issuer: app.platform.config.jwtIssuer,
      subject: 'auditor',
      displayName: 'Spy',
      kind: 'person',
    })) as Answer;
    await organisations.giveGrant(spy, 'auditor');
    // No policy is published there, so nobody may do anything yet: deny by default.
    expect(
      await answerTo(app.tokenFor('auditor', 'rival'), `{ artefact(digest: "${build.digest}") { artId } }`),
    ).toEqual({
      data: { artefact: null },
      code: 'FORBIDDEN',
      message: 'artefact.read: access-policy-missing',
    });
  });
});

/** What a sample cannot name – a signed tree, a project, one of two arguments –: permitted, and a bad request. */
const NOT_OF_A_SAMPLE: ReadonlySet<string> = new Set([
  ...['inclusionProof', 'consistencyProof', 'processRoles', 'waiverPreview', 'evidence'],
]);

describe('who may do what', () => {
  let schema: GraphQLSchema;
  beforeAll(async () => {
    const { text } = await app.post(app.tokenFor('auditor'), {
      query: getIntrospectionQuery({ oneOf: true }),
    });
    schema = buildClientSchema(JSON.parse(text).data);
  });

  it('is decided at every root field: each has a resolver, and each resolver a permission', () => {
    const permissions = permissionsOf(resolverClassesOf(app));
    expect(openFields(schema, permissions)).toEqual([]);
    expect(permissions.size).toBe(rootFields(schema).length);
  });

  it('would show a field that somebody planted without either', () => {
    @Resolver()
    class Planted {
      @Query()
      unguarded(): string {
        return 'anything';
      }
    }
    const planted = extendSchema(
      schema,
      parse('extend type Query { unguarded: String  unresolved: String }'),
    );
    expect(openFields(planted, permissionsOf([...resolverClassesOf(app), Planted]))).toEqual([
      'Query.unguarded',
      'Query.unresolved',
    ]);
  });

  it.each(Object.keys(PEOPLE))('is for %s at every root field as the access policy says', async (subject) => {
    const allowed = new Set(permittedTo(subject));
    const permissions = permissionsOf(resolverClassesOf(app));
    const expected: Record<string, boolean> = {};
    const actual: Record<string, boolean> = {};
    for (const root of rootFields(schema)) {
      const { errors } = JSON.parse((await app.post(app.tokenFor(subject), sampleQuery(root))).text);
      expected[root.name] = allowed.has(permissions.get(nameOf(root)) ?? '');
      actual[root.name] = errors?.[0]?.extensions.code !== 'FORBIDDEN';
      if (actual[root.name] && !NOT_OF_A_SAMPLE.has(root.name))
        expect([root.name, errors]).toEqual([root.name, undefined]);
    }
    expect(actual).toEqual(expected);
    const uploaded = await app.upload('{}', { artId: 'ART_NONE', digest: someDigest() }, { subject });
    expect(uploaded.status).toBe(allowed.has('evidence.submit') ? 404 : 403);
  });

  it('is told to everybody about themselves', async () => {
    for (const [subject, roles] of Object.entries(PEOPLE)) {
      const viewer = await app.ask(subject, 'viewer');
      expect(viewer).toMatchObject({ organisation: { slug: 'demo' }, roles });
      expect([...viewer.permissions].sort()).toEqual(permittedTo(subject));
    }
  });

  it('is on record where it was denied, by pseudonym', async () => {
    const { totalCount: before } = await app.ask('auditor', 'ledger', { filter: { kind: 'access.denied' } });
    const { principalId } = await app.ask('data-protection', 'viewer');
    expect((await answerTo(app.tokenFor('data-protection'), '{ gates { gateId } }')).code).toBe('FORBIDDEN');
    const filter = { kind: 'access.denied' };
    const nodes: Answer[] = [];
    for (let after: string | null = null, isLast = false; !isLast;) {
      const page: Answer = await app.ask('auditor', 'ledger', { filter, first: 200, after });
      nodes.push(...page.nodes);
      expect(page.totalCount).toBe(before + 1);
      [after, isLast] = [page.pageInfo.endCursor, !page.pageInfo.hasNextPage];
    }
    expect(nodes.length).toBe(before + 1);
    expect(nodes.at(-1).facts).toMatchObject({
      result: 'DENIED',
      details: { permission: 'gate.read', reasonCode: 'role-lacks-permission', roles: ['data-protection'] },
    });
    expect(JSON.stringify(nodes)).not.toContain(principalId);
  });
});

describe('without a token', () => {
  it('one can ask whether the service lives and is ready, and nothing else', async () => {
    await request(app.server).get('/health/live').expect(200);
    await request(app.server)
      .get('/health')
      .expect(({ status }) => [200, 503].includes(status));
    await request(app.server).get('/metrics').set('x-forwarded-for', '203.0.113.7').expect(404);
    await request(app.server).post('/evidence').send('{}').expect(401);
    await request(app.server).get('/graphiql').expect(404);
  });
});

const nameOf = ({ operation, name }: { operation: string; name: string }): string =>
  `${operation === 'query' ? 'Query' : 'Mutation'}.${name}`;

/** Classes of everything Nest has instantiated in this application. */
const resolverClassesOf = ({ api }: TestApplication): (new (...args: never[]) => object)[] =>
  [...api.get(ModulesContainer).values()].flatMap((module) =>
    [...module.providers.values()].flatMap(({ metatype }) =>
      typeof metatype === 'function' && 'prototype' in metatype ? [metatype as never] : [],
    ),
  );

/** `Query.gates` → the permission that its resolver demands, for every resolver of a root field. */
function permissionsOf(
  classes: readonly (new (...args: never[]) => object)[],
): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const { prototype } of classes)
    for (const key of Object.getOwnPropertyNames(prototype ?? {})) {
      const handler: unknown = Object.getOwnPropertyDescriptor(prototype, key)?.value;
      if (typeof handler !== 'function') continue;
      const type: unknown = Reflect.getMetadata('graphql:resolver_type', handler);
      if (type !== 'Query' && type !== 'Mutation') continue;
      const name = (Reflect.getMetadata('graphql:resolver_name', handler) as string | undefined) ?? key;
      found.set(`${type}.${name}`, Reflect.getMetadata(PERMISSION_KEY, handler) as string | undefined);
    }
  return found;
}

/** Root fields that nothing guards: without a resolver no guard runs at all. */
const openFields = (schema: GraphQLSchema, permissions: ReadonlyMap<string, string | undefined>): string[] =>
  rootFields(schema)
    .map(nameOf)
    .filter((name) => permissions.get(name) === undefined);
