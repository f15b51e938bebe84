import { createHmac } from 'node:crypto';

/** `p_` and 32 hex digits: the same person of one organisation, always; nobody, without the key. */
export type Pseudonym = `p_${string}`;

/** The pseudonyms of an entry's persons, by the part they play. */
export const pseudonymsOf = (
  key: Buffer,
  orgId: string,
  persons: Readonly<Record<string, string>> = {},
): Readonly<Record<string, Pseudonym>> =>
  Object.fromEntries(Object.entries(persons).map(([part, id]) => [part, pseudonymOf(key, orgId, id)]));

/** HMAC-SHA256 over organisation and principal, cut to 128 bits. Parts carry their length, so that they cannot slide. */
export function pseudonymOf(key: Buffer, orgId: string, principalId: string): Pseudonym {
  const parts = [orgId, principalId].map((part) => `${String(Buffer.byteLength(part))}:${part}`);
  const mac = createHmac('sha256', key)
    .update(`assay/pseudonym/1\n${parts.join('')}`)
    .digest('hex');
  return `p_${mac.slice(0, 32)}`;
}
