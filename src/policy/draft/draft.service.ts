import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { idempotencyKey } from '../../kernel/id.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import { readDraftFiles, type ContentListing, type DraftFile } from './content.js';
import { conflicts } from './diff.js';
import type { DraftContents } from './contents.service.js';
import { revisionEntry } from './entry.js';
import type { DraftProblem, PolicyDraftStale } from './problem.js';
import type { DraftRead } from './draft.read.js';
import type { DraftChange, DraftStore } from './draft.store.js';
import { stateOf, type DraftRecord, type Revision } from './draft.js';
import { transition } from './lifecycle.js';

export interface SaveDraft {
  readonly policyId: string;
  /** The version that the edit was based on; 0 where there was no draft. */
  readonly expectedVersion: number;
  readonly files: readonly DraftFile[];
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}
export type DiscardDraft = Omit<SaveDraft, 'files'>;

type Stores = { drafts: DraftStore; ledger: Ledger };
/** What a stale save is turned into outside the transaction, where texts may be fetched. */
interface Moved {
  readonly kind: 'Moved';
  readonly current: Revision;
}

const POLICY_ID = /^[a-z][a-z0-9-]{0,62}$/;

/**
 * Saving and throwing away. Each save is a revision that stays readable; the next one says which revision it is
 * based on, and is refused with both sides when somebody was faster. Repeated under the same key it changes
 * nothing and answers the same.
 */
export class DraftService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly read: DraftRead,
    private readonly contents: DraftContents,
    private readonly clock: Clock,
  ) {}

  async save(command: SaveDraft, by: Actor): Promise<Result<DraftRecord, DraftProblem>> {
    const { policyId } = command;
    if (!POLICY_ID.test(policyId))
      return failed({ kind: 'InvalidInput', path: 'policyId', expected: 'a to z, 0 to 9 and -, at most 63' });
    const files = readDraftFiles(command.files);
    if (!files.ok) return files;
    const content = await this.contents.keep(by.orgId, files.value);
    const saved = await this.write(command, content, by);
    if (saved.ok) return this.at(by, policyId, saved.value);
    if (saved.problem.kind !== 'Moved') return failed(saved.problem);
    return failed(await this.stale(command, files.value, saved.problem.current));
  }

  /** The draft goes, its revisions stay. An open review of it is over. */
  async discard(command: DiscardDraft, by: Actor): Promise<Result<DraftRecord, DraftProblem>> {
    const discarded = await this.write(command, null, by);
    if (discarded.ok) return this.at(by, command.policyId, discarded.value);
    if (discarded.problem.kind !== 'Moved') return failed(discarded.problem);
    return failed(await this.staleFor(by, command.policyId, command.expectedVersion));
  }

  /** For who wanted to do something with a version that is not the draft's any more. */
  async staleFor(
    by: Actor,
    policyId: string,
    expectedVersion: number,
  ): Promise<PolicyDraftStale | Extract<DraftProblem, { kind: 'PolicyDraftNotFound' }>> {
    const current = await this.read.find(by.orgId, policyId);
    if (!current) return { kind: 'PolicyDraftNotFound', policyId };
    const based = await this.read.find(by.orgId, policyId, expectedVersion);
    const yours = await this.contents.load(by.orgId, based?.revision.content ?? null);
    return this.stale({ policyId, expectedVersion }, yours, current.revision);
  }

  /** Answers the number of the revision that is what the command asked for. */
  private write(
    { policyId, expectedVersion, context, idempotencyKey: callersKey }: DiscardDraft,
    content: ContentListing | null,
    by: Actor,
  ): Promise<Result<number, DraftProblem | Moved>> {
    const { orgId, principalId } = by;
    const action = content ? 'save' : 'discard';
    const key = idempotencyKey(orgId, `policy.draft ${action} ${principalId}`, callersKey);
    return this.tx<number, DraftProblem | Moved>(async ({ drafts, ledger }) => {
      const before = await drafts.findForChange(orgId, policyId);
      const done = await drafts.changeBy(orgId, key);
      if (done) return repeated(drafts, done, { orgId, policyId, content });
      if (!content && !before) return failed({ kind: 'PolicyDraftNotFound', policyId });
      const state = stateOf(before);
      const current = before?.revision;
      // Nothing new: whoever saves what is there already is no author of it.
      if (content && current?.content?.digest === content.digest) return ok(current.revision);
      const expected = state === 'absent' && expectedVersion === 0 ? current?.revision : expectedVersion;
      if (current && current.revision !== expected) return failed({ kind: 'Moved', current });
      if (!current && expectedVersion !== 0)
        return failed({
          kind: 'InvalidInput',
          path: 'expectedVersion',
          expected: '0, for there is no draft',
        });
      const after = transition(policyId, state, action);
      if (!after.ok) return after;
      const at = this.clock.now();
      const revision: Revision = {
        ...{ orgId, policyId, content },
        revision: (current?.revision ?? 0) + 1,
        savedBy: principalId,
        savedAt: at,
      };
      await drafts.addRevision(revision, key);
      const appended = await ledger.append(
        revisionEntry(revision, { before: state, after: after.value, actor: by, context, at, key }),
      );
      return appended.ok ? ok(revision.revision) : appended;
    });
  }

  private async stale(
    { policyId, expectedVersion }: { readonly policyId: string; readonly expectedVersion: number },
    yours: readonly DraftFile[],
    current: Revision,
  ): Promise<PolicyDraftStale> {
    const { orgId } = current;
    const based = await this.read.find(orgId, policyId, expectedVersion);
    const [base, theirs] = await Promise.all([
      this.contents.load(orgId, based?.revision.content ?? null),
      this.contents.load(orgId, current.content),
    ]);
    return {
      kind: 'PolicyDraftStale',
      ...{ policyId, expectedVersion },
      currentVersion: current.revision,
      currentDigest: current.content?.digest ?? null,
      savedBy: current.savedBy,
      savedAt: current.savedAt,
      files: conflicts({ base, yours, theirs }),
    };
  }

  private async at(
    by: Actor,
    policyId: string,
    revision: number,
  ): Promise<Result<DraftRecord, DraftProblem>> {
    const found = await this.read.find(by.orgId, policyId, revision);
    return found ? ok(found) : failed({ kind: 'PolicyDraftNotFound', policyId });
  }
}

/** The key names the actor and the operation already: what is left to compare is what was meant. */
async function repeated(
  drafts: DraftStore,
  done: DraftChange,
  asked: { readonly orgId: string; readonly policyId: string; readonly content: ContentListing | null },
): Promise<Result<number, DraftProblem>> {
  if (done.what === 'revision' && done.policyId === asked.policyId) {
    const saved = await drafts.find(asked.orgId, asked.policyId, done.revision);
    if (saved && saved.revision.content?.digest === asked.content?.digest) return ok(done.revision);
  }
  return failed({ kind: 'IdempotencyConflict', seq: null });
}
