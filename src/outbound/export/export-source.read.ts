import type { PackSource } from '../pack/pack-source.port.js';
import type { ExportRequest } from './export.js';

/** A pack's source that also says, before anything is read, how much there is. */
export interface ExportSource extends PackSource {
  /** How many decisions the query selects below the checkpoint's size. */
  count(): Promise<number>;
}

/** The ledger as one request sees it: the log's leaves, and of decisions its organisation's alone. */
export type OpenExportSource = (
  request: Pick<ExportRequest, 'orgId' | 'query' | 'checkpoint'>,
) => ExportSource;
