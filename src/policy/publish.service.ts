import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { idempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import { actedBy } from '../ledger/acted.js';
import type { IdempotencyConflict, Ledger } from '../ledger/ledger.js';
import type {
  AuthoringProblem,
  CompiledBundle,
  RegoToolchain,
  UnknownEntrypoint,
} from '../rego/compiler.port.js';
import { MOMENTARY_BUILTINS } from '../rego/builtins/momentary.js';
import type { BundleStore } from './bundle-store.service.js';
import { entrypointsOf, packDigest, type Pack } from './pack.js';
import {
  policyDigest,
  type AnsweringRule,
  type PolicyDocument,
  type PolicyRule,
  type PolicyVersion,
} from './policy-version.js';
import type { PolicyRead } from './policy.read.js';
import type { PolicyStore } from './policy.store.js';
import { answersOf, rulesOf, type RuleMetadataInvalid } from './rule-metadata.js';

type Stores = { policies: PolicyStore; ledger: Ledger };

/** The version number is taken by other content. A published version never changes: choose a new number. */
export interface VersionTaken {
  readonly kind: 'VersionTaken';
  readonly id: string;
  readonly version: string;
}
export type PublishProblem =
  AuthoringProblem | UnknownEntrypoint | RuleMetadataInvalid | VersionTaken | IdempotencyConflict;

/** Who publishes what was reviewed, and where in the process. */
export interface Publisher {
  readonly actor: Actor;
  readonly context: ProcessContext;
}

/** Compiles and publishes packs. */
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
    by: Publisher | 'system',
  ): Promise<Result<PolicyVersion, PublishProblem>> {
    const { id, version } = pack.manifest;
    const known = await this.read.policy(orgId, id, version);
    if (known?.document.source === packDigest(pack)) {
      await this.bundles.keepSources(pack.files);
      return ok(known);
    }
    if (known) return failed({ kind: 'VersionTaken', id, version });
    const startedAt = this.clock.now();

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
    const answers = answersOf(pack, annotations.value);
    const document = documentOf(pack, compiled.value, { rules: rules.value, answers });
    const published = { digest: policyDigest(document), document, publishedAt: this.clock.now() };
    return this.record(orgId, published, by, startedAt);
  }

  private record(
    orgId: string,
    version: PolicyVersion,
    by: Publisher | 'system',
    tsStart: Instant,
  ): Promise<Result<PolicyVersion, IdempotencyConflict>> {
    return this.tx(async ({ policies, ledger }) => {
      const { digest, publishedAt: at } = version;
      const name = `${version.document.policyId}@${version.document.version}`;
      const key = idempotencyKey(orgId, 'policy.published', name);
      const publisher = by === 'system' ? null : by.actor.principalId;
      await policies.publishPolicy(orgId, version, { at, by: publisher, entryKey: key });
      const appended = await ledger.append({
        orgId,
        kind: 'policy.published',
        actor: by === 'system' ? by : { principalId: by.actor.principalId },
        subjects: [{ name, digest }],
        facts: {
          tsStart,
          tsEnd: at,
          ...(by === 'system'
            ? {}
            : { ...actedBy(by.actor, by.context), stateBefore: 'in_review', stateAfter: 'published' }),
          policyDigests: [digest],
          details: { id: version.document.policyId, version: version.document.version, digest },
        },
        key,
      });
      return appended.ok ? ok(version) : appended;
    });
  }
}

function documentOf(
  pack: Pack,
  compiled: CompiledBundle,
  { rules, answers }: { readonly rules: readonly PolicyRule[]; readonly answers: readonly AnsweringRule[] },
): PolicyDocument {
  const { id, version, title, description, parameters, freshness, items } = pack.manifest;
  return {
    policyId: id,
    version,
    title,
    description,
    rules: [...rules],
    entrypoints: [...compiled.entrypoints],
    ...(answers.length > 0 && { answers: [...answers] }),
    parameters: parameters as PolicyDocument['parameters'],
    freshness,
    ...(items && { items }),
    bundle: compiled.digest,
    source: packDigest(pack),
    opaVersion: compiled.toolchain.opa,
    capabilities: compiled.toolchain.capabilities,
    readsClock: compiled.builtins.some((name) => MOMENTARY_BUILTINS.has(name)),
  };
}
