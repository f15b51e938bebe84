import type { PackMaker } from './pack-maker.service.js';

/** Edge of the queue `export`: one job is one entry `export.requested`. */
export class MakePackProcessor {
  constructor(private readonly maker: PackMaker) {}

  /** Throws what the queue should try again, and in the end shows as failed. */
  async handle({ seq }: { readonly seq: number }): Promise<void> {
    const made = await this.maker.makeEntry(seq);
    if (!made.ok) throw new Error(`entry ${String(seq)}: ${JSON.stringify(made.problem)}`);
  }
}
