import type { Logger } from 'pino';

/** How long what a loop looks for may go unseen. */
const POLL_MS = 500;

/**
 * Rounds with a pause between them until it is stopped; a round that fails is logged, and the next one tries again. After
 * one that answers 'more' there is no pause.
 */
export class PollingLoop {
  private stopped = false;
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly round: () => Promise<unknown>,
    /** What the round does, for the log: `looking for …`. */
    private readonly what: string,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Ends after the round that it is in. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      let answer: unknown;
      try {
        answer = await this.round();
      } catch (error) {
        this.logger.warn({ err: error }, `${this.what} failed; trying again`);
      }
      if (answer !== 'more') await this.pause();
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
