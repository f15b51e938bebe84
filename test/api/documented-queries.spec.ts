import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { evaluate, judgeableBuild, someDigest } from '../support/shop.js';

/** What `ask '…'` of the documents sends, as the shell would: variables of the shell are filled in below. */
const asked = (file: string): string[] =>
  [
    ...readFileSync(join(import.meta.dirname, '../..', file), 'utf8').matchAll(
      /^ask '(\{[\s\S]*?\})'(?: >|$)/gm,
    ),
  ].map(([, body = '']) => body);
const DOCUMENTED = ['README.md', 'docs/AUDITING.md'].flatMap((file) =>
  asked(file).map((body) => [file, body] as const),
);

let app: TestApplication;
let decisionId: string;
let entries: number;
beforeAll(async () => {
  app = await openTestApplication();
  const decision: Answer = await evaluate(app, await judgeableBuild(app));
  decisionId = decision.id;
  await app.integrate();
  const { text } = await app.post(app.tokenFor('auditor'), { query: '{ checkpoint { size } }' });
  entries = JSON.parse(text).data.checkpoint.size;
});
afterAll(() => app.close());

it('finds the queries of the documents', () => {
  expect(
    DOCUMENTED.map(([file]) => file).filter((file) => file === 'README.md').length,
  ).toBeGreaterThanOrEqual(3);
  expect(DOCUMENTED.length).toBeGreaterThanOrEqual(9);
});

it.each(DOCUMENTED)('answers what %s asks: %s', async (_, written) => {
  expect(entries).toBeGreaterThanOrEqual(35); // as many as the documents' proofs are about
  const digest = someDigest();
  const body = written.replaceAll(`'$DIGEST'`, digest).replaceAll('…', decisionId);
  const subject = body.includes('mutation') ? 'service' : 'auditor';
  if (body.includes('evaluateGate'))
    await app.command('service', 'register-artefact', {
      ...{ project: 'shop', artId: 'ART_MY_BUILD', name: 'Mine', digest },
    });
  const { status, text } = await app.post(app.tokenFor(subject), body);
  const { data, errors }: Answer = JSON.parse(text);
  expect([status, errors]).toEqual([200, undefined]);
  const [answer] = Object.values(data as object);
  expect(answer).not.toBeNull();
  // Of the unions: what was asked for, and not a problem.
  expect(['ArtefactVersion', 'Decision', undefined]).toContain(answer.__typename);
});
