import type { EvidenceProblem } from './problem.js';

/** Ends a stream that must not be stored; thrown through the blob store, so that a failed put leaves nothing. */
export class UploadRefused extends Error {
  constructor(readonly problem: Extract<EvidenceProblem, { kind: 'EvidenceTooLarge' | 'InvalidInput' }>) {
    super(problem.kind);
  }
}

export const refusedBody = (expected: string): UploadRefused =>
  new UploadRefused({ kind: 'InvalidInput', path: 'body', expected });
