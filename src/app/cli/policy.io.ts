import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { differences } from '../../policy/draft/diff.js';
import type { DraftFile } from '../../policy/draft/content.js';
import { DONE, FAILED, REFUSED } from './exit-code.js';
import { PolicyClient } from './policy-client.io.js';
import { PolicyFolder } from './policy-folder.io.js';
import { readServiceSettings } from './policy-settings.js';
import { readArgs, UsageFault } from './usage.js';
import {
  policyAnswer,
  renderConflict,
  renderDifferences,
  renderMistakes,
  renderTests,
  type PolicyAnswer,
} from './render-policy.js';

const draftShape = z
  .looseObject({
    policyId: z.string(),
    version: z.number(),
    state: z.string().nullable(),
    savedBy: z.string(),
    savedAt: z.union([z.string(), z.number()]),
    files: z.array(z.object({ path: z.string(), text: z.string() })),
    review: z
      .looseObject({ id: z.string(), state: z.string(), version: z.string(), approvals: z.number() })
      .nullable(),
  })
  .nullable();

const POLICY_COMMANDS = ['push', 'pull', 'check', 'test', 'fmt', 'diff', 'status'] as const;
type PolicyCommand = (typeof POLICY_COMMANDS)[number];
const isPolicyCommand = (given: string | undefined): given is PolicyCommand =>
  POLICY_COMMANDS.some((each) => each === given);

interface Asked {
  readonly client: PolicyClient;
  readonly folder: PolicyFolder;
  readonly force: boolean;
}

/** `assay policy COMMAND DIR [POLICY] [--force]`: what an officer does in a checkout, through the API like any client. */
export async function policyCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArgs(args, { force: { type: 'boolean' } }, true);
  const [command, dir = '.', policyId, ...more] = positionals;
  if (!isPolicyCommand(command))
    throw new UsageFault(command === undefined ? 'what of it?' : `no such command: ${command}`);
  if (more.length > 0) throw new UsageFault(`one too many: ${more.join(' ')}`);
  const settings = readServiceSettings(process.env);
  if (!settings.ok) {
    for (const problem of settings.problem.problems) console.error(`assay: ${problem}`);
    return FAILED;
  }
  const asked = {
    client: new PolicyClient(settings.value),
    folder: new PolicyFolder(dir, policyId),
    force: values.force === true,
  };
  switch (command) {
    case 'push':
      return push(asked);
    case 'pull':
      return pull(asked);
    case 'check':
      return withPushed(asked, 'check-policy-draft');
    case 'test':
      return withPushed(asked, 'test-policy-draft');
    case 'fmt':
      return format(asked);
    case 'diff':
      return diff(asked);
    case 'status':
      return status(asked);
  }
}

async function push({ client, folder }: Asked): Promise<number> {
  const [policyId, files] = [folder.policyId(), folder.files()];
  const saved = await client.ask(
    'save-policy-draft',
    {
      input: {
        policyId,
        expectedVersion: folder.pulled()?.version ?? 0,
        files,
        idempotencyKey: randomUUID(),
      },
    },
    policyAnswer,
  );
  if (saved.__typename === 'PolicyDraft') {
    folder.remember(policyId, Number(saved.version), files);
    console.log(
      `${policyId} is at version ${String(saved.version)}, ${saved.state?.toLowerCase() ?? 'gone'}`,
    );
    return DONE;
  }
  return refused(saved, folder, files);
}

/** What was edited here is not overwritten: it is named, and `--force` is said by a person. */
async function pull({ client, folder, force }: Asked): Promise<number> {
  const policyId = folder.policyId();
  const draft = await client.ask('policy-draft', { policyId }, draftShape);
  if (!draft) return nothingThere(policyId);
  const theirs = new Map(draft.files.map(({ path, text }) => [path, text]));
  const mine = new Map(folder.files().map(({ path, text }) => [path, text]));
  const edited = folder.changedLocally().filter((path) => mine.get(path) !== theirs.get(path));
  if (edited.length > 0 && !force) {
    for (const path of edited) console.error(`changed here: ${folder.shownPath(path)}`);
    console.error('nothing was pulled: push it, or pull with --force and lose it');
    return REFUSED;
  }
  folder.write(draft.files);
  folder.remember(policyId, draft.version, draft.files);
  console.log(`${policyId} is at version ${String(draft.version)}: ${String(draft.files.length)} files`);
  return DONE;
}

/** The service looks at what it has: so what is here must be there. */
async function withPushed(asked: Asked, operation: string): Promise<number> {
  const { client, folder } = asked;
  if (folder.changedLocally().length > 0) {
    const pushed = await push(asked);
    if (pushed !== DONE) return pushed;
  }
  const version = folder.pulled()?.version;
  const answer = await client.ask(operation, { policyId: folder.policyId(), version }, policyAnswer);
  const show = (path: string): string => folder.shownPath(path);
  if (answer.__typename === 'PolicyTestReport') {
    console.log(renderTests(answer, show));
    return answer.failed === 0 && (answer.passed ?? 0) > 0 ? DONE : REFUSED;
  }
  if (answer.__typename !== 'PolicyDraftChecked') return refused(answer, folder, []);
  console.log('no mistakes');
  return DONE;
}

async function format(asked: Asked): Promise<number> {
  const { client, folder } = asked;
  if (folder.changedLocally().length > 0) {
    const pushed = await push(asked);
    if (pushed !== DONE) return pushed;
  }
  const input = {
    policyId: folder.policyId(),
    expectedVersion: folder.pulled()?.version ?? 0,
    save: true,
    idempotencyKey: randomUUID(),
  };
  const answer = await client.ask('format-policy-draft', { input }, policyAnswer);
  if (answer.__typename !== 'PolicyDraftFormatted') return refused(answer, folder, folder.files());
  for (const path of answer.changed ?? []) console.log(`formatted ${folder.shownPath(path)}`);
  return pull({ ...asked, force: true });
}

/** Exit code 1 when there are differences, as diff has it. */
async function diff({ client, folder }: Asked): Promise<number> {
  const policyId = folder.policyId();
  const draft = await client.ask('policy-draft', { policyId }, draftShape);
  if (!draft) return nothingThere(policyId);
  const found = differences(draft.files, folder.files());
  console.log(renderDifferences(found));
  return found.length === 0 ? DONE : REFUSED;
}

async function status({ client, folder }: Asked): Promise<number> {
  const policyId = folder.policyId();
  const draft = await client.ask('policy-draft', { policyId }, draftShape);
  if (!draft) return nothingThere(policyId);
  const base = folder.pulled()?.version;
  const { version, state, savedBy, savedAt, review } = draft;
  console.log(`${policyId}: version ${String(version)}, ${state?.toLowerCase() ?? 'gone'}`);
  console.log(`saved    by ${savedBy} at ${String(savedAt)}`);
  if (review)
    console.log(
      `review   ${review.id} of ${review.version}: ${review.state.toLowerCase()}, ${String(review.approvals)} approved`,
    );
  if (base !== version) console.log(`here     based on version ${String(base ?? 0)}: pull before you push`);
  for (const path of folder.changedLocally()) console.log(`changed  ${folder.shownPath(path)}`);
  return DONE;
}

function refused(answer: PolicyAnswer, folder: PolicyFolder, files: readonly DraftFile[]): number {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  if (answer.__typename === 'PolicyDraftStale') console.error(renderConflict(answer, texts));
  else if (answer.errors) console.error(renderMistakes(answer.errors, (path) => folder.shownPath(path)));
  else console.error(answer.message ?? answer.__typename ?? 'refused');
  return REFUSED;
}

function nothingThere(policyId: string): number {
  console.error(`there is no draft of ${policyId}: 'assay policy push FOLDER' begins one`);
  return REFUSED;
}
