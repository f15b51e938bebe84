import { createHash } from 'node:crypto';
import { digestFrom, type Digest } from '../kernel/digest.js';
import { SecretMasker } from './masking/secret-masker.js';
import type { EvidenceProblem } from './problem.js';

/** Ends a stream that must not be stored; thrown through the blob store, so that a failed put leaves nothing. */
export class UploadRefused extends Error {
  constructor(readonly problem: Extract<EvidenceProblem, { kind: 'EvidenceTooLarge' | 'InvalidInput' }>) {
    super(problem.kind);
  }
}

/**
 * An upload on its way to the blob store: hashed as received, then masked. Text only: what is compressed or
 * UTF-16 would carry its secrets past the masker, so a NUL byte ends it.
 */
export class MaskedUpload {
  private readonly hash = createHash('sha256');
  private readonly masker: SecretMasker;
  private receivedBytes = 0;

  constructor(
    private readonly received: AsyncIterable<Uint8Array>,
    maskingKey: Uint8Array,
    private readonly limitBytes: number,
  ) {
    this.masker = new SecretMasker(maskingKey);
  }

  /** To be read once. Throws `UploadRefused`. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.received) {
      this.receivedBytes += chunk.byteLength;
      if (this.receivedBytes > this.limitBytes)
        throw new UploadRefused({ kind: 'EvidenceTooLarge', limitBytes: this.limitBytes });
      if (chunk.includes(0)) throw new UploadRefused(NOT_TEXT);
      this.hash.update(chunk);
      const masked = this.masker.push(chunk);
      if (masked.byteLength > 0) yield masked;
    }
    yield this.masker.end();
  }

  /** Of the bytes received; after the last one. */
  receivedDigest(): Digest {
    return digestFrom(`sha256:${this.hash.digest('hex')}`);
  }

  get maskedCount(): number {
    return this.masker.masked;
  }
}

const NOT_TEXT = { kind: 'InvalidInput', path: 'body', expected: 'text in UTF-8, not compressed' } as const;
