/**
 * An evaluator of licence expressions that shares nothing with ours: it reads the text letter by letter and
 * answers by trying out every way to choose, where ours keeps normal forms and asks a policy. Slow and plain on
 * purpose. It knows the identifiers the tests use and no others.
 */

/** One licence as the tests write it, in parts. */
interface Atom {
  readonly family: string;
  readonly version: number;
  readonly orLater: boolean;
  readonly exception: string;
}

type Tree =
  | { readonly kind: 'leaf'; readonly text: string }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Tree[] };

/** Whether the licensee can choose so that everything is compatible with the list. */
export const truthAllows = (expression: string, list: readonly string[]): boolean =>
  choices(treeOf(expression)).some((choice) =>
    choice.every((leaf) => list.some((listed) => overlap(atomOf(leaf), atomOf(listed)))),
  );

/** Whether every choice the licensee has contains something equivalent to a listed licence. */
export const truthRequiresAny = (expression: string, list: readonly string[]): boolean =>
  choices(treeOf(expression)).every((choice) =>
    choice.some((leaf) => list.some((listed) => sameBase(atomOf(leaf), atomOf(listed)))),
  );

/** At an OR one branch is taken, at an AND all are; every combination is written out. */
function choices(tree: Tree): string[][] {
  if (tree.kind === 'leaf') return [[tree.text]];
  const parts = tree.parts.map(choices);
  if (tree.kind === 'or') return parts.flat();
  return parts.reduce<string[][]>((sofar, next) => sofar.flatMap((a) => next.map((b) => [...a, ...b])), [[]]);
}

/** Splits at the loosest operator outside brackets: first OR, then AND. */
function treeOf(text: string): Tree {
  const trimmed = text.trim();
  for (const [kind, word] of [
    ['or', /^ or /i],
    ['and', /^ and /i],
  ] as const) {
    const parts = splitOutside(trimmed, word);
    if (parts.length > 1) return { kind, parts: parts.map(treeOf) };
  }
  if (trimmed.startsWith('(') && trimmed.endsWith(')')) return treeOf(trimmed.slice(1, -1));
  return { kind: 'leaf', text: trimmed };
}

function splitOutside(text: string, word: RegExp): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    const found = depth === 0 ? word.exec(text.slice(at, at + 5)) : null;
    if (!found) continue;
    parts.push(text.slice(start, at));
    start = at + found[0].length;
    at = start - 1;
  }
  return [...parts, text.slice(start)];
}

const COMPOUND: Readonly<Record<string, string>> = {
  'gpl-2.0-with-classpath-exception': 'gpl-2.0 with classpath-exception-2.0',
  'gpl-3.0-with-gcc-exception': 'gpl-3.0 with gcc-exception-3.1',
};

function atomOf(written: string): Atom {
  const lower = written.toLowerCase();
  const [licence = '', exception = ''] = (COMPOUND[lower] ?? lower).split(/ with /);
  let id = licence;
  let orLater = false;
  for (const [ending, isLater] of [
    ['-or-later', true],
    ['-only', false],
    ['+', true],
  ] as const)
    if (id.endsWith(ending) && !id.includes('ref-')) {
      id = id.slice(0, -ending.length);
      orLater = isLater;
      break;
    }
  const dash = id.lastIndexOf('-');
  const version = Number(id.slice(dash + 1));
  return dash < 0 || Number.isNaN(version) || id.includes('ref-')
    ? { family: id, version: 0, orLater, exception }
    : { family: id.slice(0, dash), version, orLater, exception };
}

const related = (one: Atom, other: Atom): boolean =>
  one.family === other.family && one.exception === other.exception;

/** A version both may be: of the few there are, up to one that is later than all. */
const overlap = (one: Atom, other: Atom): boolean =>
  related(one, other) &&
  [0, 1, 1.1, 2, 2.1, 3, 4, 99].some((version) => covers(one, version) && covers(other, version));

const covers = ({ version, orLater }: Atom, asked: number): boolean =>
  orLater ? asked >= version : asked === version;

const sameBase = (one: Atom, other: Atom): boolean => related(one, other) && one.version === other.version;
