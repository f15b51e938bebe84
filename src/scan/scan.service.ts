import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { algorithmOf, type Digest } from '../kernel/digest.js';
import { idempotencyKey, uuidFromKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { ArtefactStore } from '../evidence/artefact.store.js';
import type { Ledger } from '../ledger/ledger.js';
import { SCANNER_NAMES } from './scanner-registry.js';
import type { ScanProblem } from './problem.js';
import { scanRequested } from './scan-entry.js';
import { isCheckoutName, type ScanSource, type ScanTask, type ScanTaskRecord } from './scan.js';
import type { ScanStore, SourceStore } from './scan.store.js';

export interface RequestScan {
  readonly artId: string;
  readonly digest: Digest;
  /** Of an archive that was handed in; with `checkout`, the commit. */
  readonly source: Digest;
  /** Name of a repository that the operator of the workers allows. */
  readonly checkout?: string;
  readonly scanners: readonly string[];
  readonly context: ProcessContext;
  readonly idempotencyKey: string;
}

interface Stores {
  readonly artefacts: Pick<ArtefactStore, 'findVersion'>;
  readonly scans: ScanStore;
  readonly sources: SourceStore;
  readonly ledger: Ledger;
}

/** Takes requests for scans. What is done about them is `ScanWorker`'s. */
export class ScanService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly clock: Clock,
  ) {}

  /** One entry per scanner, all in one transaction. Asked twice under one key, it is one scan. */
  async request(command: RequestScan, actor: Actor): Promise<Result<readonly ScanTaskRecord[], ScanProblem>> {
    const fault = faultOf(command);
    if (fault) return failed(fault);
    const { orgId } = actor;
    const { artId, digest, source, context } = command;
    const tasks = this.tasksOf(command, actor);
    return this.tx<readonly ScanTaskRecord[], ScanProblem>(async ({ artefacts, scans, sources, ledger }) => {
      const scanId = tasks[0]?.scanId ?? '';
      const standing = await scans.find(orgId, scanId);
      if (standing.length > 0) {
        const same =
          standing.length === tasks.length && standing.every(({ task }, at) => isSame(task, tasks[at]));
        return same ? ok(standing) : failed({ kind: 'IdempotencyConflict', seq: standing[0]?.seq ?? null });
      }
      if (!(await artefacts.findVersion(orgId, artId, digest)))
        return failed({ kind: 'ArtefactNotFound', artId, digest });
      if (command.checkout === undefined && !(await sources.isKept(orgId, source)))
        return failed({ kind: 'SourceNotFound', digest: source });
      for (const task of tasks)
        if (!(await scans.add(task))) return failed({ kind: 'IdempotencyConflict', seq: null });
      for (const task of tasks) {
        const appended = await ledger.append(scanRequested(task, actor, context));
        if (!appended.ok) return appended;
      }
      return ok(await scans.find(orgId, scanId));
    });
  }

  private tasksOf(
    { artId, digest, source: named, checkout, scanners, idempotencyKey: callersKey }: RequestScan,
    { orgId, principalId }: Actor,
  ): readonly ScanTask[] {
    const scanId = uuidFromKey(idempotencyKey(orgId, 'scan.request', callersKey));
    const requestedAt = this.clock.now();
    const source: ScanSource = { digest: named, checkout: checkout ?? null };
    return [...new Set(scanners)].sort().map((scanner) => ({
      ...{
        scanId,
        scanner,
        orgId,
        artId,
        artefactDigest: digest,
        source,
        requestedBy: principalId,
        requestedAt,
      },
      entryKey: idempotencyKey(orgId, 'scan.task', `${scanId} ${scanner}`),
    }));
  }
}

function faultOf({ digest, source, checkout, scanners }: RequestScan): ScanProblem | undefined {
  const unknown = scanners.find((name) => !SCANNER_NAMES.includes(name));
  if (scanners.length === 0 || unknown !== undefined)
    return { kind: 'InvalidInput', path: 'scanners', expected: `some of ${SCANNER_NAMES.join(', ')}` };
  if (checkout === undefined)
    return algorithmOf(source) === 'sha256'
      ? undefined
      : { kind: 'InvalidInput', path: 'source', expected: 'the sha256 digest of an archive' };
  if (!isCheckoutName(checkout))
    return { kind: 'InvalidInput', path: 'checkout', expected: 'the name of a repository' };
  if (algorithmOf(source) !== 'gitCommit')
    return { kind: 'InvalidInput', path: 'source', expected: 'gitCommit, for that is what a checkout has' };
  // Evidence about a commit comes from that commit.
  if (algorithmOf(digest) === 'gitCommit' && digest !== source)
    return { kind: 'InvalidInput', path: 'source', expected: `${digest}, the commit that is the artefact` };
  return undefined;
}

/** A retry names the same things; the time it came is another one. */
const isSame = (one: ScanTask, other: ScanTask | undefined): boolean =>
  one.scanner === other?.scanner &&
  one.orgId === other.orgId &&
  one.artId === other.artId &&
  one.artefactDigest === other.artefactDigest &&
  one.source.digest === other.source.digest &&
  one.source.checkout === other.source.checkout;
