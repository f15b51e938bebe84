import type { Actor } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { pinnedVersion } from './install/recipe.js';
import type { ScanRead } from './scan.read.js';
import { progressOf, type ScanProgress, type ScanTaskRecord } from './scan.js';
import { SCANNERS } from './scanner-registry.js';

/** One request with everything that came of it. */
export interface ScanView {
  readonly scanId: string;
  readonly tasks: readonly ScanTaskRecord[];
  readonly progress: ScanProgress;
}

/** A scanner that can be asked for. Which of them a worker has, the worker finds. */
export interface ScannerView {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly format: string;
  /** The version that `assay scanners install` takes; null where the system brings it. */
  readonly version: string | null;
}

/** What people and services look up about scans; changes nothing. */
export class ScanDesk {
  constructor(
    private readonly read: ScanRead,
    private readonly clock: Clock,
    /** Scanners that run at the same time. */
    private readonly lanes: number,
  ) {}

  async find({ orgId }: Actor, scanId: string): Promise<ScanView | undefined> {
    const [view] = await this.viewsOf(orgId, await this.read.find(orgId, scanId));
    return view;
  }

  async about({ orgId }: Actor, artefact: { artId: string; digest: Digest }): Promise<readonly ScanView[]> {
    return this.viewsOf(orgId, await this.read.about(orgId, artefact));
  }

  /** Of tasks that were just asked for. */
  async show({ orgId }: Actor, tasks: readonly ScanTaskRecord[]): Promise<ScanView | undefined> {
    const [view] = await this.viewsOf(orgId, tasks);
    return view;
  }

  scanners(): readonly ScannerView[] {
    return SCANNERS.map(({ name, kinds, format, install }) => ({
      name,
      kinds,
      format,
      version: pinnedVersion(install),
    }));
  }

  private async viewsOf(orgId: string, tasks: readonly ScanTaskRecord[]): Promise<readonly ScanView[]> {
    if (tasks.length === 0) return [];
    const usual = await this.read.usualDurations(orgId);
    const byScan = new Map<string, ScanTaskRecord[]>();
    for (const one of tasks) byScan.set(one.task.scanId, [...(byScan.get(one.task.scanId) ?? []), one]);
    const at = { now: this.clock.now(), lanes: this.lanes };
    return [...byScan].map(([scanId, own]) => ({ scanId, tasks: own, progress: progressOf(own, usual, at) }));
  }
}
