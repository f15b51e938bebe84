import type { EntityManager } from 'typeorm';
import type { Authoriser } from '../../access/authoriser.service.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import type { BundleSources } from '../../policy/bundle-sources.port.js';
import { DraftChecker } from '../../policy/draft/check.service.js';
import { DraftContents } from '../../policy/draft/contents.service.js';
import { DraftDesk } from '../../policy/draft/desk.service.js';
import { DraftTools } from '../../policy/draft/tools.service.js';
import { PgDraftRead } from '../../policy/draft/draft.read.pg.js';
import { DraftService } from '../../policy/draft/draft.service.js';
import { PgDraftStore } from '../../policy/draft/draft.store.pg.js';
import { PolicyPublicationService } from '../../policy/draft/publication.service.js';
import type { PolicyRead } from '../../policy/policy.read.js';
import type { PublishService } from '../../policy/publish.service.js';
import { ReviewService } from '../../policy/draft/review.service.js';
import type { RegoToolchain } from '../../rego/compiler.port.js';
import type { Platform } from '../platform/platform.js';
import { readLibrary } from './packs.io.js';
import { RegoPublicationPolicy } from './publication-policy.js';
import { ofOrganisations } from '../database/on-behalf-of.js';

/** What the work on policies stands on. */
export interface PolicyWorkFoundation {
  readonly policyRead: PolicyRead;
  readonly ledgerRead: LedgerRead;
  readonly bundleSources: BundleSources;
  readonly authoriser: Authoriser;
  readonly toolchain: RegoToolchain;
  readonly publishing: PublishService;
  readonly withLedger: <Stores extends object>(
    storesOn: (manager: EntityManager) => Stores,
  ) => InTransaction<Stores & { ledger: Ledger }>;
}

/** Drafts, reviews and publication. */
export function composePolicyWork(
  { config, database, blobs, clock }: Platform,
  { policyRead, ledgerRead, bundleSources, authoriser, ...on }: PolicyWorkFoundation,
) {
  const read = ofOrganisations(database.manager, PgDraftRead);
  const tx = on.withLedger((manager) => ({ drafts: ofOrganisations(manager, PgDraftStore) }));
  const contents = new DraftContents(blobs);
  const policy = new RegoPublicationPolicy(authoriser);
  const library = readLibrary(config.root);
  const checker = new DraftChecker(on.toolchain, { modules: () => library });
  const drafts = new DraftService(tx, read, contents, clock);
  const means = { checker, contents, policy, stale: drafts };
  return {
    draftRead: read,
    drafts,
    draftTools: new DraftTools(tx, read, contents, checker, drafts, clock),
    draftDesk: new DraftDesk(read, policyRead, contents, bundleSources, policy, ledgerRead),
    policyReviews: new ReviewService(tx, read, policyRead, means, clock),
    policyPublication: new PolicyPublicationService(tx, read, policyRead, on.publishing, means, clock),
  };
}
