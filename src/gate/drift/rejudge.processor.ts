import type { RejudgeJob, Rejudger } from './rejudger.service.js';

/** Edge of the queue `rejudge`: one job is one stale decision. */
export class RejudgeProcessor {
  constructor(private readonly rejudger: Rejudger) {}

  handle(job: RejudgeJob): Promise<void> {
    return this.rejudger.rejudge(job);
  }
}
