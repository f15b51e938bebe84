/**
 * Compact JSON text laid out as Go's `json.Indent` does, every line but the first beginning with `prefix`.
 * Throws when that is more than `limit` characters: a long indent and deep nesting multiply.
 */
export function indented(
  json: string,
  { prefix, indent, limit }: { readonly prefix: string; readonly indent: string; readonly limit: number },
): string {
  const parts: string[] = [];
  let length = 0;
  let depth = 0;
  const write = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  const newLine = (): void => {
    length += prefix.length + indent.length * depth;
    if (length > limit) throw new Error(`the text is longer than ${limit} characters`);
    write(`\n${prefix}${indent.repeat(depth)}`);
  };
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|\[\]|\{\}|[[\]{},:]|[^"[\]{},:]+/g)) {
    if (token === '[' || token === '{') {
      write(token);
      depth++;
      newLine();
    } else if (token === ']' || token === '}') {
      depth--;
      newLine();
      write(token);
    } else if (token === ',') {
      write(token);
      newLine();
    } else write(token === ':' ? ': ' : token);
  }
  return parts.join('');
}
