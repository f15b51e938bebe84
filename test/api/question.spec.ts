import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { verifyLedger } from '../../src/app/verify/verify-ledger.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';

const ENTRYPOINT = 'assay/access/authorise/decision';
let app: TestApplication;
let version: string;
beforeAll(async () => {
  app = await openTestApplication();
  const permission = 'policy.evaluate';
  version = (await app.ask('officer', 'explain-access', { permission })).rule.policyVersion;
}, 120_000);
afterAll(() => app.close());

const question = (roles: string[], change: object = {}) => ({
  ...{ policyId: 'access', version, entrypoint: ENTRYPOINT },
  input: { actor: { principalId: 'p', kind: 'person', roles }, permission: 'waiver.approve' },
  ...change,
});
const ask = (input: object, by = 'officer'): Promise<Answer> => app.ask(by, 'evaluate-policy', { input });
const entries = async (): Promise<Answer[]> =>
  (await app.ask('auditor', 'ledger', { filter: { kind: 'policy-decision' }, first: 200 })).nodes;

describe('a question of one’s own', () => {
  it('is answered by the named version, and on record before that', async () => {
    const before = (await entries()).length;
    const allowed = await ask(question(['approver']));
    expect(allowed).toMatchObject({
      ...{ __typename: 'PolicyAnswer', entrypoint: ENTRYPOINT },
      value: { allowed: true, reasonCode: 'ok', roles: ['approver'] },
    });
    expect((await ask(question(['developer']))).value).toMatchObject({ allowed: false });
    const recorded = (await entries()).slice(before);
    expect(recorded.map(({ seq }) => seq)[0]).toBe(allowed.entrySeq);
    expect(recorded.map(({ facts }) => facts.result)).toEqual(['ALLOWED', 'DENIED']);
    const query = `{ ledgerEntry(seq: ${String(allowed.entrySeq)}) { statement } }`;
    const { data } = JSON.parse((await app.post(app.tokenFor('auditor'), { query })).text);
    const statement = JSON.parse(Buffer.from(data.ledgerEntry.statement, 'base64').toString());
    expect(statement.subject).toMatchObject([
      { name: `access@${version}`, digest: { sha256: allowed.policy.digest.slice(7) } },
      { name: 'input', digest: { sha256: allowed.inputDigest.slice(7) } },
      { name: 'answer', digest: { sha256: allowed.answerDigest.slice(7) } },
    ]);
    expect(JSON.stringify(statement)).not.toContain('waiver.approve'); // the input is sealed
  });

  it('is one entry under one key, and a conflict where it is another', async () => {
    const idempotencyKey = randomUUID();
    const [first, again] = [
      await ask(question(['approver'], { idempotencyKey })),
      await ask(question(['approver'], { idempotencyKey })),
    ];
    expect(again.entrySeq).toBe(first.entrySeq);
    expect(await ask(question(['officer'], { idempotencyKey }))).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
  });

  it('leaves no entry where a grant of the caller says so, until that is revoked', async () => {
    const subject = 'authoriser';
    const { id: principalId } = await app.command('admin', 'add-principal', {
      ...{ subject, kind: 'SERVICE', displayName: 'A gateway', reason: 'r' },
    });
    const grant = await app.command('admin', 'give-grant', {
      ...{ principalId, role: 'service', unrecordedPolicies: ['access'], reason: 'High rate' },
    });
    expect(grant.__typename).toBe('Grant');
    const before = (await entries()).length;
    const answers = await app.ask(subject, 'evaluate-policies', {
      input: {
        policyId: 'access',
        version,
        entrypoint: ENTRYPOINT,
        inputs: [{}, question(['approver']).input],
      },
    });
    expect(answers.map(({ value, entrySeq }: Answer) => [value.reasonCode, entrySeq])).toEqual([
      ['question-incomplete', null],
      ['ok', null],
    ]);
    expect(await entries()).toHaveLength(before);
    await app.command('admin', 'revoke-grant', { grantId: grant.id, reason: 'r' });
    await app.command('admin', 'give-grant', { principalId, role: 'service', reason: 'r' });
    expect((await ask(question(['approver']), subject)).entrySeq).toBeGreaterThan(0);
  });

  it('is many at once, each with an entry of its own', async () => {
    const inputs = Array.from({ length: 50 }, (_, i) => question(i % 2 ? ['approver'] : []).input);
    const before = (await entries()).length;
    const input = { policyId: 'access', version, entrypoint: ENTRYPOINT, inputs };
    const answers: Answer[] = await app.ask('officer', 'evaluate-policies', { input });
    expect(answers.map(({ value }) => value.allowed)).toEqual(inputs.map((_, i) => i % 2 === 1));
    expect(new Set(answers.map(({ entrySeq }) => entrySeq)).size).toBe(50);
    expect(await entries()).toHaveLength(before + 50);
  });

  it.each([
    ['of a version that is not published', { version: '9.9.9' }, { code: 'POLICY_VERSION_NOT_FOUND' }],
    [
      'at no entrypoint of it',
      { entrypoint: 'assay/nothing' },
      { code: 'ENTRYPOINT_NOT_FOUND', entrypoints: expect.arrayContaining([ENTRYPOINT]) },
    ],
    ['at none of several', { entrypoint: null }, { code: 'ENTRYPOINT_NOT_FOUND' }],
    [
      'that is too large',
      { input: { x: 'y'.repeat(2 ** 20) } },
      { code: 'POLICY_INPUT_TOO_LARGE', limitBytes: 2 ** 20 },
    ],
  ])('%s has no answer, and is told why', async (_what, change, problem) => {
    expect(await ask(question(['approver'], change))).toMatchObject(problem);
  });

  it('is no auditor’s', async () => {
    const { errors } = await app.graphql('auditor', 'evaluate-policy', { input: question(['approver']) });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

it('the record of it verifies', async () => {
  await app.integrate();
  expect((await verifyLedger(app.platform)).findings).toEqual([]);
});
