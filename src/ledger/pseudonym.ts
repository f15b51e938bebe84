import { createHmac } from 'node:crypto';

/** `p_` and 32 hex digits: the same person of one organisation, always; nobody, without the key. */
export type Pseudonym = `p_${string}`;

/** The pseudonyms of an entry's persons, by the part they play. */
export const pseudonymsOf = (
  key: Buffer,
  orgId: string,
  persons: Readonly<Record<string, string>> = {},
): Record<string, Pseudonym> =>
  Object.fromEntries(Object.entries(persons).map(([part, id]) => [part, pseudonymOf(key, orgId, id)]));

/** HMAC-SHA256 over organisation and principal, cut to 128 bits. Parts carry their length, so that they cannot slide. */
export function pseudonymOf(key: Buffer, orgId: string, principalId: string): Pseudonym {
  const mac = createHmac('sha256', key).update('assay/pseudonym/1\n');
  for (const part of [orgId, principalId]) mac.update(`${String(Buffer.byteLength(part))}:${part}`);
  return `p_${mac.digest('hex').slice(0, 32)}`;
}
