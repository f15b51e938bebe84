import type { KeyObject } from 'node:crypto';

/**
 * What a door that writes entries holds. Never the log key: that one is the integrator's alone. Losing
 * `pseudonym` unlinks actors from principals; losing `keyEncryption` erases every personal field.
 */
export interface LedgerKeys {
  /** P-256 private key; signs statements. Its public half stands in every leaf. */
  readonly decision: KeyObject;
  /** 32 bytes; HMAC key of actors' pseudonyms and of content digests. */
  readonly pseudonym: Buffer;
  /** 32 bytes; AES-256 key that wraps each person's data key. */
  readonly keyEncryption: Buffer;
}
