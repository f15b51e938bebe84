/** The lines of a text with their numbers from 1, without white space at their ends. */
export function* linesOf(text: string): Generator<readonly [number, string]> {
  let number = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    yield [++number, text.slice(start, end).trimEnd()];
    start = end + 1;
  }
}
