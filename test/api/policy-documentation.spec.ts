import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';

let app: TestApplication;
let versions: Answer[];
beforeAll(async () => {
  app = await openTestApplication();
  versions = await app.database.admin.query(
    'SELECT policy_id AS "policyId", version, document FROM assay.policy_version ORDER BY policy_id, version',
  );
}, 60_000);
afterAll(() => app.close());

const documentation = async (policyId: string, version: string, language = 'EN'): Promise<string> =>
  (await app.ask('developer', 'policy-documentation', { policyId, version, language }))
    .documentation as string;

describe('the documentation of a policy', () => {
  it('names every rule, parameter, control and message of every pack, in both languages', async () => {
    expect(versions.length).toBeGreaterThan(3);
    for (const { policyId, version, document } of versions) {
      const { rules, parameters, title } = JSON.parse(document);
      const [en, nl] = [await documentation(policyId, version), await documentation(policyId, version, 'NL')];
      expect(en.startsWith(`# ${title.en.slice(0, 10)}`)).toBe(true);
      for (const text of [en, nl]) {
        for (const { ruleId, controls, messages } of rules) {
          expect(text).toContain(`\`${ruleId}\``);
          for (const named of [...controls, ...Object.keys(messages)]) expect(text).toContain(`\`${named}\``);
        }
        for (const name of Object.keys(parameters)) expect(text).toContain(`| \`${name}\` |`);
      }
      expect(nl).toContain('## Regels');
    }
  });

  it('is well-formed Markdown: each table row has the cells of its head, and no markup of the authors', async () => {
    for (const { policyId, version } of versions) {
      const text = await documentation(policyId, version);
      const rows = text.split('\n').filter((line) => line.startsWith('|'));
      for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(6);
      expect(text).not.toMatch(/<[a-z]/i);
    }
  });
});
