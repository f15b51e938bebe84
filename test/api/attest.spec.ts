import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openWorker } from '../../src/app/doors/open-worker.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { registerBuild, type Build } from '../support/shop.js';
import { WaiverSteps } from '../support/waivers.js';

let app: TestApplication;
let build: Build;
let worker: Awaited<ReturnType<typeof openWorker>>;
beforeAll(async () => {
  app = await openTestApplication();
  build = await registerBuild(app);
  worker = await openWorker(app.platform.config);
});
afterAll(async () => {
  await worker.close();
  await app.close();
});

const ITEMS = [
  { itemId: 'restore-tried', answer: 'YES', note: 'Restored last night, 14 minutes.' },
  { itemId: 'on-call-knows', answer: 'NOT_APPLICABLE' },
  { itemId: 'rollback-tried', answer: 'NO' },
];
const attest = (subject: string, given: object = {}): Promise<Answer> =>
  app.command(subject, 'attest', { ...build, checklistId: 'CHK_RELEASE', items: ITEMS, ...given });

async function documentOf(digest: string): Promise<Answer> {
  for (let tried = 0; tried < 200; tried += 1) {
    const [report] = await app.database.admin.query(
      `SELECT r.document_digest AS document FROM assay.evidence_report r
         JOIN assay.evidence e USING (evidence_id) WHERE e.stored_digest = $1`,
      [digest],
    );
    if (report) {
      const token = app.tokenFor('developer');
      const query = `query ($d: String!) { evidence(digest: $d) { state format kinds document uploadedBy } }`;
      const { text } = await app.post(token, { query, variables: { d: digest } });
      return JSON.parse(text).data.evidence;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('never normalised');
}

describe('what a person vouches for', () => {
  it('becomes evidence in that person’s name, with the login on record', async () => {
    const login = { minutesAgo: 3, amr: ['pwd', 'mfa'] };
    const said = { ...build, checklistId: 'CHK_RELEASE', items: ITEMS, context: { role: 'QA' } };
    const given = await new WaiverSteps(app).withLogin('officer', login, 'attest', said);
    expect(given).toMatchObject({ __typename: 'Evidence', state: 'RECEIVED' });
    const evidence = await documentOf(given.digest);
    expect(evidence).toMatchObject({
      state: 'COMPLETE',
      format: 'assay.attestation/1',
      kinds: ['attestation'],
    });
    expect(evidence.uploadedBy).toBe(given.uploadedBy);
    const by = { checklistId: 'CHK_RELEASE', by: given.uploadedBy, evidence: [] };
    expect(evidence.document.attestations).toEqual([
      {
        ...by,
        ...{ itemId: 'restore-tried', answer: 'yes', note: 'Restored last night, 14 minutes.' },
        at: expect.any(String),
      },
      { ...by, itemId: 'on-call-knows', answer: 'not-applicable', note: null, at: expect.any(String) },
      { ...by, itemId: 'rollback-tried', answer: 'no', note: null, at: expect.any(String) },
    ]);
    const rows: { statement: string }[] = await app.database.admin.query(
      `SELECT statement FROM ledger.fact WHERE kind = 'evidence.received' ORDER BY seq DESC LIMIT 1`,
    );
    const facts = JSON.parse(rows[0]?.statement ?? '{}').predicate['urn:assay:facts:v1'];
    expect(facts).toMatchObject({
      ...{ amr: ['pwd', 'mfa'], authTime: Math.floor(app.clock.now() / 1000) - 3 * 60, role: 'QA' },
      details: { evidenceId: given.id, source: 'people/attestation' },
    });
    // Who it was is in the log by a pseudonym alone.
    expect(rows[0]?.statement).not.toContain(given.uploadedBy);
  });

  it('is said once, however often it is sent', async () => {
    const idempotencyKey = randomUUID();
    const first = await attest('developer', { idempotencyKey });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await attest('developer', { idempotencyKey })).toEqual(first);
    const others = [{ itemId: 'restore-tried', answer: 'NO' }];
    expect(await attest('developer', { idempotencyKey, items: others })).toMatchObject({
      __typename: 'IdempotencyConflict',
    });
    expect(await attest('officer', { idempotencyKey })).toMatchObject({ __typename: 'IdempotencyConflict' });
  });

  it('is refused, with its place, where it says nothing or too much', async () => {
    expect(await attest('officer', { items: [] })).toMatchObject({
      __typename: 'InvalidInput',
      path: 'input.items',
    });
    expect(await attest('officer', { items: [ITEMS[0], ITEMS[1], ITEMS[0]] })).toMatchObject({
      __typename: 'InvalidInput',
      path: 'input.items.2.itemId',
    });
    expect(await attest('officer', { items: [{ ...ITEMS[0], note: 'x'.repeat(4001) }] })).toMatchObject({
      path: 'input.items.0.note',
    });
    expect(await attest('officer', { checklistId: '' })).toMatchObject({ path: 'input.checklistId' });
    expect(await attest('officer', { digest: `sha256:${'0'.repeat(64)}` })).toMatchObject({
      __typename: 'ArtefactNotFound',
    });
  });

  it('is not for machines, nor for those who only read', async () => {
    for (const subject of ['service', 'auditor', 'admin']) {
      const { errors } = await app.graphql(subject, 'attest', {
        input: { idempotencyKey: randomUUID(), ...build, checklistId: 'CHK_RELEASE', items: ITEMS },
      });
      expect([subject, errors?.[0]?.extensions.code]).toEqual([subject, 'FORBIDDEN']);
    }
  });
});
