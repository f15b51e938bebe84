import type { AccessPolicy, AccessPolicySource } from '../../access/access-policy.port.js';
import type { PinnedChecklist } from '../../gate/checklist.js';
import type { ChecklistSource } from '../../gate/checklist.port.js';
import type { BlobStore } from '../../kernel/blob.js';
import type { Clock, Instant } from '../../kernel/clock.js';
import { digestFrom, sha256, type Digest } from '../../kernel/digest.js';
import { JsonText } from '../../kernel/json-text.js';
import type { BundleContent, BundleSources } from '../../policy/bundle-sources.port.js';
import type { ChecklistVersion } from '../../policy/checklist/checklist.js';
import type { ChecklistRead } from '../../policy/checklist/checklist.read.js';
import type { PolicyRead } from '../../policy/policy.read.js';
import { WASM_MEMBER, wasmMember } from '../../rego/bundle.js';
import type { RegoSource } from '../../rego/compiler.port.js';
import type { Bundle, BundleSource } from '../../rego/engine.port.js';

/** A newly activated access policy is in force everywhere after this. */
const ACCESS_REFRESH_MS = 1_000;

/**
 * Compiled modules are named by content and shared by the installation's organisations, so that what one of
 * them compiled is compiled once. Which digests exist is known only to whoever may read the policies.
 */
export const MODULES = '00000000-0000-0000-0000-000000000000';

/** What `opa build` writes for a policy without a base document; not stored before sources were. */
const NO_DATA: readonly Digest[] = [sha256('{}'), sha256('{}\n')];
const DATA_MEMBER = 'data.json';

/** Fetches a bundle's members through its listing, and checks each against its digest. */
export class BlobBundles implements BundleSource, BundleSources {
  constructor(private readonly blobs: BlobStore) {}

  async get(bundle: Digest): Promise<Bundle | undefined> {
    const listing = await this.checked(bundle);
    if (!listing) return undefined;
    const [wasm, data] = await Promise.all([
      this.checked(wasmMember(listing.toString('utf8'))),
      this.dataOf(membersOf(listing)),
    ]);
    if (!wasm || data === 'missing') return undefined;
    return data ? { wasm, data } : { wasm };
  }

  async sourcesOf(bundle: Digest): Promise<BundleContent | undefined> {
    const listing = await this.checked(bundle);
    if (!listing) return undefined;
    const members = membersOf(listing);
    const data = await this.dataOf(members);
    const files: RegoSource[] = [];
    for (const [path, digest] of members) {
      if (path === WASM_MEMBER || path === DATA_MEMBER) continue;
      const bytes = await this.checked(digest);
      if (!bytes) return undefined;
      files.push({ path, text: bytes.toString('utf8') });
    }
    if (data === 'missing') return undefined;
    return data ? { files, data } : { files };
  }

  private async dataOf(members: ReadonlyMap<string, Digest>): Promise<JsonText | 'missing' | undefined> {
    const digest = members.get(DATA_MEMBER);
    if (digest === undefined || NO_DATA.includes(digest)) return undefined;
    const bytes = await this.checked(digest);
    if (!bytes) return 'missing';
    const text = JsonText.read(bytes);
    if (!text.ok) throw new Error(`the base document ${digest} is not strict JSON: ${text.problem.detail}`);
    return text.value;
  }

  private async checked(digest: Digest): Promise<Buffer | undefined> {
    const bytes = await this.blobs.get(MODULES, digest);
    if (bytes && sha256(bytes) !== digest) throw new Error(`the stored module ${digest} was changed`);
    return bytes;
  }
}

/** Digests by name, as `listBundle` wrote them: sorted by name. */
const membersOf = (listing: Buffer): ReadonlyMap<string, Digest> =>
  new Map(
    (JSON.parse(listing.toString('utf8')) as readonly { name: string; digest: string }[]).map(
      ({ name, digest }) => [name, digestFrom(digest)],
    ),
  );

/** Checklists as a gate needs them. What is published never changes, so each is put together once. */
export class PinnedChecklists implements ChecklistSource {
  private readonly known = new Map<string, PinnedChecklist>();

  constructor(
    private readonly read: PolicyRead,
    private readonly standings: Pick<ChecklistRead, 'standing'>,
  ) {}

  async active(orgId: string, chkId: string): Promise<number | null> {
    return (await this.standings.standing(orgId, chkId)).version;
  }

  async pinned(orgId: string, chkId: string, version: number): Promise<PinnedChecklist | undefined> {
    const key = `${orgId} ${chkId}@${String(version)}`;
    const known = this.known.get(key);
    if (known) return known;
    const checklist = await this.read.checklist(orgId, chkId, version);
    if (!checklist) return undefined;
    const pinned = await this.assemble(orgId, checklist);
    this.known.set(key, pinned);
    return pinned;
  }

  private async assemble(orgId: string, { digest, document }: ChecklistVersion): Promise<PinnedChecklist> {
    const versions = await this.read.byDigests(
      orgId,
      document.policies.map((policy) => policy.digest),
    );
    return {
      chkId: document.chkId,
      version: document.version,
      digest,
      ...(document.bundle && { bundle: document.bundle }),
      freshness: document.freshness,
      policies: document.policies.map((pin) => {
        const policy = versions.find((each) => each.digest === pin.digest)?.document;
        if (!policy)
          throw new Error(`${document.chkId} pins ${pin.policyId} ${pin.digest}, which is not published`);
        const { bundle, readsClock, rules } = policy;
        const { policyId, version, digest: policyDigest, parameters } = pin;
        return {
          policyId,
          version,
          digest: policyDigest,
          bundle,
          readsClock,
          rules,
          parameters: parameters,
        };
      }),
    };
  }
}

/** The policy that the active version of one checklist pins – it answers questions –, looked up again once a second. */
export class ChecklistPolicies implements AccessPolicySource {
  private readonly kept = new Map<string, { policy: AccessPolicy | undefined; at: Instant }>();

  constructor(
    private readonly read: PolicyRead,
    private readonly standings: Pick<ChecklistRead, 'standing'>,
    private readonly clock: Clock,
    private readonly chkId: string,
  ) {}

  async current(orgId: string): Promise<AccessPolicy | undefined> {
    const kept = this.kept.get(orgId);
    const now = this.clock.now();
    if (kept && now - kept.at < ACCESS_REFRESH_MS) return kept.policy;
    const policy = await this.lookUp(orgId);
    this.kept.set(orgId, { policy, at: now });
    return policy;
  }

  private async lookUp(orgId: string): Promise<AccessPolicy | undefined> {
    const { version } = await this.standings.standing(orgId, this.chkId);
    if (version === null) return undefined;
    const checklist = await this.read.checklist(orgId, this.chkId, version);
    const pin = checklist?.document.policies[0];
    if (!checklist || !pin) return undefined;
    const [policy] = await this.read.byDigests(orgId, [pin.digest]);
    if (!policy) return undefined;
    return {
      policy: { policyId: pin.policyId, version: pin.version, digest: pin.digest },
      digest: checklist.digest,
      bundle: policy.document.bundle,
      parameters: pin.parameters,
      rules: policy.document.answers ?? [],
    };
  }
}
