import { JUDGES, type Judge, type Verdicts } from './jury.js';

export interface Row {
  readonly group: string;
  readonly what: string;
  readonly unsigned: string | undefined;
  readonly onlyBy: 'cosign' | 'spicy' | undefined;
  readonly verdicts: Verdicts;
}

export interface FlipRow {
  readonly kind: string;
  readonly verdicts: readonly Verdicts[];
}

const BEGIN = '<!-- node scripts/strangers.mjs --table -->';
const END = '<!-- end of the table -->';
const REFUSES = 'refuses';
const MISSES = '–';

/** Markdown: the corpus, and then single bits, by what each judge says. */
export function renderTable(rows: readonly Row[], flips: readonly FlipRow[]): string {
  const judges = JUDGES.filter((judge) => rows[0]?.verdicts[judge] !== undefined);
  const head = line(['tampering', ...judges]) + line(['---', ...judges.map(() => '---')]);
  const body = rows.map(({ group, what, verdicts }) =>
    line([
      `**${group}** ${what}`,
      ...judges.map((judge) => (verdicts[judge]?.refused === undefined ? MISSES : REFUSES)),
    ]),
  );
  const bits = flips.map(({ kind, verdicts }) =>
    line([`**bit** of: ${kind}`, ...judges.map((judge) => countOf(verdicts, judge))]),
  );
  const totals = judges.map(
    (judge) => rows.filter(({ verdicts }) => verdicts[judge]?.refused !== undefined).length,
  );
  const sum = line(['**all but single bits**', ...totals.map((total) => `${total} of ${rows.length}`)]);
  const reasons = rows
    .filter(({ unsigned }) => unsigned !== undefined)
    .map(({ group, what, unsigned }) => `- ${group} ${what}: ${unsigned}\n`);
  return (
    `${BEGIN}\n\n${head}${body.join('')}${sum}${bits.join('')}\n` +
    `Refused by nobody but ours and the manifest's digests, and why:\n\n${reasons.join('')}\n${END}`
  );
}

/** The document with the table where its markers are. Throws when there are none. */
export function spliceTable(document: string, table: string): string {
  const [start, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (start < 0 || end < start) throw new Error('the document has no place for the table');
  return document.slice(0, start) + table + document.slice(end + END.length);
}

/** What each of `judges` says of each tampering; without single bits, of which samples differ. However it is aligned. */
export function structureOf(text: string, judges: readonly Judge[]): readonly string[] {
  const cells = text
    .slice(text.indexOf(BEGIN), text.indexOf(END))
    .split('\n')
    .filter((row) => row.startsWith('|'))
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const columns = judges.map((judge) => cells[0]?.indexOf(judge) ?? -1);
  return cells
    .filter(([name]) => name?.startsWith('**') === true && !name.startsWith('**bit**'))
    .map((row) => [row[0], ...columns.map((column) => row[column])].join(' | '));
}

/** A judge that was not asked has nothing in such a file to look at. */
const countOf = (verdicts: readonly Verdicts[], judge: Judge): string => {
  const refused = verdicts.filter((each) => each[judge]?.refused !== undefined).length;
  return refused === 0 ? MISSES : `${refused} of ${verdicts.length}`;
};

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
