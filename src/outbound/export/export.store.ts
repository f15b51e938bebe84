import type { ExportPack, ExportRecord, ExportRequest, ExportRun } from './export.js';

/** Packs that were asked for and made. Lives on one transaction. */
export interface ExportStore {
  /** False when the id exists, and then nothing is written: `find` sees what does. */
  add(request: ExportRequest): Promise<boolean>;
  /** Of any organisation: for the worker, and for a retry. */
  find(orgId: string, exportId: string): Promise<ExportRecord | undefined>;
  /** False when the export has its pack, and then nothing is written: of two workers the first counts. */
  addPack(pack: ExportPack): Promise<boolean>;
  /** Notes how far the making is; replaces what was noted before. */
  note(request: Pick<ExportRequest, 'exportId' | 'orgId'>, run: ExportRun): Promise<void>;
}
