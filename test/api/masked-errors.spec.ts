import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { CLEAN, registerBuild, type Build } from '../support/shop.js';

let app: TestApplication;
let build: Build;
beforeAll(async () => {
  app = await openTestApplication();
  build = await registerBuild(app);
  await app.database.admin.query('DROP TABLE assay.evidence CASCADE');
});
afterAll(() => app.close());

/** What a caller has no business to know of our insides. */
const INSIDES = /assay\.|relation|SELECT|INSERT|postgres|password|evidence_id|at .+\.ts:|node_modules/;

describe('a fault of ours', () => {
  it('is masked: the caller gets an id, the log has the rest under it', async () => {
    const answer = await request(app.server)
      .post('/graphql')
      .set('authorization', `Bearer ${app.tokenFor('auditor')}`)
      .set('x-request-id', 'req-of-the-caller')
      .send({ query: `{ gates { gateId } artefact(digest: "${build.digest}") { evidence { id } } }` });
    expect(answer.status).toBe(200);
    expect(answer.headers['x-request-id']).toBe('req-of-the-caller');
    expect(answer.body.errors).toEqual([
      expect.objectContaining({
        message: 'Internal error; the log has it under request req-of-the-caller',
        extensions: { code: 'INTERNAL' },
      }),
    ]);
    expect(JSON.stringify(answer.body)).not.toMatch(INSIDES);
    const line = app.log
      .map((each): Answer => JSON.parse(each))
      .find(({ reqId }) => reqId === 'req-of-the-caller');
    expect(line).toMatchObject({
      msg: 'internal error',
      err: { message: expect.stringContaining('evidence') },
    });
  });

  it('leaves what does not depend on it as it was', async () => {
    const { text } = await app.post(app.tokenFor('auditor'), { query: '{ gates { gateId } }' });
    const { data, errors } = JSON.parse(text);
    expect([data, errors]).toEqual([
      { gates: [{ gateId: 'GATE_DOD' }, { gateId: 'GATE_RELEASE' }] },
      undefined,
    ]);
  });

  it('is masked on an upload, too', async () => {
    const { status, text } = await app.upload(CLEAN.sast, build);
    expect(status).toBe(500);
    expect(text).not.toMatch(INSIDES);
  });

  it('never writes a token into the log', () => {
    expect(app.log.length).toBeGreaterThan(0);
    for (const line of app.log) expect(line).not.toContain(app.tokenFor('auditor').split('.')[2]);
  });
});
