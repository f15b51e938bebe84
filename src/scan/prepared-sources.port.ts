import type { ArchiveFault } from './unpack/unpack-rules.js';
import type { Result } from '../kernel/result.js';
import type { ScanTask } from './scan.js';

/** A source that lies unpacked on the worker. */
export interface PreparedSource {
  readonly folder: string;
  /** Relative, sorted. */
  readonly files: readonly string[];
}

export type SourceFault =
  /** Removed, or never there. */
  | { readonly kind: 'missing' }
  /** Not what its digest says. */
  | { readonly kind: 'altered' }
  | { readonly kind: 'refused'; readonly fault: ArchiveFault };

/** Makes sources ready to be scanned. Scanners of one worker share what is unpacked; the last one to leave removes it. */
export interface PreparedSources {
  use<T>(
    task: Pick<ScanTask, 'orgId' | 'source'>,
    with_: (source: PreparedSource) => Promise<T>,
  ): Promise<Result<T, SourceFault>>;
}
