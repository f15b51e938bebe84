import type { GateService } from '../gate.service.js';
import type { AttemptJob } from './run-watch.service.js';

/** Edge of the queue `gate-run`: one job is one attempt of a run. */
export class RunAttemptProcessor {
  constructor(private readonly gates: Pick<GateService, 'attempt'>) {}

  /** A run that somebody else took, or that has ended, is left alone. */
  handle({ orgId, runId }: AttemptJob): Promise<void> {
    return this.gates.attempt(orgId, runId);
  }
}
