import type { Logger } from 'pino';
import type { RejudgeJob, Rejudger } from '../../gate/drift/rejudger.service.js';
import { RejudgeProcessor } from '../../gate/drift/rejudge.processor.js';
import { Offering } from './offering.js';
import { PollingLoop } from './polling-loop.io.js';
import type { Queues } from './queues.js';

const QUEUE = 'rejudge';
/** Jobs offered to the queue at once; the rest follow as these are done. */
const OFFERED = 2_000;
/** A gate fills a core; more at once would only make each of them later. */
const CONCURRENCY = 2;
const ATTEMPTS = 8;
const FIRST_BACK_OFF_MS = 500;
/** A step is a thousand entries, and some hundred decisions to be looked at. */
const STEPS_IN_TURN = 2;
/** With less there is no backlog: more gathers in the pause, and a page of many costs little more than one of few. */
const BACKLOG = 200;

export interface DriftLoopSettings {
  /** Who goes by cursor: so many steps, or until there is nothing new. Answers how much there was. */
  readonly followers: readonly { follow(steps: number): Promise<number> }[];
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
  private readonly loop: PollingLoop;
  private readonly offering: Offering;

  constructor(private readonly settings: DriftLoopSettings) {
    this.loop = new PollingLoop(() => this.round(), 'looking for stale decisions', settings.logger);
    this.offering = new Offering(settings.logger, 'offering stale decisions failed; trying again');
  }

  start(): void {
    const { queues, rejudger } = this.settings;
    const processor = new RejudgeProcessor(rejudger);
    queues.work<RejudgeJob>(QUEUE, (job) => processor.handle(job), { concurrency: CONCURRENCY });
    this.loop.start();
  }

  /** Ends after the round that it is in. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** In turns: neither another reader nor judging again waits until somebody has come through all that a change touched. */
  private async round(): Promise<'more' | undefined> {
    let done = 0;
    for (const follower of this.settings.followers) done += await follower.follow(STEPS_IN_TURN);
    this.offering.begin(() => this.offer());
    return done >= BACKLOG ? 'more' : undefined;
  }

  private async offer(): Promise<void> {
    const { queues, rejudger } = this.settings;
    const queue = queues.queue<RejudgeJob>(QUEUE);
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
  }
}
