import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { composeServices } from '../../src/app/compose/services.js';
import { DEMO_SETUP } from '../../src/app/seed/demo.js';
import { applySetup } from '../../src/app/setup/apply-setup.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { brokenBuild, GATE, putBack } from '../support/gate-runs.js';
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
    const issuer = app.platform.config.jwtIssuer;
    const theirs = await app.services.principals.byClaims({ issuer, subject: 'lead', org: 'rival' });
    if (!theirs) throw new Error('nobody of the other organisation');
    const of = async (id: string): Promise<string> =>
      JSON.stringify(await ask(`{ waiver(id: "${id}") { id } }`));
    const refused = await of(theirs.principalId);
    expect(await of(randomUUID())).toBe(refused);
    expect(refused).not.toContain(theirs.orgId);
    expect(refused.toLowerCase()).not.toContain('rival');
  });
});
