import { createHmac } from 'node:crypto';

/**
 * Key of one organisation's masks, so that equal secrets of different organisations do not look alike. Derived,
 * so that there is one key to keep.
 */
export const maskingKey = (installationKey: Uint8Array, orgId: string): Uint8Array =>
  createHmac('sha256', installationKey).update(`assay.masking/1 ${orgId}`).digest();

/**
 * What stands in place of a secret: its class and 64 bits of an HMAC of its value, so that the same secret is
 * recognised again, a changed one is seen to have changed, and nobody without the key can try guesses. The
 * shape needs no escaping in JSON, XML or a line of text.
 */
export function maskOf(key: Uint8Array, secretClass: string, value: string): string {
  const keyed = createHmac('sha256', key).update(value, 'latin1').digest('hex').slice(0, 16);
  return `[masked:${secretClass}:${keyed}]`;
}
