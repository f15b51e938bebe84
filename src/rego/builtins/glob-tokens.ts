import { BuiltinError } from '../value/builtin-error.js';

/** One or any number of the characters within the ranges of code points, which are sorted and apart. */
export interface GlobToken {
  /** A set of one character is not that character: they are not joined. */
  readonly kind: 'character' | 'set' | 'any';
  readonly ranges: readonly Range[];
  readonly flag: Flag;
}

export type Flag = '' | '+' | '*';
type Range = readonly [from: number, to: number];

/** Reads a glob of glob-intersection (`a.[b-d]*\*`), and joins neighbours such as `a*a+`, which are `a+`. */
export function readGlob(text: string): readonly GlobToken[] {
  const reader = new GlobReader(text);
  const tokens: GlobToken[] = [];
  for (let token = reader.next(); token; token = reader.next()) {
    const before = tokens.at(-1);
    if (before && before.flag !== '' && token.flag !== '' && sameCharacters(before, token))
      tokens[tokens.length - 1] = { ...token, flag: [before.flag, token.flag].includes('+') ? '+' : '*' };
    else tokens.push(token);
  }
  return tokens;
}

/** Whether some character is in both. */
export function overlap(a: GlobToken, b: GlobToken): boolean {
  if (a.kind === 'any' || b.kind === 'any') return true;
  for (let [i, j] = [0, 0]; i < a.ranges.length && j < b.ranges.length;) {
    const [left, right] = [a.ranges[i] ?? [0, 0], b.ranges[j] ?? [0, 0]];
    if (left[1] < right[0]) i++;
    else if (right[1] < left[0]) j++;
    else return true;
  }
  return false;
}

const sameCharacters = (a: GlobToken, b: GlobToken): boolean =>
  a.kind === b.kind &&
  a.ranges.length === b.ranges.length &&
  a.ranges.every(([from, to], index) => from === b.ranges[index]?.[0] && to === b.ranges[index][1]);

class GlobReader {
  private at = 0;
  private readonly characters: readonly string[];

  constructor(private readonly text: string) {
    this.characters = Array.from(text);
  }

  next(): GlobToken | undefined {
    if (this.at === this.characters.length) return undefined;
    const { character, escaped } = this.take();
    if (!escaped && ']+*'.includes(character))
      throw this.invalid(
        character === ']' ? 'a set is closed that was not opened' : 'a flag without a token',
      );
    if (escaped || (character !== '.' && character !== '['))
      return { kind: 'character', ranges: [single(character)], flag: this.flag() };
    if (character === '.') return { kind: 'any', ranges: [], flag: this.flag() };
    return { kind: 'set', ranges: this.set(), flag: this.flag() };
  }

  private flag(): Flag {
    const next = this.characters[this.at];
    if (next !== '+' && next !== '*') return '';
    this.at++;
    return next;
  }

  private set(): readonly Range[] {
    const ranges: Range[] = [];
    let previous: string | undefined;
    while (this.at < this.characters.length) {
      const { character, escaped } = this.take();
      if (!escaped && character === ']') return merged(ranges);
      if (escaped || character !== '-') {
        ranges.push(single(character));
        previous = character;
        continue;
      }
      ranges.push(this.range(previous));
      previous = undefined;
    }
    throw this.invalid('a set is not closed');
  }

  private range(from: string | undefined): Range {
    if (from === undefined) throw this.invalid('a range without a beginning');
    if (this.at >= this.characters.length - 1) throw this.invalid('a range without an end');
    const { character, escaped } = this.take();
    if (!escaped && (character === ']' || character === '-')) throw this.invalid('a range without an end');
    const range = [codePoint(from), codePoint(character)] as const;
    if (range[1] < range[0]) throw this.invalid('a range that is out of order');
    return range;
  }

  private take(): { readonly character: string; readonly escaped: boolean } {
    const character = this.characters[this.at++] ?? '';
    if (character !== '\\') return { character, escaped: false };
    const escaped = this.characters[this.at++];
    if (escaped === undefined) throw this.invalid('it ends with an escape');
    return { character: escaped, escaped: true };
  }

  private invalid(reason: string): BuiltinError {
    return new BuiltinError(`input:${this.text}, pos:${this.at}, ${reason}: the input provided is invalid`);
  }
}

const codePoint = (character: string): number => character.codePointAt(0) ?? 0;
const single = (character: string): Range => [codePoint(character), codePoint(character)];

function merged(ranges: readonly Range[]): readonly Range[] {
  const out: Range[] = [];
  for (const range of ranges.toSorted(([a], [b]) => a - b)) {
    const last = out.at(-1);
    if (last && range[0] <= last[1] + 1) out[out.length - 1] = [last[0], Math.max(last[1], range[1])];
    else out.push(range);
  }
  return out;
}
