import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '../../src/app/compose/services.js';
import { DEMO_SETUP } from '../../src/app/seed/demo.js';
import { applySetup } from '../../src/app/setup/apply-setup.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { brokenBuild, GATE, putBack } from '../support/gate-runs.js';
import { someDigest, waiverFor, type Build } from '../support/shop.js';
import { actorOf } from '../support/whole-story.js';

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
  const services = composeServices({
    ...app.platform,
    config: { ...app.platform.config, opaPath: process.env['ASSAY_TEST_OPA'] },
  });
  const { root, jwtIssuer: issuer } = app.platform.config;
  const organisation = { ...DEMO_SETUP.organisation, slug: 'rival', name: 'Rival' };
  await applySetup(services, { ...DEMO_SETUP, organisation }, { root, issuer, logger: app.platform.logger });
  await services.close();
}, 240_000);
afterAll(async () => {
  putBack();
  await app.close();
});

/** A command in the other organisation, as its people. */
async function inRival(subject: string, operation: string, input: object): Promise<Answer> {
  const query = readFileSync(
    join(import.meta.dirname, `../../graphql/operations/${operation}.graphql`),
    'utf8',
  );
  const variables = { input: { idempotencyKey: randomUUID(), ...input } };
  const { text } = await app.post(app.tokenFor(subject, 'rival'), { query, variables });
  const { data, errors } = JSON.parse(text);
  if (errors) throw new Error(text);
  return Object.values(data as object)[0];
}

async function rivalBuild(): Promise<Build> {
  const build = { artId: 'ART_RIVAL', digest: someDigest() };
  await inRival('service', 'register-artefact', { project: 'shop', name: 'Theirs', ...build });
  return build;
}

const inLanguage = (refused: Answer, wanted: string): string =>
  refused.texts.find(({ language }: Answer) => language === wanted).text;

describe('a refusal of one case', () => {
  it('names the rule, the process role that would be needed, and where, in each language', async () => {
    const gate = { ...GATE, gateId: 'GATE_REFUSED', retry: { ...GATE.retry, count: 0 } };
    await app.command('officer', 'define-gate', gate);
    const { build, mend } = await brokenBuild(app);
    await app.command('service', 'evaluate-gate', { gateId: 'GATE_REFUSED', ...build });
    mend();
    const [run] = await app.database.admin.query<{ id: string }[]>(
      'SELECT run_id AS id FROM assay.gate_run WHERE artefact_digest = $1',
      [build.digest],
    );
    const refused = await app.command('developer', 'resume-run', { runId: run!.id, note: 'Again' });
    expect(refused).toMatchObject({
      __typename: 'NotPermitted',
      code: 'NOT_PERMITTED',
      refusal: { code: 'not-its-owner' },
      rule: { policyId: 'access', policyVersion: '1.5.0', ruleId: 'gate-run' },
      needed: {
        ...{ permission: null, roles: [], processRoles: ['QA'], place: 'PROJECT' },
        ...{ person: false, anotherPerson: false },
      },
      remedy: expect.stringContaining('process role that the run waits for'),
    });
    expect(refused.message).toBe(inLanguage(refused, 'EN'));
    expect(refused.message).toMatch(
      /^Denied: the run waits for QA, .* Needed: the process role QA, in the project\.$/,
    );
    expect(inLanguage(refused, 'NL')).toMatch(
      /^Geweigerd: de run wacht op QA, .* Nodig: de procesrol QA, in het project\.$/,
    );
  });

  it('says when it takes somebody else', async () => {
    const { principalId } = await actorOf(app, 'admin');
    const refused = await app.command('admin', 'give-grant', { principalId, role: 'auditor', reason: 'x' });
    expect(refused).toMatchObject({
      ...{ __typename: 'NotPermitted', refusal: { code: 'own-grant' }, rule: { ruleId: 'administration' } },
      needed: { anotherPerson: true, roles: [], processRoles: [], permission: null, place: 'ORGANISATION' },
    });
    expect(inLanguage(refused, 'NL')).toBe(
      'Geweigerd: niemand geeft zichzelf een rol. Nodig: een andere persoon.',
    );
  });
});

describe('a refusal of a whole field', () => {
  const ask = async (query: string): Promise<Answer> =>
    JSON.parse((await app.post(app.tokenFor('data-protection'), { query })).text).errors[0];

  it('names the permission and the roles that have it, in the message and as data', async () => {
    const refused = await ask('{ gates { gateId } }');
    expect(refused.message).toMatch(
      /^gate\.read: role-lacks-permission\. Denied: .* Needed: the permission gate\.read, which admin or approver or .* has, in the whole organisation\.$/,
    );
    expect(refused.extensions).toMatchObject({
      code: 'FORBIDDEN',
      refusal: {
        ...{ permission: 'gate.read', reasonCode: 'role-lacks-permission' },
        rule: { policyId: 'access', policyVersion: '1.5.0', ruleId: 'authorise' },
        needed: {
          permission: 'gate.read',
          place: 'ORGANISATION',
          roles: expect.arrayContaining(['auditor']),
        },
      },
    });
    expect(refused.extensions.refusal.needed.roles).not.toContain('data-protection');
    expect(inLanguage(refused.extensions.refusal, 'NL')).toMatch(
      /^Geweigerd: .* Nodig: de bevoegdheid gate\.read/,
    );
  });

  it('is the same for what another organisation has and for what nobody has', async () => {
    const theirs = await inRival(
      'lead',
      'request-waiver',
      waiverFor(app, await rivalBuild(), 'coverage-floor'),
    );
    expect(theirs).toMatchObject({ __typename: 'Waiver', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const [{ orgId }] = await app.database.admin.query<[{ orgId: string }]>(
      'SELECT org_id AS "orgId" FROM assay.waiver WHERE waiver_id = $1',
      [theirs.id],
    );
    const of = async (id: string): Promise<string> =>
      JSON.stringify(await ask(`{ waiver(id: "${id}") { id } }`));
    const refused = await of(theirs.id);
    expect(await of(randomUUID())).toBe(refused);
    // It is there, for those whose it is.
    const { text } = await app.post(app.tokenFor('auditor', 'rival'), {
      query: `{ waiver(id: "${theirs.id}") { id } }`,
    });
    expect(JSON.parse(text).data.waiver.id).toBe(theirs.id);
    expect(refused).not.toContain(orgId);
    expect(refused.toLowerCase()).not.toContain('rival');
  });
});
