/**
 * The objects of a text in which JSON objects follow each other, with white space of any kind between them. Of
 * each the text, for the strict parser; `rest` where something else follows or the last one does not end.
 * One pass over the text.
 */
export function objectTexts(text: string): { readonly objects: readonly string[]; readonly rest: boolean } {
  const objects: string[] = [];
  let start = -1;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (depth === 0 && code !== 0x7b) {
      if (isSpace(code)) continue;
      return { objects, rest: true };
    }
    if (code === 0x22) at = stringEnd(text, at);
    else if (code === 0x7b && (depth += 1) === 1) start = at;
    else if (code === 0x7d && (depth -= 1) === 0) objects.push(text.slice(start, at + 1));
  }
  return { objects, rest: depth > 0 };
}

/** The index of the closing quote, or of the end of the text. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at;
  }
  return text.length;
}

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xfeff;
