import type { ScanWorker } from './scan-worker.service.js';

/** Edge of the queue `scan`: one job is one entry `scan.requested`, one scanner. */
export class ScanProcessor {
  constructor(private readonly worker: ScanWorker) {}

  /** Throws what the queue should try again. A scanner that failed is a result, and none of those. */
  async handle({ seq }: { readonly seq: number }): Promise<void> {
    const done = await this.worker.runEntry(seq);
    if (!done.ok) throw new Error(`entry ${String(seq)}: ${JSON.stringify(done.problem)}`);
  }
}
