import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { DraftChecker, TestReport } from './check.service.js';
import type { DraftFile } from './content.js';
import type { DraftContents } from './contents.service.js';
import type { DraftProblem } from './problem.js';
import type { DraftRead } from './draft.read.js';
import type { DraftService } from './draft.service.js';
import type { DraftStore } from './draft.store.js';
import type { DraftRecord } from './draft.js';

export interface FormatDraft {
  readonly policyId: string;
  readonly expectedVersion: number;
  /** Otherwise the formatted files are shown, and saving them is the author's own step. */
  readonly save: boolean;
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

/** What an author has done to a saved draft: check, test, format. Only the last can change it, and only if asked. */
export class DraftTools {
  constructor(
    private readonly tx: InTransaction<{ drafts: DraftStore; ledger: Ledger }>,
    private readonly read: DraftRead,
    private readonly contents: DraftContents,
    private readonly checker: DraftChecker,
    private readonly drafts: DraftService,
    private readonly clock: Clock,
  ) {}

  /** Remembers of exactly this content that it was found good: the draft is then *checked*. */
  async check(
    actor: Actor,
    policyId: string,
    version?: number,
  ): Promise<
    Result<{ readonly draft: DraftRecord; readonly files: number; readonly opaVersion: string }, DraftProblem>
  > {
    const found = await this.opened(actor, policyId, version);
    if (!found.ok) return found;
    const { draft, files } = found.value;
    const checked = await this.checker.check(policyId, files);
    if (!checked.ok) return checked;
    const { orgId } = actor;
    const { content, revision } = draft.revision;
    const { opaVersion } = checked.value;
    await this.tx(async ({ drafts }) => {
      if (content)
        await drafts.addCheck({
          ...{ orgId, policyId, opaVersion },
          contentDigest: content.digest,
          at: this.clock.now(),
        });
      return ok(undefined);
    });
    const after = await this.read.find(orgId, policyId, revision);
    return ok({ draft: after ?? draft, files: checked.value.files, opaVersion });
  }

  async test(actor: Actor, policyId: string, version?: number): Promise<Result<TestReport, DraftProblem>> {
    const found = await this.opened(actor, policyId, version);
    return found.ok ? this.checker.test(policyId, found.value.files) : found;
  }

  async format(
    { policyId, expectedVersion, save, context, idempotencyKey }: FormatDraft,
    by: Actor,
  ): Promise<
    Result<
      {
        readonly draft: DraftRecord;
        readonly files: readonly DraftFile[];
        readonly changed: readonly string[];
      },
      DraftProblem
    >
  > {
    const found = await this.opened(by, policyId, expectedVersion);
    if (!found.ok) return found;
    const { draft, files } = found.value;
    const formatted = await this.checker.format(files);
    if (!formatted.ok) return formatted;
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    const changed = formatted.value
      .filter(({ path, text }) => texts.get(path) !== text)
      .map(({ path }) => path);
    if (!save || changed.length === 0) return ok({ draft, files: formatted.value, changed });
    const saved = await this.drafts.save(
      { policyId, expectedVersion, files: formatted.value, context, idempotencyKey },
      by,
    );
    return saved.ok ? ok({ draft: saved.value, files: formatted.value, changed }) : saved;
  }

  private async opened(
    { orgId }: Actor,
    policyId: string,
    version?: number,
  ): Promise<Result<{ readonly draft: DraftRecord; readonly files: readonly DraftFile[] }, DraftProblem>> {
    const draft = await this.read.find(orgId, policyId, version);
    if (!draft?.revision.content) return failed({ kind: 'PolicyDraftNotFound', policyId });
    return ok({ draft, files: await this.contents.load(orgId, draft.revision.content) });
  }
}
