import { createHash } from 'node:crypto';
import { digestFrom, type Digest } from '../kernel/digest.js';
import { PayloadWatch } from './masking/payload-watch.js';
import { latin1, SecretMasker } from './masking/secret-masker.js';
import { refusedBody, UploadRefused } from './upload-refused.js';

/** What an upload holds once it is not compressed any more; `encoding` is how it was. */
export interface Decoded {
  readonly encoding: string | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface UploadRules {
  readonly maskingKey: Uint8Array;
  /** Of what is received, and of what it holds once decompressed. */
  readonly limitBytes: number;
  /** Undoes the compression, if there is any. */
  readonly decode: (received: AsyncIterable<Uint8Array>) => Promise<Decoded>;
}

/**
 * An upload on its way to the blob store: hashed as received, decompressed, then masked. Text in UTF-8 only: what
 * is UTF-16 or binary would carry its secrets past the masker, so a NUL byte ends it; and so does a secret inside the
 * payload of a signed envelope, which cannot be masked without breaking the signature.
 */
export class MaskedUpload {
  /** How it was compressed; known after the last byte. */
  encoding: string | null = null;
  private readonly hash = createHash('sha256');
  private readonly masker: SecretMasker;

  constructor(
    private readonly received: AsyncIterable<Uint8Array>,
    private readonly rules: UploadRules,
  ) {
    this.masker = new SecretMasker(rules.maskingKey);
  }

  /** To be read once. Throws `UploadRefused`. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    const { encoding, bytes } = await this.rules.decode(this.limited(this.received, this.hash));
    this.encoding = encoding;
    const payloads = new PayloadWatch();
    let isFirst = true;
    for await (const chunk of this.limited(bytes)) {
      if (isFirst && isUtf16(chunk)) throw refusedBody('text in UTF-8; this begins like UTF-16');
      if (chunk.includes(0)) throw refusedBody('text in UTF-8; a NUL byte shows that this is not');
      isFirst = false;
      const text = latin1(chunk);
      if (payloads.push(text)) throw secretInPayload();
      const masked = this.masker.pushText(text);
      if (masked.byteLength > 0) yield masked;
    }
    if (payloads.end()) throw secretInPayload();
    yield this.masker.end();
  }

  /** Of the bytes received; after the last one. */
  receivedDigest(): Digest {
    return digestFrom(`sha256:${this.hash.digest('hex')}`);
  }

  get maskedCount(): number {
    return this.masker.masked;
  }

  private async *limited(
    source: AsyncIterable<Uint8Array>,
    hash?: { update(chunk: Uint8Array): unknown },
  ): AsyncGenerator<Uint8Array> {
    const { limitBytes } = this.rules;
    let sizeBytes = 0;
    for await (const chunk of source) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limitBytes) throw new UploadRefused({ kind: 'EvidenceTooLarge', limitBytes });
      hash?.update(chunk);
      yield chunk;
    }
  }
}

const secretInPayload = (): UploadRefused =>
  refusedBody('an envelope whose signed payload holds no secret; it cannot be masked under its signature');

const isUtf16 = (chunk: Uint8Array): boolean =>
  (chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff);
