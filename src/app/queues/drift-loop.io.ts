import type { Logger } from 'pino';
import type { RejudgeJob, Rejudger } from '../../gate/drift/rejudger.service.js';
import { RejudgeProcessor } from '../../gate/drift/rejudge.processor.js';
import { Offering } from './offering.js';
import type { Queues } from './queues.js';

const QUEUE = 'rejudge';
/** How long an entry may stand before somebody looks at what it touches. */
const POLL_MS = 500;
/** Jobs offered to the queue at once; the rest follow as these are done. */
const OFFERED = 2_000;
/** A gate fills a core; more at once would only make each of them later. */
const CONCURRENCY = 2;
const ATTEMPTS = 8;
const FIRST_BACK_OFF_MS = 500;

export interface DriftLoopSettings {
  /** Who goes by cursor; each reads on until there is nothing new, and what marks decisions as stale comes last. */
  readonly followers: readonly { follow(): Promise<unknown> }[];
  readonly rejudger: Rejudger;
  readonly queues: Queues;
  readonly logger: Logger;
}

/**
 * Keeps verdicts current: follows the ledger, and has stale decisions judged again through a queue, what holds a
 * release up first. The queue only wakes: which decisions wait stands in the database and is offered again and again,
 * and a job that is there already is not added twice.
 */
export class DriftLoop {
  private stopped = false;
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly settings: DriftLoopSettings) {}

  start(): void {
    const { queues, rejudger } = this.settings;
    const processor = new RejudgeProcessor(rejudger);
    queues.work<RejudgeJob>(QUEUE, (job) => processor.handle(job), { concurrency: CONCURRENCY });
    this.running = this.run();
  }

  /** Ends after the step that it is in. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { followers, queues, logger, rejudger } = this.settings;
    const queue = queues.queue<RejudgeJob>(QUEUE);
    const offering = new Offering(logger, 'offering stale decisions failed; trying again');
    const offer = async (): Promise<void> => {
      for (const { job, priority } of await rejudger.waiting(OFFERED))
        await queue.add(QUEUE, job, {
          jobId: job.decisionId,
          priority,
          attempts: ATTEMPTS,
          backoff: { type: 'exponential', delay: FIRST_BACK_OFF_MS },
          // Whatever became of it: as long as the decision is stale, it is offered anew.
          removeOnComplete: true,
          removeOnFail: true,
        });
    };
    while (!this.stopped) {
      try {
        for (const follower of followers) await follower.follow();
        offering.begin(offer);
      } catch (error) {
        logger.warn({ err: error }, 'looking for stale decisions failed; trying again');
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
