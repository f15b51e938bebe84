import { createPublicKey, type KeyObject } from 'node:crypto';
import type { BlobStore } from '../../kernel/blob.js';
import type { Clock, Instant } from '../../kernel/clock.js';
import { sha256 } from '../../kernel/digest.js';
import { idempotencyKey } from '../../kernel/id.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { DispatchStore } from '../../ledger/dispatch.store.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { LedgerRead } from '../../ledger/ledger.read.js';
import { packFiles } from '../pack/pack-files.js';
import { PackRefused } from '../pack/pack.js';
import { ustar } from '../pack/ustar.js';
import { exportMade, isAsRecorded } from './export-entry.js';
import type { OpenExportSource } from './export-source.read.js';
import type { ExportStore } from './export.store.js';
import type { ExportFailure, ExportPack, ExportRecord, ExportRequest } from './export.js';
import { ObservedSource } from './observed-source.js';
import { packInputs } from './pack-inputs.js';
import type { MakeProblem } from './problem.js';
import { Progress } from './progress.js';

interface Stores {
  readonly exports: ExportStore;
  readonly dispatch: Pick<DispatchStore, 'handled' | 'recorded'>;
  readonly ledger: Ledger;
}

interface Reads {
  readonly ledger: Pick<LedgerRead, 'entry'>;
  readonly openSource: OpenExportSource;
}

/** The reader of the ledger that makes packs; never renamed. */
export const EXPORT_READER = 'export';

type Outcome = Result<ExportPack, MakeProblem>;

/** Makes the packs that entries of the ledger ask for. */
export class PackMaker {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly reads: Reads,
    private readonly blobs: BlobStore,
    /** The export key; asked for when a pack is made, because only the worker has it. */
    private readonly exportKey: () => KeyObject,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the pack that entry `seq` asks for and records it. Running twice, also at the same time or after a death in
   * between, leaves one pack and one entry: the bytes depend on the request alone, and only the first is recorded.
   */
  async makeEntry(seq: number): Promise<Outcome> {
    const found = await this.tx<ExportRecord, MakeProblem>(async ({ dispatch, exports }) => {
      const entry = await dispatch.recorded(seq);
      if (entry?.kind !== 'export.requested') return failed({ kind: 'ExportNotFound', seq });
      const { exportId } = entry.facts.details;
      const record = typeof exportId === 'string' ? await exports.find(entry.orgId, exportId) : undefined;
      if (record?.seq !== seq) return failed({ kind: 'ExportNotFound', seq });
      if (record.pack) await dispatch.handled(EXPORT_READER, seq);
      return ok(record);
    });
    if (!found.ok) return found;
    const { request, pack } = found.value;
    return pack ? ok(pack) : this.make(request, seq);
  }

  private async make(request: ExportRequest, seq: number): Promise<Outcome> {
    const startedAt = this.clock.now();
    const progress = new Progress(this.clock, startedAt, async (run) => {
      await this.tx(async ({ exports }) => {
        await exports.note(request, run);
        return ok(undefined);
      });
    });
    try {
      const built = await this.build(request, seq, progress);
      return built.ok ? await this.record(request, built.value, { seq, startedAt }) : built;
    } catch (error) {
      if (!(error instanceof PackRefused)) {
        // Whatever stopped it may stop this note too; the first error is the news.
        await progress.fail('INTERRUPTED').catch(() => undefined);
        throw error;
      }
      return this.refuse(progress, 'LEDGER_CONTRADICTS', error.message);
    }
  }

  /** Streams the archive into the blob store; nothing refers to it yet. */
  private async build(
    request: ExportRequest,
    seq: number,
    progress: Progress,
  ): Promise<Result<Omit<ExportPack, 'madeAt'>, MakeProblem>> {
    const { orgId, exportId } = request;
    const entry = await this.reads.ledger.entry(orgId, seq);
    if (!entry || !isAsRecorded(request, entry.recorded))
      return this.refuse(progress, 'LEDGER_CONTRADICTS', 'the request is not what its entry records');
    const key = this.exportKey();
    if (sha256(createPublicKey(key).export({ type: 'spki', format: 'der' })) !== request.settings.exportKey)
      return this.refuse(progress, 'EXPORT_KEY_CHANGED', 'the request names another export key');

    const source = new ObservedSource(this.reads.openSource(request));
    await progress.begin(await source.count(), request.checkpoint.size);
    const inputs = packInputs(request, entry, key);
    const files = progress.over(packFiles(source, inputs.request, inputs.keys));
    const { digest, sizeBytes } = await this.blobs.putStream(orgId, ustar(files));
    const { decisions, erased, masked } = source.seen;
    return ok({
      exportId,
      orgId,
      digest,
      sizeBytes,
      counts: { entries: request.checkpoint.size, decisions, erased, masked },
      entryKey: idempotencyKey(orgId, 'export.make', exportId),
    });
  }

  private record(
    request: ExportRequest,
    built: Omit<ExportPack, 'madeAt'>,
    { seq, startedAt }: { readonly seq: number; readonly startedAt: Instant },
  ): Promise<Outcome> {
    const pack = { ...built, madeAt: this.clock.now() };
    return this.tx<ExportPack, MakeProblem>(async ({ exports, dispatch, ledger }) => {
      const isFirst = await exports.addPack(pack);
      await dispatch.handled(EXPORT_READER, seq);
      if (!isFirst) return ok((await exports.find(request.orgId, request.exportId))?.pack ?? pack);
      const requested = (await dispatch.recorded(seq))?.facts;
      const appended = await ledger.append(
        exportMade(request, pack, { requestSeq: seq, startedAt, requested }),
      );
      return appended.ok ? ok(pack) : appended;
    });
  }

  private async refuse(
    progress: Progress,
    failure: ExportFailure,
    detail: string,
  ): Promise<Result<never, MakeProblem>> {
    await progress.fail(failure);
    return failed({ kind: 'ExportFailed', failure, detail });
  }
}
