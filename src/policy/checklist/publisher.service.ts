import type { Actor, ProcessContext } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { idempotencyKey, type IdempotencyKey } from '../../kernel/id.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import { actedBy } from '../../ledger/acted.js';
import type { EntryDraft } from '../../ledger/entry.js';
import type { Ledger } from '../../ledger/ledger.js';
import { readDraft, shapeMistakes, type ChecklistContent, type ChecklistDraft } from './content.js';
import type { ChecklistLinker } from './linker.service.js';
import type { PublishChecklistProblem } from './problem.js';
import {
  checklistDigest,
  contentDigest,
  type ChecklistDocument,
  type ChecklistVersion,
} from './checklist.js';
import type { ChecklistStore } from './checklist.store.js';
import type { PolicyRead } from '../policy.read.js';
import type { PolicyVersion } from '../policy-version.js';

export interface PublishChecklist {
  readonly orgId: string;
  readonly draft: ChecklistDraft;
  readonly context: ProcessContext;
  /** The caller's own; the installation's is what it publishes. */
  readonly idempotencyKey: string;
}

type Stores = { checklists: ChecklistStore; ledger: Ledger };
type Outcome = Result<ChecklistVersion, PublishChecklistProblem>;

/** Publishes checklist versions. A published one judges nothing before it is activated. */
export class ChecklistPublisher {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly policies: PolicyRead,
    private readonly linker: ChecklistLinker,
    private readonly clock: Clock,
  ) {}

  /**
   * Pins policy versions and every parameter's value under the checklist's next number. Content that was
   * published before is answered as it was, without the compiler.
   */
  async publish(command: PublishChecklist, by: Actor | 'system'): Promise<Outcome> {
    const { orgId, draft } = command;
    const early = shapeMistakes(draft);
    if (early.length > 0) return failed({ kind: 'ChecklistInvalid', errors: early });
    const policies = await this.pinned(orgId, draft);
    if (!policies.ok) return policies;
    const content = readDraft(draft, policies.value);
    if (!content.ok) return content;
    const caller = by === 'system' ? by : by.principalId;
    const key = idempotencyKey(orgId, `checklist.publish ${caller}`, command.idempotencyKey);
    const known = await this.tx(({ checklists }) => this.find(checklists, orgId, content.value, key));
    if (!known.ok) return known;
    if (known.value) return ok(known.value);
    // Before the transaction: the compiler takes its time, and numbers are not to wait for it.
    const bundle = await this.linker.link(policies.value);
    return this.tx<ChecklistVersion, PublishChecklistProblem>(async ({ checklists, ledger }) => {
      await checklists.lock(orgId, draft.chkId);
      const winner = await this.find(checklists, orgId, content.value, key);
      if (!winner.ok) return winner;
      if (winner.value) return ok(winner.value);
      const [gone] = await checklists.retired(
        orgId,
        content.value.policies.map(({ digest }) => digest),
      );
      if (gone) return failed({ kind: 'PolicyNotPublished', ...gone, reasonCode: 'retired' });
      const [latest] = await checklists.versions(orgId, draft.chkId);
      const version = (latest?.document.version ?? 0) + 1;
      const document: ChecklistDocument = { ...content.value, version, ...(bundle && { bundle }) };
      const published = { digest: checklistDigest(document), document, publishedAt: this.clock.now() };
      await checklists.publish(orgId, published, {
        at: published.publishedAt,
        by: by === 'system' ? null : by.principalId,
        entryKey: key,
      });
      const appended = await ledger.append(publicationEntry(published, { ...command, by, key }));
      return appended.ok ? ok(published) : appended;
    });
  }

  private async pinned(
    orgId: string,
    draft: ChecklistDraft,
  ): Promise<Result<readonly PolicyVersion[], PublishChecklistProblem>> {
    const policies: PolicyVersion[] = [];
    for (const { policyId, version } of draft.policies) {
      const policy = await this.policies.policy(orgId, policyId, version);
      if (!policy)
        return failed({
          kind: 'PolicyNotPublished',
          policyId,
          policyVersion: version,
          reasonCode: 'unknown',
        });
      policies.push(policy);
    }
    return ok(policies);
  }

  /** What was published with this content, or under this key, which then has to be the same. */
  private async find(
    checklists: ChecklistStore,
    orgId: string,
    content: ChecklistContent,
    key: IdempotencyKey,
  ): Promise<Result<ChecklistVersion | undefined, PublishChecklistProblem>> {
    const digest = contentDigest({ ...content, version: 1 });
    const twin = await checklists.publishedUnder(orgId, key);
    if (twin && contentDigest(twin.document) !== digest)
      return failed({ kind: 'IdempotencyConflict', seq: null });
    const versions = await checklists.versions(orgId, content.chkId);
    return ok(versions.find(({ document }) => contentDigest(document) === digest));
  }
}

function publicationEntry(
  { digest, document, publishedAt: at }: ChecklistVersion,
  made: { orgId: string; by: Actor | 'system'; context: ProcessContext; key: IdempotencyKey },
): EntryDraft {
  const { chkId, version } = document;
  const { orgId, by, context, key } = made;
  return {
    orgId,
    kind: 'checklist.published',
    actor: by === 'system' ? by : { principalId: by.principalId },
    subjects: [{ name: `${chkId}@${version}`, digest }],
    facts: {
      tsStart: at,
      tsEnd: at,
      ...actedBy(by, context),
      checklistVersion: `${chkId}@${version}`,
      policyDigests: document.policies.map((policy) => policy.digest),
      // Versions that were published without this member were in force at once.
      details: { id: chkId, version: String(version), digest, needsActivation: true },
    },
    key,
  };
}
