import type { JsonValue } from '../kernel/canonical-json.js';
import type { Clock } from '../kernel/clock.js';
import { idempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { EntryKind } from '../ledger/entry.js';
import type { IdempotencyConflict, Ledger } from '../ledger/ledger.js';
import type {
  AuthoringProblem,
  CompiledBundle,
  RegoToolchain,
  UnknownEntrypoint,
} from '../rego/compiler.port.js';
import type { BundleStore } from './bundle-store.service.js';
import { checklistDigest, type ChecklistDocument, type ChecklistVersion } from './checklist.js';
import { effectiveParameters, type ManifestInvalid } from './manifest.js';
import { entrypointsOf, packDigest, type Pack } from './pack.js';
import { policyDigest, type PolicyDocument, type PolicyRule, type PolicyVersion } from './policy-version.js';
import type { PolicyRead } from './policy.read.js';
import type { PolicyStore, Published } from './policy.store.js';
import { rulesOf, type RuleMetadataInvalid } from './rule-metadata.js';

type Stores = { policies: PolicyStore; ledger: Ledger };

/** The version number is taken by other content. A published version never changes: choose a new number. */
export interface VersionTaken {
  readonly kind: 'VersionTaken';
  readonly id: string;
  readonly version: string;
}
export type PublishProblem =
  | AuthoringProblem
  | UnknownEntrypoint
  | RuleMetadataInvalid
  | VersionTaken
  | ManifestInvalid
  | IdempotencyConflict;

export interface ChecklistDraft {
  readonly chkId: string;
  readonly version: number;
  readonly title: { readonly en: string; readonly nl: string };
  readonly policies: readonly {
    readonly policy: PolicyVersion;
    /** Only what differs from the pack's defaults. */
    readonly parameters: Readonly<Record<string, JsonValue>>;
  }[];
}

/** Compiles and publishes packs, and the checklists that pin them. */
export class PublishService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly read: PolicyRead,
    private readonly toolchain: RegoToolchain,
    private readonly bundles: BundleStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Compiles a pack and publishes it. A version that is already published from equal sources is answered as it
   * is, without the compiler: this is what makes a warm start warm, and one without OPA possible. Its sources
   * are stored where they are not yet: earlier versions of this service kept the module only.
   */
  async publishPack(
    orgId: string,
    pack: Pack,
    by: string | null,
  ): Promise<Result<PolicyVersion, PublishProblem>> {
    const { id, version } = pack.manifest;
    const known = await this.read.policy(orgId, id, version);
    if (known?.document.source === packDigest(pack)) {
      await this.bundles.keepSources(pack.files);
      return ok(known);
    }
    if (known) return failed({ kind: 'VersionTaken', id, version });

    const compiled = await this.toolchain.build({
      files: pack.files,
      entrypoints: entrypointsOf(pack.manifest),
    });
    if (!compiled.ok) return compiled;
    const annotations = await this.toolchain.inspect(pack.files);
    if (!annotations.ok) return annotations;
    const rules = rulesOf(pack, annotations.value);
    if (!rules.ok) return rules;

    await this.bundles.keep(pack.files, compiled.value);
    const document = documentOf(pack, compiled.value, rules.value);
    const published = { digest: policyDigest(document), document, publishedAt: this.clock.now() };
    return this.record(published, {
      kind: 'policy.published',
      ...{ orgId, id, version, by },
      write: (store, recorded) => store.publishPolicy(orgId, published, recorded),
    });
  }

  /** Pins policy versions and every parameter's value. Equal content answers the published version. */
  async publishChecklist(
    orgId: string,
    draft: ChecklistDraft,
    by: string | null,
  ): Promise<Result<ChecklistVersion, PublishProblem>> {
    const policies: ChecklistDocument['policies'] = [];
    const freshness: Record<string, number> = {};
    for (const { policy, parameters } of draft.policies) {
      const { policyId, version } = policy.document;
      const declared = policy.document.parameters as Parameters<typeof effectiveParameters>[0];
      const values = effectiveParameters(declared, parameters);
      if (!values.ok) return values;
      policies.push({ policyId, version, digest: policy.digest, parameters: values.value as never });
      // Where two packs differ, the stricter one holds.
      for (const [kind, days] of Object.entries(policy.document.freshness))
        freshness[kind] = Math.min(days, freshness[kind] ?? days);
    }
    const { chkId, version, title } = draft;
    const document: ChecklistDocument = { chkId, version, title, policies, freshness };
    const digest = checklistDigest(document);
    const known = await this.read.checklist(orgId, chkId, version);
    if (known?.digest === digest) return ok(known);
    if (known) return failed({ kind: 'VersionTaken', id: chkId, version: String(version) });
    const published = { digest, document, publishedAt: this.clock.now() };
    return this.record(published, {
      kind: 'checklist.published',
      ...{ orgId, id: chkId, version: String(version), by },
      write: (store, recorded) => store.publishChecklist(orgId, published, recorded),
    });
  }

  private record<T extends PolicyVersion | ChecklistVersion>(
    thing: T,
    { kind, orgId, id, version, by, write }: Publication,
  ): Promise<Result<T, IdempotencyConflict>> {
    return this.tx(async ({ policies, ledger }) => {
      const at = thing.publishedAt;
      const name = `${id}@${version}`;
      const key = idempotencyKey(orgId, kind, name);
      await write(policies, { at, by, entryKey: key });
      const appended = await ledger.append({
        orgId,
        kind,
        actor: by === null ? 'system' : { principalId: by },
        subjects: [{ name, digest: thing.digest }],
        facts: { tsStart: at, tsEnd: at, details: { id, version, digest: thing.digest } },
        key,
      });
      return appended.ok ? ok(thing) : appended;
    });
  }
}

/** One thing that is published: what its entry says, and how its row is written. */
interface Publication {
  readonly kind: EntryKind;
  readonly orgId: string;
  readonly id: string;
  readonly version: string;
  readonly by: string | null;
  readonly write: (store: PolicyStore, published: Published) => Promise<void>;
}

function documentOf(pack: Pack, compiled: CompiledBundle, rules: readonly PolicyRule[]): PolicyDocument {
  const { id, version, title, description, parameters, freshness } = pack.manifest;
  return {
    policyId: id,
    version,
    title,
    description,
    rules: [...rules],
    entrypoints: [...compiled.entrypoints],
    parameters: parameters as PolicyDocument['parameters'],
    freshness,
    bundle: compiled.digest,
    source: packDigest(pack),
    opaVersion: compiled.toolchain.opa,
    capabilities: compiled.toolchain.capabilities,
    readsClock: compiled.builtins.includes('time.now_ns'),
  };
}
