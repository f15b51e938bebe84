import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { actorOf } from '../support/whole-story.js';

// An organisation cannot lock itself out: whoever is the last one who may give roles is neither erased nor disabled,
// nor loses the role; and two who take the last two away at once do not both succeed.

let app: TestApplication;
const people: Record<string, string> = {};
beforeAll(async () => {
  app = await openTestApplication();
  for (const subject of ['admin', 'officer', 'developer', 'data-protection'])
    people[subject] = (await actorOf(app, subject)).principalId as string;
}, 120_000);
afterAll(() => app.close());

const REASON = { reason: 'Asked to be forgotten' };
const erase = (subject: string): Promise<Answer> =>
  app.command('data-protection', 'erase-person', { principalId: people[subject], ...REASON });
const give = (subject: string, by = 'admin'): Promise<Answer> =>
  app.command(by, 'give-grant', { principalId: people[subject], role: 'admin', ...REASON });
const mayErase = async (subject: string): Promise<string> => {
  const { nodes } = await app.ask('data-protection', 'persons', { first: 100 });
  const person = nodes.find(({ principalId }: Answer) => principalId === people[subject]);
  return person.viewerCan[0].reasonCode as string;
};
const grantsOf = async (subject: string): Promise<Answer[]> =>
  (await app.ask('admin', 'grants', { principalId: people[subject], inForce: true })).nodes;
const erasures = async (): Promise<number> =>
  (await app.ask('data-protection', 'erasures')).totalCount as number;

it('the last administrator is not erased, and is there to be asked afterwards', async () => {
  expect(await mayErase('admin')).toBe('last-administrator');
  expect(await mayErase('officer')).toBe('ok');
  expect(await erase('admin')).toMatchObject({
    __typename: 'LastAdministrator',
    code: 'LAST_ADMINISTRATOR',
  });
  expect(await erasures()).toBe(0);
  expect(await grantsOf('admin')).not.toEqual([]);
});

it('one of two administrators is; the other one has become the last', async () => {
  const given = await give('officer');
  expect(given).toMatchObject({ __typename: 'Grant' });
  expect(await mayErase('admin')).toBe('ok');
  const revoke = { grantId: given.id, ...REASON, idempotencyKey: randomUUID() };
  const [erased, revoked] = await Promise.all([
    erase('admin'),
    app.graphql('admin', 'revoke-grant', { input: revoke }),
  ]);
  const outcomes = [
    erased.__typename,
    revoked.errors?.[0]?.extensions.code ??
      revoked.data.revokeGrant.refusal?.code ??
      revoked.data.revokeGrant.__typename,
  ];
  // Whichever was first: the other one would have left nobody.
  expect([
    ['Erasure', 'last-administrator'],
    ['LastAdministrator', 'Grant'],
    ['Erasure', 'FORBIDDEN'],
    ['Erasure', 'UNAUTHENTICATED'], // the caller was erased before the question reached anybody
  ]).toContainEqual(outcomes);
  const last = outcomes[0] === 'Erasure' ? 'officer' : 'admin';
  expect(await mayErase(last)).toBe('last-administrator');
  expect(await erase(last)).toMatchObject({ __typename: 'LastAdministrator' });
});
