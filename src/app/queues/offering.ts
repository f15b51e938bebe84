import type { Logger } from 'pino';

/**
 * Offers work to a queue beside a loop that has more to do. Adding a job waits for as long as the queue's backend is
 * away; what does not need the queue (who is late, what is stale) must not wait with it. One round of offers at a
 * time: what is due stands in the database, so the next one finds whatever this one did not get to.
 */
export class Offering {
  private isUnderWay = false;

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly message: string,
  ) {}

  /** Begins a round, unless one is under way; never throws. */
  begin(offer: () => Promise<void>): void {
    if (this.isUnderWay) return;
    this.isUnderWay = true;
    offer()
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, this.message);
      })
      .finally(() => {
        this.isUnderWay = false;
      });
  }
}
