import { failed, type Result } from '../../kernel/result.js';
import type { OpaBusy } from '../compiler.port.js';

/**
 * How many calls run at once, and how many may wait. Whoever comes when both are full is told so at once, for a
 * queue without end is a memory leak with manners.
 */
export class CallSlots {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mayWait: number,
  ) {}

  async run<T, P>(work: () => Promise<Result<T, P>>): Promise<Result<T, P | OpaBusy>> {
    if (this.running >= this.atOnce) {
      if (this.waiting.length >= this.mayWait)
        return failed({ kind: 'OpaBusy', running: this.running, waiting: this.waiting.length });
      await new Promise<void>((resolve) => this.waiting.push(resolve)); // woken with the slot already its own
    } else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
