import type { PackContinuation, PackDecision, PackLeaf } from '../pack/pack-source.port.js';
import type { ExportSource } from './export-source.read.js';

/** Passes a source through, and notes what the last whole reading of its decisions held. */
export class ObservedSource implements ExportSource {
  #seen = { decisions: 0, erased: 0, masked: 0 };

  constructor(private readonly source: ExportSource) {}

  /** All zero until the decisions were read to the end. */
  get seen(): Readonly<{ decisions: number; erased: number; masked: number }> {
    return this.#seen;
  }

  leaves(): AsyncIterable<PackLeaf> {
    return this.source.leaves();
  }

  async *decisions(): AsyncIterable<PackDecision> {
    let [decisions, erased, masked] = [0, 0, 0];
    for await (const decision of this.source.decisions()) {
      decisions += 1;
      erased += decision.erased;
      masked += decision.masked;
      yield decision;
    }
    this.#seen = { decisions, erased, masked };
  }

  continuations(): AsyncIterable<PackContinuation> {
    return this.source.continuations();
  }

  count(): Promise<number> {
    return this.source.count();
  }

  leafHashes(first: number, end: number): Promise<readonly Buffer[]> {
    return this.source.leafHashes(first, end);
  }
}
