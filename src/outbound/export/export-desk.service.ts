import type { Actor } from '../../kernel/actor.js';
import type { BlobPart, BlobStore } from '../../kernel/blob.js';
import type { Clock } from '../../kernel/clock.js';
import { idempotencyKey, newUuid } from '../../kernel/id.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import type { Ledger } from '../../ledger/ledger.js';
import { exportHandedOver } from './export-entry.js';
import type { ExportPermissions } from './export-permissions.port.js';
import type { ExportRead } from './export.read.js';
import { stateOf, type ExportPack, type ExportRecord, type ExportRequest } from './export.js';

/** One step somebody could take, and why not. */
export interface PossibleStep {
  readonly action: 'download';
  readonly allowed: boolean;
  readonly reasonCode: string;
}

/** A pack on its way out. */
export interface HandOver {
  readonly pack: ExportPack;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Looking after packs, and handing them over. */
export class ExportDesk {
  constructor(
    private readonly read: ExportRead,
    private readonly tx: InTransaction<{ readonly ledger: Ledger }>,
    private readonly blobs: BlobStore,
    private readonly permissions: ExportPermissions,
    private readonly clock: Clock,
  ) {}

  find({ orgId }: Actor, exportId: string): Promise<ExportRecord | undefined> {
    return this.read.find(orgId, exportId);
  }

  list({ orgId }: Actor, page: PageRequest): Promise<Result<Page<ExportRecord>, InvalidCursor>> {
    return this.read.list(orgId, page);
  }

  async viewerCan(actor: Actor, record: ExportRecord): Promise<PossibleStep[]> {
    const may = await this.permissions.may(actor, 'export.read');
    if (!may.allowed) return [{ action: 'download', ...may }];
    const isMade = stateOf(record) === 'DONE';
    return [{ action: 'download', allowed: isMade, reasonCode: isMade ? 'ok' : 'export-not-made' }];
  }

  /**
   * The bytes of a pack, or of a part of it, after it is on record that they were handed over, and to whom: each time
   * anew. Throws when the pack was made and its bytes are gone: then a backup of the blobs is called for.
   */
  async handOver(
    actor: Actor,
    { request, pack }: { readonly request: ExportRequest; readonly pack: ExportPack },
    part?: BlobPart,
  ): Promise<HandOver> {
    const opened = await this.blobs.open(pack.orgId, pack.digest, part);
    if (opened?.sizeBytes !== pack.sizeBytes)
      throw new Error(`the bytes of export ${pack.exportId} are missing or cut: ${pack.digest}`);
    const key = idempotencyKey(pack.orgId, 'export.hand-over', newUuid());
    const recorded = await this.tx(async ({ ledger }) => {
      const step = { actor, at: this.clock.now(), key };
      const appended = await ledger.append(exportHandedOver(request, pack, step));
      return appended.ok ? ok(undefined) : failed(appended.problem);
    });
    if (!recorded.ok) throw new Error(`a fresh key is taken: entry ${String(recorded.problem.seq)}`);
    return { pack, bytes: opened.bytes };
  }
}
