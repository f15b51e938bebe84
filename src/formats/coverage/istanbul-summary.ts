import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { CoverageBasis, OtherMeasure } from '../model/coverage.js';
import type { EvidenceDocument } from '../model/document.js';
import { isObject, objectIn } from '../read/json-view.js';
import { countedIn } from './counts.js';
import { baseName } from './file-names.js';
import { coverageFailure, measuredDocument, sum, type Counted, type FileTally } from './measured.js';

const FORMAT = 'istanbul-summary';
const PARTS = ['lines', 'statements', 'functions', 'branches'] as const;
type Entry = Readonly<Record<(typeof PARTS)[number], Counted>>;

/**
 * Reads `coverage-summary.json` of Istanbul, nyc, Jest, Vitest and c8. Percentages are never read: they are
 * floored, and the word Unknown for nothing.
 *
 * The same keys hold two things. Instrumenting tools count statements of the syntax tree and derive lines from
 * them. Tools that ask V8 (c8, Jest with coverageProvider v8) count lines, comments included, and copy them into
 * `statements`, so there both are equal in every file. Where they differ anywhere, they are statements. Where they
 * are equal everywhere, the file does not say which tool it was, but `lines` are lines with either, so lines it is.
 */
export function normaliseIstanbulSummary(root: JsonValue): EvidenceDocument {
  const all = isObject(root) ? root : {};
  const entries = new Map<string, Entry>();
  for (const [path, value] of Object.entries(all)) {
    const entry = isObject(value) ? entryOf(value) : undefined;
    if (!entry)
      return coverageFailure(FORMAT, { code: 'istanbul.malformed-entry', params: { entry: baseName(path) } });
    entries.set(path, entry);
  }
  const total = entries.get('total');
  entries.delete('total'); // Istanbul keeps this key to itself: a file is a path from the root
  if (!total) return coverageFailure(FORMAT, { code: 'istanbul.no-total', params: {} });
  return summaryDocument(total, entries);
}

function summaryDocument(total: Entry, entries: ReadonlyMap<string, Entry>): EvidenceDocument {
  const basis = [total, ...entries.values()].every(sameLines) ? 'line' : 'statement';
  const part = basis === 'line' ? 'lines' : 'statements';
  const files = new Map<string, FileTally>(
    [...entries].map(([path, entry]) => [path, { counted: entry[part], lines: null }]),
  );
  const listed = entries.size > 0 ? [...entries.values()] : [total];
  return measuredDocument({
    format: FORMAT,
    tools: [{ name: toolOf(basis), version: null, versionFrom: 'file' }],
    basis,
    files,
    declared: total[part],
    others: othersOf(listed, basis),
  });
}

const sameLines = ({ lines, statements }: Entry): boolean =>
  lines.covered === statements.covered && lines.total === statements.total;

/** Only its basis tells the family of the tool, and only one way. */
export const toolOf = (basis: CoverageBasis): string =>
  basis === 'statement' ? 'istanbul' : 'istanbul or v8';

function othersOf(entries: readonly Entry[], basis: CoverageBasis): OtherMeasure[] {
  const of = (part: keyof Entry): Counted => sum(entries.map((entry) => entry[part]));
  return [
    ...(basis === 'statement' ? [{ measure: 'line' as const, ...of('lines') }] : []),
    { measure: 'branch', ...of('branches') },
    { measure: 'function', ...of('functions') },
  ];
}

function entryOf(value: JsonObject): Entry | undefined {
  const [lines, statements, functions, branches] = PARTS.map((part) => countedIn(value, part));
  if (!lines || !statements) return undefined;
  const nothing = { covered: 0, total: 0 };
  const wrong = (['functions', 'branches'] as const).some(
    (part) => objectIn(value, part) !== undefined && countedIn(value, part) === undefined,
  );
  return wrong
    ? undefined
    : { lines, statements, functions: functions ?? nothing, branches: branches ?? nothing };
}
