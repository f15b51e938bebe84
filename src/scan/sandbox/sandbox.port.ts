import type { Reason } from '../../formats/model/evidence-state.js';

/** What a scanner may use up. Beyond any of these it is killed with everything it started. */
export interface SandboxLimits {
  readonly timeMs: number;
  /** Of all its processes together. */
  readonly memoryBytes: number;
  readonly processes: number;
  /** Files it writes, temporary ones included: they are in memory, never on a disk. */
  readonly scratchBytes: number;
  readonly reportBytes: number;
}

/** One program to run where it sees the source, itself, and nothing else of this machine. */
export interface SandboxJob {
  readonly program: string;
  readonly args: readonly string[];
  /** All there is, beside HOME, TMPDIR, LANG and a PATH that ends with the system's folders. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders put in front of the PATH. */
  readonly path: readonly string[];
  /** Shown read-only at `SOURCE_FOLDER`; with `copySource` the program works on a copy it may write. */
  readonly source: string;
  readonly copySource: boolean;
  /** Files of the source, relative, that are shown empty. */
  readonly hidden: readonly string[];
  /** Working folder, below `SOURCE_FOLDER`. */
  readonly folder: string;
  /** Shown read-only under the same path: the tool, and the language it is written in. */
  readonly visible: readonly string[];
  /** Shown read-only at `DATA_FOLDER`: what the tool judges with. */
  readonly data?: string;
  /** Where the report is when the program has ended; absent for its standard output. */
  readonly reportPath?: string;
  readonly limits: SandboxLimits;
}

/** Paths inside. */
export const SOURCE_FOLDER = '/src';
export const DATA_FOLDER = '/data';
export const SCRATCH_FOLDER = '/scratch';

/** How a program ended, before its report is read. */
export interface SandboxExit {
  /** As a shell counts: 128 + signal where a signal ended it. */
  readonly status: number;
  readonly reportBytes: number | null;
  /** End of what it wrote to standard error. May hold secrets: mask it before it is written anywhere. */
  readonly complaint: string;
}

export type SandboxOutcome<T> =
  | { readonly kind: 'ended'; readonly value: T }
  /** It was not run at all: this host allows no sandbox, or what is inside is not what it should be. */
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** It was begun, and ended by us. */
  | { readonly kind: 'killed'; readonly reason: Reason };

export interface Sandbox {
  /**
   * Runs the program without network; hands its end and its report to `take`, once, while the sandbox is still there.
   * The report is what it wrote, at most `reportBytes`. What `take` throws is thrown.
   */
  run<T>(
    job: SandboxJob,
    take: (exit: SandboxExit, report: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<SandboxOutcome<T>>;
}
