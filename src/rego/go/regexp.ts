import { RE2JS, RE2JSException, type Matcher } from 're2js';
import { LruMap } from '../../kernel/lru-map.js';
import { BuiltinError } from '../value/builtin-error.js';

/** Compiled patterns, by the number of their instructions together: a few thousand ordinary ones. */
const COMPILED = new LruMap<string, RE2JS>(100_000);

/** A pattern in RE2's syntax. Throws `BuiltinError` on any other. Matching takes time linear in the text. */
export function compilePattern(pattern: string): RE2JS {
  const known = COMPILED.get(pattern);
  if (known) return known;
  try {
    const compiled = RE2JS.compile(pattern);
    COMPILED.set(pattern, compiled, compiled.programSize());
    return compiled;
  } catch (error) {
    throw error instanceof RE2JSException ? new BuiltinError(error.message) : error;
  }
}

/**
 * Go's Regexp.allMatches: unlike others it accepts no empty match directly after a match. The matcher stands at the
 * match that was yielded last.
 */
export function* allMatches(pattern: RE2JS, text: string): Generator<Matcher> {
  const matcher = pattern.matcher(text);
  let [position, previousEnd] = [0, -1];
  while (position <= text.length && matcher.find(position)) {
    const [start, end] = [matcher.start(), matcher.end()];
    const repeated = end === position && start === previousEnd;
    if (end > position) position = end;
    else position += (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
    previousEnd = end;
    if (!repeated) yield matcher;
  }
}

/** Go's Regexp.Expand: `$1`, `$name` and `${name}`; a group that is not there is empty, `$$` a dollar. */
export function expand(template: string, matcher: Matcher): string {
  return template.replace(REFERENCE, (written: string, bare?: string, braced?: string) => {
    if (written === '$$') return '$';
    const name = bare ?? braced ?? '';
    // Nine digits are beyond any group, and what begins with a zero is a name.
    const group = /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : namedGroup(matcher, name);
    if (group === undefined || group > matcher.groupCount()) return '';
    return matcher.group(group) ?? '';
  });
}

const namedGroup = ({ namedGroups }: Matcher, name: string): number | undefined =>
  Object.hasOwn(namedGroups, name) ? namedGroups[name] : undefined;

const REFERENCE = /\$\$|\$([\p{L}\p{Nd}_]+)|\$\{([\p{L}\p{Nd}_]+)\}/gu;
