import { FieldMasker } from './field-masker.js';
import { PatternMasker } from './pattern-masker.js';

/**
 * Masks secrets in a stream before its first write (settled.md). Bytes in, bytes out, in order; `end` gives the
 * rest. The result depends on the bytes and the key alone, never on how they were cut; it is as good JSON, XML
 * or text as before; masking it again changes nothing. Linear in time, bounded in memory.
 *
 * Not promised: to find what is encoded (base64, compressed, UTF-16) or looks like an ordinary word. Payloads of signed
 * envelopes are watched apart: see `PayloadWatch`.
 */
export class SecretMasker {
  private readonly fields: FieldMasker;
  private readonly patterns: PatternMasker;

  /** `key`: of the organisation, see `maskingKey`. */
  constructor(key: Uint8Array) {
    this.fields = new FieldMasker(key);
    this.patterns = new PatternMasker(key);
  }

  /** Secrets masked so far. */
  get masked(): number {
    return this.fields.masked + this.patterns.masked;
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.pushText(latin1(chunk));
  }

  /** For whoever has the latin-1 view of the bytes already. */
  pushText(text: string): Uint8Array {
    return Buffer.from(this.patterns.push(this.fields.push(text)), 'latin1');
  }

  end(): Uint8Array {
    return Buffer.from(this.patterns.push(this.fields.end()) + this.patterns.end(), 'latin1');
  }
}

/** A view of bytes as text, one character for each. */
export const latin1 = (chunk: Uint8Array): string =>
  Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');

/** Whether a text that will stand in clear, such as a name, holds what a pattern knows as a secret. */
export const holdsSecret = (text: string): boolean =>
  new PatternMasker(NO_KEY).firstIn(Buffer.from(text).toString('latin1')) !== undefined;
/** What is only looked for is never written. */
const NO_KEY = new Uint8Array(32);
