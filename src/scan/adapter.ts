import type { EvidenceKind } from '../formats/model/evidence-state.js';
import type { InstallRecipe } from './install/recipe.js';
import { SCRATCH_FOLDER, type SandboxLimits } from './sandbox/sandbox.port.js';

/** Where a scanner may leave its report inside the sandbox. */
export const OUT_FOLDER = `${SCRATCH_FOLDER}/out`;

/** What a command line is made from. */
export interface PlanContext {
  /** Folder into which the tool was installed; the same inside and outside. */
  readonly tool: string;
  /** Files of the source that the adapter looks at, relative, sorted. Never empty. */
  readonly files: readonly string[];
  /** Whether the source holds a file or folder of this relative path. */
  readonly has: (path: string) => boolean;
}

export interface ScanPlan {
  /** Absolute, or found on the PATH inside. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Absent: the report is what it writes to standard output. */
  readonly reportPath?: string;
  /** Runs on a copy that it may write to: for runners of tests. */
  readonly copySource?: boolean;
}

/**
 * What we know of one scanner. Pure: how it is called, what its ends mean, what it says and about what. The exit status
 * is believed where a report could as well be that of a crash (formats.md §1, §17).
 */
export interface ScannerAdapter {
  /** As requests name it; never renamed. */
  readonly name: string;
  /** What is installed under this name calls itself; without it as the scanner. */
  readonly tool?: string;
  readonly kinds: readonly EvidenceKind[];
  /** Of its report, as `formats/registry.ts` names it. */
  readonly format: string;
  readonly install: InstallRecipe;
  /** Whether it looks at a file; where it looks at none of a source, its silence says nothing. */
  readonly looksAt: (path: string) => boolean;
  /** Statuses with which it ends after its work, findings or none. */
  readonly complete: readonly number[];
  /** Statuses with which it ends after part of it: tests that failed, say. */
  readonly partial?: readonly number[];
  /** Lines on standard error that mean that something was left out, whatever the status. */
  readonly leftOut?: RegExp;
  /** A line on standard error without which it looked at nothing, whatever its report says. */
  readonly proof?: RegExp;
  readonly emptyIsClean?: boolean;
  /** Name of the folder of data that it judges with, below the worker's folder of data. */
  readonly data?: 'govulndb' | 'osv' | 'retire';
  /**
   * Names of files with which a source tells the scanner what to pass over. They are shown empty: what is excused is for
   * waivers to say, and not for the code that is judged.
   */
  readonly hides?: readonly string[];
  /** Languages whose tools it calls. */
  readonly languages?: readonly ('go' | 'node' | 'python')[];
  readonly limits?: Partial<SandboxLimits>;
  readonly plan: (context: PlanContext) => ScanPlan;
}

/** Whether the last part of a path ends in one of these. */
export const withSuffix =
  (...suffixes: readonly string[]) =>
  (path: string): boolean =>
    suffixes.some((suffix) => path.endsWith(suffix)) && !isDependency(path);

/** Whether the last part of a path is one of these. */
export const named =
  (...names: readonly string[]) =>
  (path: string): boolean =>
    names.includes(path.slice(path.lastIndexOf('/') + 1)) && !isDependency(path);

/** What others wrote and a project only brings along. */
const isDependency = (path: string): boolean => /(?:^|\/)(?:node_modules|\.venv|vendor)\//.test(path);

export const folderOf = (path: string): string =>
  path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
