import { repositoryPath } from '../read/path.js';

/** The two names a file has in a patch; `/dev/null` where it does not exist. */
export interface PatchNames {
  readonly from: string;
  readonly to: string;
}

/** `@@ -first[,count] +first[,count] @@`; a count left out is 1. */
export interface HunkHead {
  readonly oldCount: number;
  readonly newFirst: number;
  readonly newCount: number;
}

const HUNK = /^@@ -\d{1,9}(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;

export function hunkHead(line: string): HunkHead | undefined {
  const match = HUNK.exec(line);
  return match
    ? { oldCount: Number(match[1] ?? 1), newFirst: Number(match[2]), newCount: Number(match[3] ?? 1) }
    : undefined;
}

/** The name behind `--- `, `+++ `, `rename to `: C-quoted where it must be, and before a tab where a time follows. */
export function nameIn(text: string): string {
  const cut = text.startsWith('"') ? text : (text.split('\t')[0] ?? '');
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(cut)?.[1];
  return quoted === undefined ? cut.trimEnd() : unquoted(quoted);
}

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** Git writes bytes that are not printable ASCII in octal, each by itself. */
function unquoted(text: string): string {
  const bytes: Buffer[] = [];
  for (const [whole, octal, letter] of text.matchAll(/\\([0-3][0-7]{2})|\\(.)|[^\\]+/g)) {
    if (octal !== undefined) bytes.push(Buffer.from([parseInt(octal, 8)]));
    else if (letter !== undefined) bytes.push(Buffer.from([ESCAPES[letter] ?? letter.charCodeAt(0) % 128]));
    else bytes.push(Buffer.from(whole));
  }
  return Buffer.concat(bytes).toString('utf8');
}

/** What git puts before names: `a/` and `b/`, or what `diff.mnemonicPrefix` asks for. */
const PREFIXES: readonly (readonly [string, string])[] = [
  ['a/', 'b/'],
  ['i/', 'w/'],
  ['c/', 'i/'],
  ['c/', 'w/'],
  ['o/', 'w/'],
  ['1/', '2/'],
];

/**
 * Both names without their prefixes, which are taken off only as a pair: a folder may be called `a`. A name that is
 * absent shows nothing, so there the other one decides, and only for git's default.
 */
export function withoutPrefixes({ from, to }: PatchNames): PatchNames {
  const none = '/dev/null';
  const pair = PREFIXES.find(([one, other]) => from.startsWith(one) && to.startsWith(other));
  if (pair) return { from: from.slice(2), to: to.slice(2) };
  if (from === none && to.startsWith('b/')) return { from, to: to.slice(2) };
  if (to === none && from.startsWith('a/')) return { from: from.slice(2), to };
  return { from, to };
}

/** `diff --git a/x b/x`, where both names are one; undefined for renames, which name both elsewhere, and quoted names. */
export function namesInHeader(line: string): PatchNames | undefined {
  const text = line.slice('diff --git '.length);
  const middle = (text.length - 1) / 2;
  if (!Number.isInteger(middle) || text[middle] !== ' ') return undefined;
  const names = withoutPrefixes({ from: text.slice(0, middle), to: text.slice(middle + 1) });
  return names.from === names.to ? names : undefined;
}

/** Relative to the repository; undefined for what leads outside it. */
export const inRepository = (name: string): string | undefined =>
  name.startsWith('/') ? undefined : repositoryPath(name);
