import type { BundleContent } from '../bundle-sources.port.js';
import type { RegoSource } from '../../rego/compiler.port.js';

/**
 * The files of several policies as one set, in which each policy means what it means alone; undefined where
 * that is not certain. Alone means: what its modules can see of `data` is the same. So packages must consist
 * of the same files wherever they occur, and below every path of `data` that a policy refers to there may be
 * no package it does not have itself. References that are computed (`data[x]`, `walk(data)`) see all of it.
 */
export function union(policies: readonly BundleContent[]): readonly RegoSource[] | undefined {
  // A base document belongs to one policy: two could not be told apart in one module.
  if (policies.some(({ data }) => data !== undefined)) return undefined;
  const texts = new Map<string, string>();
  for (const { path, text } of policies.flatMap(({ files }) => files)) {
    if ((texts.get(path) ?? text) !== text) return undefined;
    texts.set(path, text);
  }
  const files = [...texts].map(([path, text]) => ({ path, text })).sort((a, b) => (a.path < b.path ? -1 : 1));
  const whole = filesByPackage(files);
  if (whole.has(UNREADABLE)) return undefined;
  const agree = policies.every((policy) => {
    const own = filesByPackage(policy.files);
    if (![...own].every(([name, members]) => members === whole.get(name))) return false;
    const seen = policy.files.flatMap(({ text }) => referencesTo(text));
    return seen.every((path) =>
      [...whole.keys()].every((name) => own.has(name) || !(isBelow(name, path) || isBelow(path, name))),
    );
  });
  return agree ? files : undefined;
}

/** The paths of the files that make up each package, as one text. Texts are equal wherever paths are. */
function filesByPackage(files: readonly RegoSource[]): ReadonlyMap<string, string> {
  const packages = new Map<string, string>();
  for (const { path, text } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = packageOf(text);
    packages.set(name, `${packages.get(name) ?? ''}${path}\n`);
  }
  return packages;
}

const UNREADABLE = '';
const PACKAGE = /^package[ \t]+([A-Za-z0-9_.]+)[ \t]*(?:#[^\n]*|\r)?(?:\n|$)/;

/** The dotted path, in the usual spelling. */
const packageOf = (text: string): string => PACKAGE.exec(codeOf(text).trimStart())?.[1] ?? UNREADABLE;

/** Without lines that are comments; a line of a raw string only looks like one. */
const codeOf = (text: string): string =>
  text.replaceAll(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|^[ \t]*#.*$/gm, (token) => (/^["`]/.test(token) ? token : ''));

/** Whether a dotted path is another one or lies below it. Everything lies below the empty one. */
const isBelow = (path: string, above: string): boolean =>
  above === '' || path === above || path.startsWith(`${above}.`);

/**
 * Every path of `data` that a module may refer to, as far as it is spelled out. Words in strings count, too:
 * that errs to the safe side. A rule that reads its metadata sees that of the
 * packages around its own.
 */
function referencesTo(text: string): readonly string[] {
  const code = codeOf(text);
  const metadata = code.includes('rego.metadata') ? [packageOf(text)] : [];
  return [
    ...metadata,
    ...[...code.matchAll(/(?<![\w."])data\b((?:\.[A-Za-z_][A-Za-z0-9_]*)*)/g)].map(([, path = '']) =>
      path.slice(1),
    ),
  ];
}
