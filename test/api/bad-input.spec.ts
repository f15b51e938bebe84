import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DAY_MS, openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { nothingStoredBy } from '../support/nothing-stored.js';
import {
  evaluate,
  registerBuild,
  report,
  someDigest,
  uploadAll,
  waiverFor,
  type Build,
} from '../support/shop.js';

let app: TestApplication;
let build: Build;
beforeAll(async () => {
  app = await openTestApplication();
  build = await registerBuild(app);
});
afterAll(() => app.close());

describe('a command', () => {
  it('repeated under its key answers the same; under the same key, another one is refused', async () => {
    const idempotencyKey = randomUUID();
    const asked = { project: 'shop', artId: 'ART_TWICE', digest: someDigest(), idempotencyKey };
    const first = await app.command('service', 'register-artefact', asked);
    expect(await nothingStoredBy(app, () => app.command('service', 'register-artefact', asked))).toEqual(
      first,
    );
    expect(
      await nothingStoredBy(app, () =>
        app.command('service', 'register-artefact', { ...asked, digest: someDigest() }),
      ),
    ).toMatchObject({ __typename: 'IdempotencyConflict', code: 'IDEMPOTENCY_CONFLICT' });

    const question = { idempotencyKey };
    const decision = await evaluate(app, first, question);
    expect(await evaluate(app, first, question)).toEqual({ ...decision, reused: true });
    expect(await evaluate(app, first, { ...question, gateId: 'GATE_DOD' })).toMatchObject({
      __typename: 'IdempotencyConflict',
    });

    const request = { ...waiverFor(app, build, 'sast-severity'), idempotencyKey };
    const waiver = await app.command('lead', 'request-waiver', request);
    expect(await nothingStoredBy(app, () => app.command('lead', 'request-waiver', request))).toEqual(waiver);
    expect(
      await nothingStoredBy(app, () =>
        app.command('lead', 'request-waiver', { ...request, severity: 'LOW' }),
      ),
    ).toMatchObject({ __typename: 'IdempotencyConflict' });
  });

  it.each<[string, string, object, object]>([
    [
      'an unknown gate',
      'evaluate-gate',
      { gateId: 'GATE_NONE', digest: 'build' },
      { __typename: 'GateNotFound', gateId: 'GATE_NONE' },
    ],
    [
      'an unknown artefact',
      'evaluate-gate',
      { gateId: 'GATE_RELEASE', digest: 'other' },
      { __typename: 'ArtefactNotFound' },
    ],
    [
      'a time to come',
      'evaluate-gate',
      { gateId: 'GATE_RELEASE', digest: 'build', asOf: '2030-01-01T00:00:00Z' },
      { __typename: 'AsOfInFuture' },
    ],
    [
      'an unknown project',
      'register-artefact',
      { project: 'none', artId: 'ART_X', digest: 'other' },
      { __typename: 'ProjectNotFound' },
    ],
    [
      'an id of the wrong form',
      'register-artefact',
      { project: 'shop', artId: 'shop', digest: 'other' },
      { __typename: 'InvalidInput', path: 'artId' },
    ],
    [
      'an empty name',
      'register-artefact',
      { project: 'shop', artId: 'ART_X', name: ' ', digest: 'other' },
      { __typename: 'InvalidInput', path: 'name' },
    ],
    [
      'an author who is nobody',
      'register-artefact',
      { project: 'shop', artId: 'ART_X', authorId: 'ada', digest: 'other' },
      { __typename: 'InvalidInput', path: 'authorId' },
    ],
    [
      'evidence about nothing',
      'submit-evidence',
      { artId: 'ART_X', digest: 'other', text: '{}', source: 'ci/x' },
      { __typename: 'ArtefactNotFound' },
    ],
  ])('with %s is refused with its facts, and changes nothing', async (_what, operation, input, problem) => {
    const digest = 'digest' in input && input.digest === 'build' ? build.digest : someDigest();
    const answer = await nothingStoredBy(app, () => app.command('service', operation, { ...input, digest }));
    expect(answer).toMatchObject({
      code: expect.stringMatching(/^[A-Z_]+$/),
      message: expect.stringMatching(/\.$/),
      ...problem,
    });
  });

  it('about a digest that several artefacts share asks which is meant', async () => {
    const digest = someDigest();
    for (const artId of ['ART_ONE', 'ART_TWO']) await registerBuild(app, { artId, digest });
    expect(await app.command('service', 'evaluate-gate', { gateId: 'GATE_RELEASE', digest })).toMatchObject({
      __typename: 'ArtefactAmbiguous',
      artIds: ['ART_ONE', 'ART_TWO'],
    });
  });
});

describe('a waiver', () => {
  const asked = (wrong: object) =>
    nothingStoredBy(app, () =>
      app.command('lead', 'request-waiver', { ...waiverFor(app, build, 'sast-severity'), ...wrong }),
    );

  it.each<[string, object, string]>([
    ['no scope', { selectors: [] }, 'selectors'],
    ['a scope without rule or finding', { selectors: [{ gate: 'GATE_RELEASE' }] }, 'selectors'],
    ['two rules', { selectors: [{ rule: 'a' }, { rule: 'b' }] }, 'selectors[1]'],
    ['a rule that cannot be one', { selectors: [{ rule: 'No Such Rule' }] }, 'selectors[0].ruleId'],
    ['a path that climbs', { selectors: [{ rule: 'a' }, { path: '../**' }] }, 'selectors[1].pattern'],
    [
      'a component that is none',
      { selectors: [{ rule: 'a' }, { component: 'left-pad' }] },
      'selectors[1].purl',
    ],
    [
      'an end before its beginning',
      { effectiveFrom: '2026-12-02T00:00:00Z', effectiveUntil: '2026-12-01T00:00:00Z' },
      'effectiveUntil',
    ],
    [
      'an end that has passed',
      { effectiveFrom: '2026-11-01T00:00:00Z', effectiveUntil: '2026-11-02T00:00:00Z' },
      'effectiveUntil',
    ],
    ['no reason', { reason: '  ' }, 'reason'],
    ['prose for a reference', { reference: 'ask Lou' }, 'reference'],
  ])('with %s is refused, naming the field', async (_what, wrong, path) => {
    expect(await asked(wrong)).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT', path });
  });

  it('for longer than the access policy allows is refused with the limit', async () => {
    const effectiveUntil = new Date(app.clock.now() + 8 * DAY_MS).toISOString();
    expect(await asked({ severity: 'CRITICAL', effectiveUntil })).toMatchObject({
      __typename: 'WaiverTooLong',
      maxDurationDays: 7,
    });
  });

  it('with a selector of two kinds, or none, is refused', async () => {
    for (const selector of [{ rule: 'a', gate: 'GATE_X' }, {}]) {
      const input = { ...waiverFor(app, build, 'a'), selectors: [selector] };
      const { errors } = await app.graphql('lead', 'request-waiver', { input });
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_REQUEST']);
    }
  });

  it.each(['approve-waiver', 'refuse-waiver', 'revoke-waiver'])(
    'that does not exist: %s says so',
    async (operation) => {
      for (const waiverId of [randomUUID(), 'no-uuid'])
        expect(
          await app.command(operation === 'revoke-waiver' ? 'officer' : 'approver', operation, {
            waiverId,
            note: 'x',
          }),
        ).toMatchObject({ __typename: 'WaiverNotFound', code: 'WAIVER_NOT_FOUND' });
    },
  );
});

describe('a request', () => {
  const codesOf = async (body: string | object, subject = 'auditor') => {
    const { status, text } = await app.post(app.tokenFor(subject), body);
    const { data, errors } = JSON.parse(text);
    return { status, data, codes: errors?.map(({ extensions }: Answer) => extensions.code), errors };
  };
  const wide = (fields: string) => Array.from({ length: 60 }, (_, i) => `a${String(i)}: ${fields}`).join(' ');

  it.each<[string, string | object, RegExp]>([
    ['that is not GraphQL', { query: '{ gates {' }, /Syntax Error/],
    ['for a field that does not exist', { query: '{ gates { colour } }' }, /Cannot query field "colour"/],
    ['for no operation', { query: '' }, /query|operation/i],
    [
      'with a variable of the wrong type',
      { query: 'query($a: ID!) { gate(gateId: $a) { title } }', variables: { a: {} } },
      /\$a/,
    ],
    ['without a required variable', { query: 'query($a: ID!) { gate(gateId: $a) { title } }' }, /\$a/],
    ['with a number beyond 32 bits', { query: '{ ledger(first: 3000000000) { totalCount } }' }, /32-bit|Int/],
    [
      'that is too deep',
      { query: `{ __type(name: "Gate") ${'{ ofType '.repeat(20)}{ name }${' }'.repeat(20)} }` },
      /depth|deep/i,
    ],
    [
      'that costs too much',
      { query: `{ ${wide('ledger(first: 200) { nodes { seq at kind leafHash } }')} }` },
      /cost/,
    ],
    [
      'with U+0000 in a variable',
      { query: 'query($a: ID!) { gate(gateId: $a) { title } }', variables: { a: 'GATE\u0000' } },
      /variables\.a: expected text without U\+0000/,
    ],
    [
      'with U+0000 in its text',
      { query: '{ gate(gateId: "GATE\\u0000") { title } }' },
      /expected text without U\+0000/,
    ],
    [
      'with half a character',
      { query: 'query($a: ID!) { gate(gateId: $a) { title } }', variables: { a: '\ud83d' } },
      /surrogate/,
    ],
    [
      'with a wrong digest',
      {
        query:
          'mutation($d: Digest!) { evaluateGate(input: {gateId: "G", digest: $d, idempotencyKey: "k"}) { __typename } }',
        variables: { d: 'sha256:12' },
      },
      /sha256:<64 lower-case hex digits>/,
    ],
    [
      'with a time that is none',
      { query: '{ artefact(digest: "x") { registeredAt } waivers(after: 3) { totalCount } }' },
      /String cannot represent|expected/i,
    ],
  ])('%s is the caller’s mistake, and says what is wrong', async (_what, body, message) => {
    const { data, codes, errors } = await codesOf(body);
    expect(data).toBeNull();
    expect(new Set(codes)).toEqual(new Set(['BAD_REQUEST']));
    expect(errors[0].message).toMatch(message);
  });

  it('names every mistake at once', async () => {
    const { codes } = await codesOf({ query: '{ gates { colour taste } }' });
    expect(codes).toEqual(['BAD_REQUEST', 'BAD_REQUEST']);
  });

  it.each<[string, string | object, number]>([
    ['that is too large', { query: `# ${'x'.repeat(2 ** 21)}\n{ gates { gateId } }` }, 413],
    ['that is not JSON', '{"query": ', 400],
  ])('%s is refused before it is read, and nobody is alarmed', async (_what, body, expected) => {
    const alarms = app.log.length;
    const { status, codes } = await codesOf(body);
    expect([status, codes]).toEqual([expected, ['BAD_REQUEST']]);
    expect(app.log).toHaveLength(alarms);
  });
});

describe('Rego', () => {
  const check = (files: object[]) => app.ask('officer', 'check-policy', { files });

  it('that compiles is told so', async () => {
    const text = 'package assay.rules.mine\n\nallow if input.x == 1\n';
    expect(await check([{ path: 'rules/mine/mine.rego', text }])).toMatchObject({
      __typename: 'PolicyChecked',
      files: 1,
      opaVersion: '1.22.0',
    });
  });

  it('that does not compile is answered with all its errors, by file, row and column', async () => {
    const answer = await nothingStoredBy(app, () =>
      check([
        { path: 'rules/b/b.rego', text: 'package b\n\nallow if missing(1)\n\ndeny if also_missing(2)\n' },
        { path: 'rules/a/a.rego', text: 'package a\n\nallow if nowhere(1)\n' },
      ]),
    );
    expect(answer).toMatchObject({ __typename: 'RegoInvalid', code: 'REGO_INVALID' });
    expect(answer.errors.map(({ code, file, row, column }: Answer) => [code, file, row, column])).toEqual([
      ['rego_type_error', 'rules/a/a.rego', 3, 10],
      ['rego_type_error', 'rules/b/b.rego', 3, 10],
      ['rego_type_error', 'rules/b/b.rego', 5, 9],
    ]);
  });

  it.each<[string, object[], string]>([
    ['that does not parse', [{ path: 'a.rego', text: 'package a\n\nallow if {\n' }], 'RegoInvalid'],
    [
      'that reaches for the network',
      [{ path: 'a.rego', text: 'package a\n\nx := http.send({"method": "get", "url": "http://a"})\n' }],
      'RegoInvalid',
    ],
    ['outside its folder', [{ path: '../../etc/a.rego', text: 'package a\n' }], 'RegoInvalid'],
    [
      'twice under one path',
      [
        { path: 'a.rego', text: 'package a\n' },
        { path: 'a.rego', text: 'package a\n' },
      ],
      'RegoInvalid',
    ],
    ['of no file', [], 'InvalidInput'],
    [
      'of too many files',
      Array.from({ length: 201 }, (_, i) => ({ path: `${String(i)}.rego`, text: 'package a\n' })),
      'InvalidInput',
    ],
  ])('%s is refused', async (_what, files, problem) => {
    expect(await check(files)).toMatchObject({ __typename: problem });
  });
});

describe('without OPA', () => {
  let without: TestApplication;
  beforeAll(async () => {
    without = await openTestApplication({ opaPath: join(import.meta.dirname, 'bad-input.spec.ts') }); // not a program
  });
  afterAll(() => without.close());

  it('authoring says what to do about it, and gates go on judging', async () => {
    const files = [{ path: 'a.rego', text: 'package a\n' }];
    expect(await without.ask('officer', 'check-policy', { files })).toMatchObject({
      __typename: 'OpaUnavailable',
      code: 'OPA_UNAVAILABLE',
      remedy: expect.stringContaining('ASSAY_OPA'),
    });
    const one = await registerBuild(without);
    await uploadAll(without, one, [report('bandit.sarif')]);
    await without.normalise();
    expect(await evaluate(without, one)).toMatchObject({ __typename: 'Decision', verdict: 'FAIL' });
  });
});
