import { randomBytes } from 'node:crypto';
import { digestFrom } from '../../src/kernel/digest.js';
import { openTestApplication, START, type Answer, type TestApplication } from '../support/application.js';

const HOUR_MS = 3_600_000;
/** A clock that is put forward and back by an hour, that stands still, and that runs backwards. */
const MOVES_MS = [0, HOUR_MS, -2 * HOUR_MS, 0, 0, HOUR_MS, -1, -1, -1, 500, -HOUR_MS, HOUR_MS + 1] as const;

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
}, 60_000);
afterAll(() => app.close());

interface Entry {
  readonly seq: number;
  readonly at: Date;
  readonly ts_start: string;
  readonly digest: string;
}

const registered = (): Promise<Entry[]> =>
  app.database.admin.query<Entry[]>(
    `SELECT seq::int, at, ts_start, artefact_digest AS digest FROM ledger.fact JOIN ledger.entry USING (seq)
     WHERE kind = 'artefact.registered' ORDER BY seq`,
  );

const register = (digest: string): Promise<Answer> =>
  app.command('service', 'register-artefact', {
    project: 'shop',
    artId: 'ART_CLOCK',
    name: 'Built while the clock was moved',
    digest,
  });

test('the order of entries is that of the requests, however the clock of the service is moved', async () => {
  const digests: string[] = [];
  const told: string[] = [];
  for (const move of MOVES_MS) {
    app.clock.advance(move);
    const digest = digestFrom(`gitCommit:${randomBytes(20).toString('hex')}`);
    expect(await register(digest)).toMatchObject({ __typename: 'ArtefactVersion', digest });
    digests.push(digest);
    told.push(new Date(app.clock.now()).toISOString());
  }
  const entries = await registered();
  expect(entries.map(({ digest }) => digest)).toEqual(digests);
  entries.forEach(({ seq }, n) => {
    expect(seq).toBe(entries[0]!.seq + n);
  });
  // The statements say the moved clock's time and nothing smooths it; the database's own time tells them apart.
  expect(entries.map(({ ts_start }) => ts_start)).toEqual(told);
  expect(told).not.toEqual(told.toSorted());
  expect(entries.map(({ at }) => at.getTime())).toEqual(
    entries.map(({ at }) => at.getTime()).toSorted((a, b) => a - b),
  );
});

test('a retry after the clock was moved is answered with the first entry', async () => {
  const input = {
    project: 'shop',
    artId: 'ART_CLOCK',
    name: 'Built while the clock was moved',
    digest: digestFrom(`gitCommit:${randomBytes(20).toString('hex')}`),
    idempotencyKey: 'once, before and after the clock was put back',
  };
  const first = await app.ask('service', 'register-artefact', { input });
  const before = (await registered()).length;
  for (const move of [-HOUR_MS, 2 * HOUR_MS]) {
    app.clock.advance(move);
    expect(await app.ask('service', 'register-artefact', { input })).toEqual(first);
  }
  expect(await registered()).toHaveLength(before);
});

test('the tree grows and is signed over all of it', async () => {
  await app.integrate();
  app.clock.advance(START - app.clock.now() - HOUR_MS);
  await register(digestFrom(`gitCommit:${randomBytes(20).toString('hex')}`));
  await app.integrate();
  const [row] = await app.database.admin.query<{ signed: boolean }[]>(
    'SELECT (SELECT max(size) FROM ledger.checkpoint) = next AS signed FROM ledger.seqcoord',
  );
  expect(row).toEqual({ signed: true });
});
