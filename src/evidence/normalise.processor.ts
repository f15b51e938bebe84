import type { EvidenceService } from './evidence.service.js';

/** Edge of the queue `normalise`: one job is one entry `evidence.received`. */
export class NormaliseProcessor {
  constructor(private readonly evidence: EvidenceService) {}

  /** Throws what the queue should try again, and in the end shows as failed: nobody is told that all is well. */
  async handle({ seq }: { readonly seq: number }): Promise<void> {
    const normalised = await this.evidence.normaliseEntry(seq);
    if (!normalised.ok) throw new Error(`entry ${String(seq)}: ${JSON.stringify(normalised.problem)}`);
  }
}
