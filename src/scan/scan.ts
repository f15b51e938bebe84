import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { IdempotencyKey } from '../kernel/id.js';
import type { RunOutcome } from '../formats/model/tool-run.js';

/** What is scanned: an archive that was handed in, or a commit of a checkout that the operator allows. */
export interface ScanSource {
  readonly digest: Digest;
  /** Name of a folder below the worker's folder of checkouts; null for an archive. */
  readonly checkout: string | null;
}

/** One segment of a path that begins with a letter or digit: nothing that leads elsewhere. */
export const isCheckoutName = (name: string): boolean => /^[A-Za-z0-9][\w.-]{0,99}$/.test(name);

/** One scanner that was asked to look at one source on behalf of an artefact version. Immutable. */
export interface ScanTask {
  /** Shared by all scanners of one request. */
  readonly scanId: string;
  readonly scanner: string;
  readonly orgId: string;
  readonly artId: string;
  readonly artefactDigest: Digest;
  readonly source: ScanSource;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  readonly entryKey: IdempotencyKey;
}

/** What came of a task: exactly one, and always with evidence, if only of why there is none. Immutable. */
export interface ScanResult {
  readonly scanId: string;
  readonly scanner: string;
  readonly orgId: string;
  readonly evidenceId: string;
  readonly outcome: RunOutcome;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly entryKey: IdempotencyKey;
}

/** That a worker is at it. Nothing is judged by it, but how often a task may be begun. */
export interface ScanRun {
  readonly attempts: number;
  readonly startedAt: Instant;
}

/** A task with what came of it, and of which evidence. */
export interface ScanTaskRecord {
  readonly task: ScanTask;
  /** Of the entry that recorded the request. */
  readonly seq: number;
  readonly run: ScanRun | null;
  readonly result: (ScanResult & { readonly evidenceDigest: Digest }) | null;
}

/** Under which watchers hear of a scan. */
export const topicOf = (scanId: string): string => `scan:${scanId}`;

export type ScanState = 'REQUESTED' | 'RUNNING' | 'DONE';

export const stateOfTask = ({ run, result }: Pick<ScanTaskRecord, 'run' | 'result'>): ScanState =>
  result ? 'DONE' : run ? 'RUNNING' : 'REQUESTED';

export interface ScanProgress {
  readonly done: number;
  readonly total: number;
  /** Milliseconds; null while nobody can tell. */
  readonly etaMs: number | null;
}

/** How long each scanner usually takes here, in milliseconds. */
export type UsualDurations = ReadonlyMap<string, number>;

/**
 * Scanners run beside one another, so what takes longest says when all are done. One that never ran here before
 * could take any time.
 */
export function progressOf(
  tasks: readonly ScanTaskRecord[],
  usual: UsualDurations,
  { now, lanes }: { readonly now: Instant; readonly lanes: number },
): ScanProgress {
  const open = tasks.filter(({ result }) => !result);
  const left = open.map(({ task, run }) => {
    const duration = usual.get(task.scanner);
    return duration === undefined ? null : Math.max(0, duration - (run ? now - run.startedAt : 0));
  });
  const known = left.filter((ms) => ms !== null);
  const sum = known.reduce((total, ms) => total + ms, 0);
  return {
    done: tasks.length - open.length,
    total: tasks.length,
    etaMs: known.length < open.length ? null : Math.round(Math.max(sum / lanes, ...known, 0)),
  };
}
