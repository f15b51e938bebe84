import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { PackTaker } from '../support/export.js';
import { tellEverything, type Told } from '../support/whole-story.js';
import { judge } from '../verifier/kit.js';

jest.setTimeout(120_000);

let app: TestApplication;
let packs: PackTaker;
let story: Told;
beforeAll(async () => {
  app = await openTestApplication();
  packs = new PackTaker(app);
  story = await tellEverything(app);
});
afterAll(() => app.close());

const rows = (files: ReadonlyMap<string, Buffer>): string[] =>
  String(files.get('decisions.csv')).trimEnd().split('\n').slice(1);

it('a pack from before an erasure still verifies, and the one after it says the same of every decision', async () => {
  const before = await packs.packOf();
  const kept = String(before.files.get('checkpoint'));
  const replayed = () => app.ask('auditor', 'replay-decision', { id: story.decision.id });
  const replayBefore = await replayed();
  expect(replayBefore).toMatchObject({ same: true });

  // The lead asked for the waiver that the decision rests on.
  const { nodes } = await app.ask('data-protection', 'persons', { first: 200 });
  const lead = nodes.find(({ displayName }: Answer) => displayName === 'Lou Lead');
  const erased = await app.command('data-protection', 'erase-person', {
    principalId: lead.principalId,
    reason: 'They asked',
  });
  expect(erased.__typename).toBe('Erasure');
  await app.integrate();

  // Proofs: the very pack that somebody keeps, judged by the verifier alone, and again as it is handed over now.
  expect((await judge(before.files)).findings).toEqual([]);
  const again = await packs.files(before.asked.id);
  expect([...again].every(([name, bytes]) => before.files.get(name)?.equals(bytes))).toBe(true);
  // History: the pack of today is the continuation of the one that was kept.
  const after = await packs.packOf({ previousCheckpoint: kept });
  expect((await judge(after.files, { checkpoint: kept })).findings).toEqual([]);
  // Figures: each decision's row, and so whatever is counted from them, is the same.
  expect(rows(before.files).length).toBeGreaterThan(0);
  expect(rows(after.files)).toEqual(rows(before.files));
  for (const name of ['decisions.jsonl', `entries/${(rows(before.files)[0] ?? '').split(',')[0] ?? ''}.json`])
    expect(after.files.get(name)).toEqual(before.files.get(name));
  // Replay: judged again it comes out the same.
  expect(await replayed()).toEqual(replayBefore);
});
