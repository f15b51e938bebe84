import type { ScannerAdapter } from '../adapter.js';

/** A scanner that is there, and what must be shown in its sandbox for it to run. */
export interface InstalledScanner {
  /** Folder it was installed into; empty for what the system brings along. */
  readonly tool: string;
  /** What was installed, from the package itself: programs name wrong versions (formats.md §1). */
  readonly version: string;
  /** Folders to be shown read-only. */
  readonly visible: readonly string[];
  /** Folders in front of the PATH. */
  readonly path: readonly string[];
}

/** Data that a scanner judges with. */
export interface ScannerData {
  readonly folder: string;
  /** RFC 3339; null where nobody says how old it is. */
  readonly dataDate: string | null;
}

export interface InstalledScanners {
  find(adapter: ScannerAdapter): Promise<InstalledScanner | undefined>;
  data(name: NonNullable<ScannerAdapter['data']>): Promise<ScannerData | undefined>;
}
