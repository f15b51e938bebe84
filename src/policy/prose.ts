import type { InvalidInput } from './problem.js';

/** Longer prose belongs into the policy's README.md. */
const MAX_PROSE = 4_000;

/** A note, a comment or a reason is required, and bounded. */
export function proseFault(path: string, text: string): InvalidInput | undefined {
  if (text.trim() !== '' && text.length <= MAX_PROSE && text.isWellFormed()) return undefined;
  return { kind: 'InvalidInput', path, expected: `text of 1 to ${String(MAX_PROSE)} characters` };
}
