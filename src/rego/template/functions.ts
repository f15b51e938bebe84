import { isPrintable } from '../go/quote.js';
import { goSprintf } from '../go/printf.js';
import { escapeUrl } from '../go/url.js';
import { goText } from '../go/utf8.js';
import { byBytes, GoInt, goType, isList, isMap, JsonNumber, type GoValue } from '../go/value.js';
import { templateError } from './tokens.js';

/** A value in a template; undefined is what is not there, null a nil that is. */
export type TemplateValue = GoValue | undefined;

export interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  /** Whether the first parameter takes texts only. */
  readonly format?: true;
  call(args: readonly TemplateValue[]): TemplateValue;
}

/** text/template's predefined functions; `and` and `or` are called by the executor, which knows when to stop. */
export const TEMPLATE_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['and', { least: 1, most: Infinity, call: (args) => args.at(-1) }],
  ['or', { least: 1, most: Infinity, call: (args) => args.at(-1) }],
  ['not', { least: 1, most: 1, call: ([value]) => !isTrue(value) }],
  ['len', { least: 1, most: 1, call: ([value]) => new GoInt(BigInt(lengthOf(value)), 'int') }],
  [
    'index',
    { least: 1, most: Infinity, call: ([item, ...indexes]) => indexes.reduce(indexed, present(item)) },
  ],
  ['slice', { least: 1, most: Infinity, call: ([item, ...indexes]) => slice(present(item), indexes) }],
  ['print', { least: 0, most: Infinity, call: (args) => sprint(args) }],
  ['println', { least: 0, most: Infinity, call: (args) => `${args.map(shown).join(' ')}\n` }],
  [
    'printf',
    {
      ...{ least: 1, most: Infinity, format: true },
      call: ([format, ...args]) =>
        goSprintf(
          textOf(format) ?? '',
          args.map((arg) => arg ?? null),
        ),
    },
  ],
  ['html', { least: 0, most: Infinity, call: (args) => escapeHtml(plainText(args)) }],
  ['js', { least: 0, most: Infinity, call: (args) => escapeJs(plainText(args)) }],
  [
    'urlquery',
    { least: 0, most: Infinity, call: (args) => escapeUrl(Buffer.from(plainText(args)), 'query') },
  ],
  [
    'call',
    {
      ...{ least: 1, most: Infinity },
      call: () => {
        throw templateError('error calling call: no value is a function');
      },
    },
  ],
  ['eq', { least: 1, most: Infinity, call: ([value, ...others]) => isAny(value, others) }],
  ['ne', { least: 2, most: 2, call: ([a, b]) => !isAny(a, [b]) }],
  ['lt', { least: 2, most: 2, call: ([a, b]) => isLess(a, b) }],
  ['le', { least: 2, most: 2, call: ([a, b]) => isLess(a, b) || isAny(a, [b]) }],
  ['gt', { least: 2, most: 2, call: ([a, b]) => !(isLess(a, b) || isAny(a, [b])) }],
  ['ge', { least: 2, most: 2, call: ([a, b]) => !isLess(a, b) }],
]);

/** Not the zero of its type. A json.Number is a text: only an empty one is false. */
export function isTrue(value: TemplateValue): boolean {
  if (value === undefined || value === null) return false;
  if (value instanceof GoInt) return value.value !== 0n;
  if (isMap(value)) return value.size > 0;
  if (isList(value)) return value.length > 0;
  return value instanceof JsonNumber ? value.text !== '' : Boolean(value);
}

/** What an action writes. */
export const printed = (value: TemplateValue): string =>
  value === undefined ? '<no value>' : goSprintf('%v', [value]);

const shown = (value: TemplateValue): string => goSprintf('%v', [value ?? null]);

const textOf = (value: TemplateValue): string | undefined =>
  typeof value === 'string' ? value : value instanceof JsonNumber ? value.text : undefined;

/** fmt.Sprint: a blank between two operands of which neither is a text. */
function sprint(args: readonly TemplateValue[]): string {
  return args
    .map((arg, index) => {
      const blank = index > 0 && textOf(arg) === undefined && textOf(args[index - 1]) === undefined;
      return `${blank ? ' ' : ''}${shown(arg)}`;
    })
    .join('');
}

function plainText(args: readonly TemplateValue[]): string {
  // Here what is not there is a text, next to which there is no blank.
  return sprint(args.map((arg) => arg ?? '<no value>'));
}

const HTML: Readonly<Record<string, string>> = {
  ...{ '\0': '\uFFFD', '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;' },
};
const escapeHtml = (text: string): string =>
  Array.from(text, (character) => HTML[character] ?? character).join('');

const JS: Readonly<Record<string, string>> = {
  ...{ '\\': '\\\\', "'": "\\'", '"': '\\"' },
  ...{ '<': '\\u003C', '>': '\\u003E', '&': '\\u0026', '=': '\\u003D' },
};

function escapeJs(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const plain = code < 0x80 ? code >= 0x20 : isPrintable(character);
    return JS[character] ?? (plain ? character : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`);
  }).join('');
}

function present(item: TemplateValue): GoValue {
  if (item === undefined || item === null) throw templateError('index or slice of untyped nil');
  return item;
}

function lengthOf(value: TemplateValue): number {
  const text = textOf(value);
  if (text !== undefined) return Buffer.byteLength(text);
  if (value !== undefined && value !== null && isMap(value)) return value.size;
  if (value !== undefined && value !== null && isList(value)) return value.length;
  throw templateError('error calling len: no length');
}

function position(index: TemplateValue, limit: number): number {
  if (!(index instanceof GoInt)) throw templateError('cannot index slice/array with that type');
  if (index.value < 0n || index.value > BigInt(limit)) throw templateError('index out of range');
  return Number(index.value);
}

function indexed(item: GoValue, index: TemplateValue): GoValue {
  if (item !== null && isMap(item)) {
    if (typeof index !== 'string') throw templateError('a key of a map is a string');
    return item.get(index) ?? null;
  }
  const text = textOf(item);
  const elements = text === undefined ? item : [...Buffer.from(text)];
  if (elements === null || !isList(elements)) throw templateError("can't index that");
  const element = elements[position(index, elements.length - 1)];
  if (element === undefined) throw templateError('index out of range');
  return typeof element === 'number' && text !== undefined ? new GoInt(BigInt(element), 'uint8') : element;
}

function slice(item: GoValue, indexes: readonly TemplateValue[]): GoValue {
  const text = textOf(item);
  const elements = text === undefined ? item : Buffer.from(text);
  if (elements === null || !(Buffer.isBuffer(elements) || isList(elements)))
    throw templateError("can't slice that");
  if (indexes.length > (text === undefined ? 3 : 2)) throw templateError('too many slice indexes');
  const positions = indexes.map((index) => position(index, elements.length));
  const [from = 0, to = elements.length, capacity = elements.length] = positions;
  if (from > to || to > capacity) throw templateError('invalid slice index');
  if (!Buffer.isBuffer(elements)) return elements.slice(from, to);
  const part = goText(elements.subarray(from, to));
  return item instanceof JsonNumber ? new JsonNumber(part) : part;
}

type Kind = 'bool' | 'int' | 'uint' | 'float' | 'string';

function kindOf(value: TemplateValue): Kind | undefined {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'float';
  if (value instanceof GoInt) return value.type === 'uint8' ? 'uint' : 'int';
  return textOf(value) === undefined ? undefined : 'string';
}

const isNil = (value: TemplateValue): boolean => value === undefined || value === null;
const isInteger = (kind: Kind | undefined): boolean => kind === 'int' || kind === 'uint';

function isAny(value: TemplateValue, others: readonly TemplateValue[]): boolean {
  if (others.length === 0) throw templateError('missing argument for comparison');
  return others.some((other) => isSame(value, other));
}

function isSame(a: TemplateValue, b: TemplateValue): boolean {
  const [left, right] = [kindOf(a), kindOf(b)];
  if (left !== right && !(isInteger(left) && isInteger(right))) {
    if (isNil(a) || isNil(b)) return false;
    throw templateError('incompatible types for comparison');
  }
  if (left === undefined) {
    if (isNil(a) || isNil(b)) return isNil(a) && isNil(b);
    throw templateError(`non-comparable types ${goType(a ?? null)}, ${goType(b ?? null)}`);
  }
  if (a instanceof GoInt && b instanceof GoInt) return a.value === b.value;
  return left === 'string' ? textOf(a) === textOf(b) : a === b;
}

function isLess(a: TemplateValue, b: TemplateValue): boolean {
  const [left, right] = [kindOf(a), kindOf(b)];
  if (a instanceof GoInt && b instanceof GoInt) return a.value < b.value;
  if (left === undefined || right === undefined || left === 'bool')
    throw templateError('invalid type for comparison');
  if (left !== right) throw templateError('incompatible types for comparison');
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return byBytes(textOf(a) ?? '', textOf(b) ?? '') < 0;
}
