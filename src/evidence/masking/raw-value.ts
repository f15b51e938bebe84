import { maskOf } from './mask.js';
import type { PatternMasker } from './pattern-masker.js';

/**
 * value: the secret itself and nothing else, so its mask tells values apart. text: something around it, which
 * is masked as the first secret recognised in it. lines: a source, line by line, so that a finding in it can be
 * known again after other lines changed. code: as text, without regard to white space.
 */
export type RawKind = 'value' | 'text' | 'lines' | 'code';

export interface MaskWith {
  readonly key: Uint8Array;
  readonly patterns: PatternMasker;
}

const ONE_MASK = String.raw`\[masked:[a-z0-9-]{1,40}:[0-9a-f]{16}\]`;
/** Already masked, perhaps line by line; `\n` is the escape, as it stands in JSON. */
const MASKED = new RegExp(String.raw`^(?:${ONE_MASK}|\\n)*$`);
/** What tools write in place of a value. */
const PLACEHOLDER = /^(?:\*+|<?redacted>?|\[redacted\]|requires login)$/i;

/** Whether a literal of JSON is left as it is: empty, a mask, or what a tool wrote in place of a value. */
export const saysNothing = (literal: string): boolean => MASKED.test(literal) || PLACEHOLDER.test(literal);

/** The tool blanked the value in it. */
const CUT_TEXT = /\*{4,}|REDACTED/;

/** Masks of more lines would not fit where a source fits. */
const MAX_LINES = 20_000;

/** The mask of a raw value, a latin-1 view of its bytes, as it stands in JSON. */
export function maskRaw(
  value: string,
  { secretClass, how }: { secretClass: string; how: RawKind },
  by: MaskWith,
): string {
  switch (how) {
    case 'value':
      // `gitleaks --redact=60` leaves the beginning and dots: that tells no values apart.
      if (value.endsWith('...')) return maskOf(by.key, 'partial', value);
      return wholeMask(value, by) ?? wholeMask(fromBase64(value), by) ?? maskOf(by.key, secretClass, value);
    case 'text': {
      const known = by.patterns.firstIn(value);
      return known ?? maskOf(by.key, CUT_TEXT.test(value) ? 'partial' : secretClass, value);
    }
    case 'code':
      return maskOf(by.key, secretClass, value.replace(/\s+/g, ' ').trim());
    case 'lines':
      return value
        .split(/\r?\n/, MAX_LINES)
        .map((line) =>
          line.trim() === '' || saysNothing(line) ? line.trim() : maskOf(by.key, secretClass, line),
        )
        .join(String.raw`\n`);
  }
}

/** No pattern knows a shorter one. */
const SHORTEST = 15;

/** Where a pattern knows the whole value: its class is the better one, and so is its idea of what counts. */
function wholeMask(value: string, { patterns }: MaskWith): string | undefined {
  const trimmed = value.trim();
  if (trimmed.length < SHORTEST) return undefined;
  const written = patterns.whole(trimmed);
  return written !== undefined && MASKED.test(written) ? written : undefined;
}

/** TruffleHog before 3.6x wrote values in base64; what is none decodes to nothing a pattern knows. */
function fromBase64(value: string): string {
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) || value.length % 4 !== 0) return '';
  return Buffer.from(value, 'base64').toString('latin1');
}
