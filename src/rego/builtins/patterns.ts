import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { globsIntersect } from './glob-intersection.js';
import { int64, text } from './operands.js';
import { allMatches, compilePattern, expand } from '../go/regexp.js';

/** Regular expressions of RE2, and two relatives. */
export const PATTERNS: BuiltinFamily = {
  'regex.find_n': (_, pattern, given, count) => findN(text(pattern, 1), text(given, 2), int64(count, 3)),
  'regex.replace': (_, given, pattern, value) => replace(text(given, 1), text(pattern, 2), text(value, 3)),
  'regex.split': (_, pattern, given) => split(text(pattern, 1), text(given, 2)),
  'regex.template_match': (_, ...args) => {
    const [template = '', given = '', start = '', end = ''] = args.map((each, index) =>
      text(each, index + 1),
    );
    return compilePattern(templatePattern(template, start, end))
      .matcher(given)
      .find();
  },
  'regex.globs_match': (_, a, b) => globsIntersect(text(a, 1), text(b, 2)),
};

function findN(pattern: string, given: string, count: bigint): readonly string[] {
  const compiled = compilePattern(pattern);
  const found: string[] = [];
  if (count === 0n) return found;
  for (const match of allMatches(compiled, given)) {
    found.push(given.slice(match.start(), match.end()));
    if (BigInt(found.length) === count) break;
  }
  return found;
}

function replace(given: string, pattern: string, value: string): string {
  const parts: string[] = [];
  let done = 0;
  for (const match of allMatches(compilePattern(pattern), given)) {
    parts.push(given.slice(done, match.start()), expand(value, match));
    done = match.end();
  }
  parts.push(given.slice(done));
  return parts.join('');
}

/** Go's Regexp.Split. */
function split(pattern: string, given: string): readonly string[] {
  const compiled = compilePattern(pattern);
  if (pattern !== '' && given === '') return [''];
  const parts: string[] = [];
  let [begin, end] = [0, 0];
  for (const match of allMatches(compiled, given)) {
    end = match.start();
    if (match.end() !== 0) parts.push(given.slice(begin, end));
    begin = match.end();
  }
  if (end !== given.length) parts.push(given.slice(begin));
  return parts;
}

/** What stands between the delimiters are patterns, the rest stands for itself. */
function templatePattern(template: string, start: string, end: string): string {
  const [opening, closing] = [Buffer.byteLength(start), Buffer.byteLength(end)];
  if (opening !== 1) throw new BuiltinError(`start delimiter ${wrongLength(opening)}`);
  if (closing !== 1) throw new BuiltinError(`end delimiter ${wrongLength(closing)}`);
  const parts: string[] = [];
  let done = 0;
  for (const [from, to] of delimited(template, start, end)) {
    const pattern = template.slice(from + 1, to - 1);
    // Each must be a pattern by itself, so that no two make one together.
    compilePattern(`^${pattern}$`);
    parts.push(quoteMeta(template.slice(done, from)), `(${pattern})`);
    done = to;
  }
  return `^${parts.join('')}${quoteMeta(template.slice(done))}$`;
}

const wrongLength = (length: number): string => `has to be exactly one character long but is ${length} long`;

const quoteMeta = (literal: string): string => literal.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** The outermost delimited parts, delimiters included. */
function delimited(template: string, start: string, end: string): readonly (readonly [number, number])[] {
  const parts: (readonly [number, number])[] = [];
  let [level, from] = [0, 0];
  for (let at = 0; at < template.length && level >= 0; at++) {
    if (template[at] === start) {
      if (++level === 1) from = at;
    } else if (template[at] === end && --level === 0) parts.push([from, at + 1]);
  }
  if (level !== 0) throw new BuiltinError(`unbalanced braces in ${JSON.stringify(template)}`);
  return parts;
}
