/**
 * Rows of comma-separated values (RFC 4180): fields in quotes may hold commas, line ends and doubled quotes.
 * Undefined when a quote is not closed, or text follows a closed one.
 */
export function csvRows(text: string): readonly (readonly string[])[] | undefined {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (!match) return undefined;
    const [, quoted, plain, end] = match;
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') {
      if (field.lastIndex === text.length) row.push('');
      else continue;
    }
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows.filter((one) => one.length > 1 || one[0] !== '');
}
