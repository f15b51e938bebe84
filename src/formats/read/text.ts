import { MESSAGE_LENGTH } from '../model/finding.js';

/** At most `limit` code units, never half a character. */
export function shortened(text: string, limit = MESSAGE_LENGTH): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** An id, name or version as a report writes it: one line, bounded, so that it can stand in a message. */
export const named = (text: string): string => shortened(text.replace(/[\s\p{Cc}]+/gu, ' ').trim(), 300);
