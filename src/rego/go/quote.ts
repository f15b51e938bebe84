/** Go's strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export const isPrintable = (character: string): boolean => /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);

const SHORT: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

const PLAIN = /^[\x20-\x7e]*$/;

/** Go's strconv.Quote, or QuoteToASCII. */
export function quote(text: string, asciiOnly = false): string {
  if (PLAIN.test(text)) return `"${text.replace(/["\\]/g, '\\$&')}"`;
  return `"${Array.from(text, (character) => escaped(character, '"', asciiOnly)).join('')}"`;
}

/** Go's strconv.QuoteRune, or QuoteRuneToASCII. */
export const quoteRune = (character: string, asciiOnly = false): string =>
  `'${escaped(character, "'", asciiOnly)}'`;

function escaped(character: string, mark: string, asciiOnly: boolean): string {
  if (character === mark || character === '\\') return `\\${character}`;
  const code = character.codePointAt(0) ?? 0;
  if ((!asciiOnly || code < 0x80) && isPrintable(character)) return character;
  const short = SHORT[character];
  if (short !== undefined) return short;
  const hex = code.toString(16);
  if (code < 0x20 || code === 0x7f) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Whether a raw string literal can say it: Go's strconv.CanBackquote. */
export function canBackquote(text: string): boolean {
  if (/[`\ufeff]/.test(text)) return false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if ((unit < 0x20 && unit !== 0x09) || unit === 0x7f) return false;
  }
  return true;
}
