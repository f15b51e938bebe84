import type { Logger } from 'pino';
import type { GateService } from '../../gate/gate.service.js';
import { RunAttemptProcessor } from '../../gate/run/run-attempt.processor.js';
import type { AttemptJob, GateRunWatch } from '../../gate/run/run-watch.service.js';
import { Offering } from './offering.js';
import { PollingLoop } from './polling-loop.io.js';
import type { Queues } from './queues.js';

const QUEUE = 'gate-run';
/** A gate fills a core; more at once would only make each of them later. */
const CONCURRENCY = 2;

export interface RunLoopSettings {
  readonly watch: GateRunWatch;
  readonly gates: Pick<GateService, 'attempt'>;
  readonly queues: Queues;
  readonly logger: Logger;
}

/**
 * Looks after runs that nobody waits for. The queue only wakes: which attempts are due stands in the database and is
 * offered again in each round, and a job that is there already is not added twice.
 */
export class RunLoop {
  private readonly loop: PollingLoop;
  private readonly offering: Offering;

  constructor(private readonly settings: RunLoopSettings) {
    this.loop = new PollingLoop(() => this.round(), 'looking after gate runs', settings.logger);
    this.offering = new Offering(settings.logger, 'offering attempts of gate runs failed; trying again');
  }

  start(): void {
    const processor = new RunAttemptProcessor(this.settings.gates);
    this.settings.queues.work<AttemptJob>(QUEUE, (job) => processor.handle(job), {
      concurrency: CONCURRENCY,
    });
    this.loop.start();
  }

  /** Ends after the round that it is in. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async round(): Promise<void> {
    const { watch } = this.settings;
    await watch.endDead();
    await watch.escalate();
    this.offering.begin(() => this.offer());
  }

  private async offer(): Promise<void> {
    const { watch, queues } = this.settings;
    const queue = queues.queue<AttemptJob>(QUEUE);
    for (const job of await watch.due())
      await queue.add(QUEUE, job, {
        jobId: `${job.runId}-${String(job.attempt)}`,
        // Whatever became of it: as long as the attempt is due, it is offered anew.
        removeOnComplete: true,
        removeOnFail: true,
      });
  }
}
