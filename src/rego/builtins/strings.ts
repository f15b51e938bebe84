import type { RegoValue } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { texts } from './operands.js';

/** Texts. */
export const STRINGS: BuiltinFamily = {
  'strings.any_prefix_match': (_, all, wanted) =>
    anyMatch(all, wanted, (given, prefix) => given.startsWith(prefix)),
  'strings.any_suffix_match': (_, all, wanted) =>
    anyMatch(all, wanted, (given, suffix) => given.endsWith(suffix)),
};

function anyMatch(
  all: RegoValue | undefined,
  wanted: RegoValue | undefined,
  matches: (given: string, affix: string) => boolean,
): boolean {
  const [given, affixes] = [oneOrMore(all, 1), oneOrMore(wanted, 2)];
  return given.some((each) => affixes.some((affix) => matches(each, affix)));
}

const oneOrMore = (value: RegoValue | undefined, position: number): readonly string[] =>
  typeof value === 'string' ? [value] : texts(value, position);
