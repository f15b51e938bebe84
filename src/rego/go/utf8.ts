import { isUtf8 } from 'node:buffer';

/**
 * Bytes as a string, as Go shows those that are not UTF-8: each byte that belongs to no character becomes U+FFFD by
 * itself. (The Web's decoders make one of several.)
 */
export function goText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    parts.push(length === 0 ? '\uFFFD' : bytes.toString('utf8', at, at + length));
    at += Math.max(length, 1);
  }
  return parts.join('');
}

/** Of the character that begins there; 0 when none does. */
const characterLength = (bytes: Buffer, at: number): number =>
  [1, 2, 3, 4].find((length) => at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) ?? 0;
