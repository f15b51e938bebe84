const enum Char {
  Space = 0x20,
  Quote = 0x22,
  Comma = 0x2c,
  Backslash = 0x5c,
  CloseBracket = 0x5d,
}

/** The index of the closing quote, or `end` or just behind it where that is not there yet. */
export function stringEnd(held: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const code = held[at];
    if (code === Char.Quote) return at;
    at += code === Char.Backslash ? 2 : 1;
  }
  return at;
}

/** The index of what ends a number or a word, or `end`. */
export function scalarEnd(held: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const code = held[at] ?? 0;
    if (code === Char.Comma || code === Char.CloseBracket || code <= (Char.Space as number)) return at;
    at += 1;
  }
  return at;
}

/** What the text between the quotes stands for, or that text where it is none. */
export function unescaped(written: string): string {
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return written;
  }
}
