import type { Explanation, TraceEvent } from '../compiler.port.js';

/** `query:1    | | Eval x = 1     {x: 1}`: place, one bar per enclosing query, operation, and a table's last column. */
const LINE = /^(query|[a-z0-9]+\.rego):(\d+) +((?:\| )*)([A-Z]\w*) (.*)$/su;
/** What separates two columns at least. */
const PADDING = '     ';
const MAX_TEXT = 400;

/**
 * Reads `eval --format pretty --explain … --var-values`. The JSON form repeats every local value at every step: 75 MB
 * and four seconds where this is 2 MB and a fraction of one. `names` maps the short file names that were given to
 * OPA, which cuts long ones, to the author's. Lines that are no steps (the result) are skipped.
 */
export function readPrettyTrace(
  text: string,
  names: ReadonlyMap<string, string>,
  maxEvents: number,
): Explanation {
  const events: TraceEvent[] = [];
  let totalEvents = 0;
  let varsAt: number | undefined;
  for (const line of linesOf(text)) {
    const match = LINE.exec(line);
    if (!match) continue;
    totalEvents++;
    if (events.length >= maxEvents) continue;
    // A step without variables ends in {}: that is where the last column begins, in characters, in every line.
    if (line.endsWith(`${PADDING}{}`)) varsAt ??= [...line].length - 2;
    const [, place = '', row = '', bars = '', op = ''] = match;
    const start = line.length - (match[5] ?? '').length;
    const { node, vars } = columns(line, start, varsAt);
    events.push({
      ...{ op, depth: bars.length / 2, row: Number(row) },
      file: place === 'query' ? '' : (names.get(place) ?? place),
      ...withMessage(op, node),
      locals: vars === '{}' ? '' : cut(vars),
    });
  }
  return { events, totalEvents };
}

function* linesOf(text: string): Iterable<string> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    yield text.slice(from, end === -1 ? undefined : end);
    if (end === -1) return;
    from = end + 1;
  }
}

function columns(line: string, start: number, varsAt: number | undefined): { node: string; vars: string } {
  if (varsAt === undefined) return { node: line.slice(start).trimEnd(), vars: '' };
  // Only where a character is two units do positions differ from what was counted.
  const at = isPlain(line) ? varsAt : [...line].slice(0, varsAt).join('').length;
  return { node: line.slice(start, at).trimEnd(), vars: line.slice(at) };
}

const isPlain = (line: string): boolean => !/[\ud800-\udbff]/.test(line);

/** What an index matched is in brackets at the end; what `trace()` said is all there is, in quotes. */
function withMessage(op: string, node: string): { readonly node: string; readonly message: string } {
  if (op === 'Note') return { node: '', message: node.slice(1, -1) };
  const at = op === 'Index' ? node.lastIndexOf(' (') : -1;
  return at === -1
    ? { node: cut(node), message: '' }
    : { node: cut(node.slice(0, at)), message: node.slice(at + 2, -1) };
}

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
