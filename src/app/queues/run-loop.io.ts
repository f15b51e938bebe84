import type { Logger } from 'pino';
import type { GateService } from '../../gate/gate.service.js';
import { RunAttemptProcessor } from '../../gate/run/run-attempt.processor.js';
import type { AttemptJob, GateRunWatch } from '../../gate/run/run-watch.service.js';
import { Offering } from './offering.js';
import type { Queues } from './queues.js';

const QUEUE = 'gate-run';
/** How long an attempt that is due, or a run that is late, may go unseen. */
const POLL_MS = 500;
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
  private stopped = false;
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly settings: RunLoopSettings) {}

  start(): void {
    const processor = new RunAttemptProcessor(this.settings.gates);
    this.settings.queues.work<AttemptJob>(QUEUE, (job) => processor.handle(job), {
      concurrency: CONCURRENCY,
    });
    this.running = this.run();
  }

  /** Ends after the round that it is in. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { watch, queues, logger } = this.settings;
    const queue = queues.queue<AttemptJob>(QUEUE);
    const offering = new Offering(logger, 'offering attempts of gate runs failed; trying again');
    const offer = async (): Promise<void> => {
      for (const job of await watch.due())
        await queue.add(QUEUE, job, {
          jobId: `${job.runId}-${String(job.attempt)}`,
          // Whatever became of it: as long as the attempt is due, it is offered anew.
          removeOnComplete: true,
          removeOnFail: true,
        });
    };
    while (!this.stopped) {
      try {
        await watch.endDead();
        await watch.escalate();
        offering.begin(offer);
      } catch (error) {
        logger.warn({ err: error }, 'looking after gate runs failed; trying again');
      }
      await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopped) this.wake();
    });
  }
}
