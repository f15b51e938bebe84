import { parseJson } from '../../kernel/strict-json.js';

/** Where a tool was told to look away: a rule at a line of a file. `line` is where the ignore file says so. */
export interface IgnoredPlace {
  readonly line: number | null;
  /** As written, at most 500 characters; a report's entry shows its place only, never its content. */
  readonly text: string;
  readonly path: string;
  readonly rule: string;
  readonly startLine: number;
}

export interface UnreadableLine {
  readonly line: number | null;
  readonly text: string;
}

export interface IgnoreFile {
  readonly places: readonly IgnoredPlace[];
  readonly unreadable: readonly UnreadableLine[];
}

export const IGNORE_FILE_FORMATS = [
  'gitleaksignore',
  'gitleaks-baseline',
  'detect-secrets-baseline',
] as const;
export type IgnoreFileFormat = (typeof IGNORE_FILE_FORMATS)[number];

const MAX_TEXT = 500;
const COMMIT = /^[0-9a-f]{40}$/;

/** Reads what a repository tells its scanner to overlook; null when it is not of that format at all. */
export function readIgnoreFile(format: IgnoreFileFormat, text: string): IgnoreFile | null {
  if (format === 'gitleaksignore') return gitleaksIgnore(text);
  const parsed = parseJson(text, { maxDepth: 50, byteOrderMark: 'strip', inexactNumbers: 'text' });
  if (!parsed.ok) return null;
  return format === 'gitleaks-baseline' ? gitleaksBaseline(parsed.value) : detectSecrets(parsed.value);
}

/**
 * `.gitleaksignore`: `[commit:]path:rule:line`, `#` begins a comment. Read from the right, since a path may hold
 * colons; which commit it was seen in does not matter, a finding is looked for where it is now.
 */
function gitleaksIgnore(text: string): IgnoreFile {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const places: IgnoredPlace[] = [];
  const unreadable: UnreadableLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const parts = line.split(':');
    const [rule, number] = parts.slice(-2);
    const path = parts.slice(COMMIT.test(parts[0] ?? '') ? 1 : 0, -2).join(':');
    const shown = { line: index + 1, text: line.slice(0, MAX_TEXT) };
    if (path === '' || !rule || !/^\d{1,9}$/.test(number ?? '')) unreadable.push(shown);
    else places.push({ ...shown, path, rule, startLine: Number(number) });
  }
  return { places, unreadable };
}

/** A gitleaks report of 8 that serves as a baseline. It may hold the secrets: only places are taken from it. */
function gitleaksBaseline(value: unknown): IgnoreFile | null {
  if (!Array.isArray(value)) return null;
  return collected(
    (value as readonly unknown[]).map((one, index) => {
      const { File: path, RuleID: rule, StartLine: startLine } = isObject(one) ? one : {};
      return place({ path, rule, startLine }, `[${String(index)}]`);
    }),
  );
}

/** A detect-secrets baseline: `results`, by file. Its unsalted hashes are not taken over. */
function detectSecrets(value: unknown): IgnoreFile | null {
  const results = isObject(value) ? value['results'] : undefined;
  if (!isObject(results)) return null;
  return collected(
    Object.entries(results).flatMap(([path, listed]) =>
      (Array.isArray(listed) ? (listed as readonly unknown[]) : []).map((one, index) => {
        const { type: rule, line_number: startLine } = isObject(one) ? one : {};
        return place({ path, rule, startLine }, `results["${path}"][${String(index)}]`);
      }),
    ),
  );
}

function place(
  { path, rule, startLine }: Readonly<Record<'path' | 'rule' | 'startLine', unknown>>,
  where: string,
): IgnoredPlace | UnreadableLine {
  const isPlace =
    typeof path === 'string' && typeof rule === 'string' && typeof startLine === 'number' && startLine >= 0;
  if (!isPlace) return { line: null, text: where.slice(0, MAX_TEXT) };
  const text = `${path}:${rule}:${String(startLine)}`.slice(0, MAX_TEXT);
  return { line: null, text, path, rule, startLine };
}

const collected = (read: readonly (IgnoredPlace | UnreadableLine)[]): IgnoreFile => ({
  places: read.filter((one): one is IgnoredPlace => 'path' in one),
  unreadable: read.filter((one) => !('path' in one)),
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
