import type { Digest } from '../../kernel/digest.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import type { Result } from '../../kernel/result.js';
import type { ExportRecord } from './export.js';

/** Questions about packs, and about what a request may name. An organisation sees its own only. */
export interface ExportRead {
  find(orgId: string, exportId: string): Promise<ExportRecord | undefined>;
  /** Newest first; `first` is capped at MAX_PAGE_SIZE. */
  list(orgId: string, page: PageRequest): Promise<Result<Page<ExportRecord>, InvalidCursor>>;
  /** Whether an entry of the organisation defines this gate. */
  gateIsDefined(orgId: string, gateId: string): Promise<boolean>;
  /** Whether an entry of the organisation registers an artefact version of this digest. */
  artefactIsRegistered(orgId: string, digest: Digest): Promise<boolean>;
  /** `tsStart` of entry 0: the log signed nothing before. Undefined while there is no entry. */
  beginning(): Promise<string | undefined>;
}
