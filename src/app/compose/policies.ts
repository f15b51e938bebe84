import { join } from 'node:path';
import type { Authoriser } from '../../access/authoriser.service.js';
import type { BlobStore } from '../../kernel/blob.js';
import { AuthoringService } from '../../policy/authoring.service.js';
import { BundleStore } from '../../policy/bundle-store.service.js';
import { ActivationService } from '../../policy/checklist/activation.service.js';
import { PgChecklistStore } from '../../policy/checklist/checklist.store.pg.js';
import { ChecklistDesk } from '../../policy/checklist/desk.service.js';
import { ChecklistLinker } from '../../policy/checklist/linker.service.js';
import { ChecklistPublisher } from '../../policy/checklist/publisher.service.js';
import type { ModuleStore } from '../../policy/module-store.port.js';
import { PgPolicyStore } from '../../policy/policy.store.pg.js';
import { PublishService } from '../../policy/publish.service.js';
import { QuestionService } from '../../policy/question/question.service.js';
import { OpaToolchain } from '../../rego/opa/opa.io.js';
import { ofOrganisations } from '../database/on-behalf-of.js';
import type { Platform } from '../platform/platform.js';
import { RegoAccessTrial } from './access-trial.js';
import { findOpa } from './find-opa.io.js';
import type { Foundation } from './foundation.js';
import { ActivationReasons } from './ledger-texts.js';
import { MODULES } from './policy-sources.js';

const modulesIn = (blobs: BlobStore): ModuleStore => ({
  put: (bytes) => blobs.put(MODULES, bytes),
  get: (digest) => blobs.get(MODULES, digest),
});

/** Published policies: writing, publishing and asking them. */
export function composePolicy(
  { config, blobs, clock }: Platform,
  { engine, policyRead, appender, withLedger }: Foundation,
) {
  const toolchain = new OpaToolchain({
    program: findOpa(config),
    regoFolder: join(config.root, 'rego'),
    cacheFolder: join(config.dataDir, 'cache', 'bundles'),
  });
  return {
    toolchain,
    policyRead,
    questions: new QuestionService(policyRead, engine, appender, clock),
    authoring: new AuthoringService(policyRead, toolchain),
    publishing: new PublishService(
      withLedger((on) => ({ policies: ofOrganisations(on, PgPolicyStore) })),
      policyRead,
      toolchain,
      new BundleStore(modulesIn(blobs)),
      clock,
    ),
  };
}

/** Checklists that pin policies: publishing, linking, activating. */
export function composeChecklists(
  { blobs, clock }: Platform,
  { engine, policyRead, checklistRead, ledgerRead, bundleSources, withLedger }: Foundation,
  { authoriser, toolchain }: { authoriser: Authoriser; toolchain: OpaToolchain },
) {
  const stores = withLedger((on) => ({ checklists: ofOrganisations(on, PgChecklistStore) }));
  const linker = new ChecklistLinker(toolchain, bundleSources, new BundleStore(modulesIn(blobs)));
  return {
    checklistRead,
    checklistPublisher: new ChecklistPublisher(stores, policyRead, linker, clock),
    activations: new ActivationService(
      stores,
      policyRead,
      new RegoAccessTrial(engine, policyRead, clock),
      clock,
    ),
    checklistDesk: new ChecklistDesk(checklistRead, authoriser, new ActivationReasons(ledgerRead)),
  };
}
