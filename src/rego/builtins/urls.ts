import { RegoObject, RegoSet, type RegoValue, isArray } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { escapeUrl, parseUrl, unescapeUrl, UrlError, type GoUrl } from '../go/url.js';
import { writeJson } from '../go/json.js';
import { goText } from '../go/utf8.js';
import { byBytes } from '../go/value.js';
import { object, text } from './operands.js';

/** URLs and their queries, as Go reads and writes them. */
export const URLS: BuiltinFamily = {
  'uri.parse': (_, given) => partsOf(parsed(text(given, 1))),
  // An empty text is a valid relative reference, but hardly what a policy asks for.
  'uri.is_valid': (_, given) => typeof given === 'string' && given !== '' && isUrl(given),
  'urlquery.encode': (_, given) => escaped(text(given, 1)),
  'urlquery.decode': (_, given) => unescaped(text(given, 1)),
  'urlquery.encode_object': (_, given) => encodeObject(object(given, 1)),
  'urlquery.decode_object': (_, given) => decodeObject(text(given, 1)),
};

function parsed(url: string): GoUrl {
  return orBuiltinError(() => parseUrl(url), `parse ${JSON.stringify(url)}: `);
}

function orBuiltinError<T>(read: () => T, before = ''): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof UrlError ? new BuiltinError(`${before}${error.message}`) : error;
  }
}

function isUrl(given: string): boolean {
  try {
    parsed(given);
    return true;
  } catch (error) {
    if (error instanceof BuiltinError) return false;
    throw error;
  }
}

function partsOf({ scheme, host, port, path, rawPath, rawQuery, fragment }: GoUrl): RegoObject {
  const parts = { scheme, hostname: host, port, path, raw_path: rawPath, raw_query: rawQuery, fragment };
  return new RegoObject(Object.entries(parts).filter(([, part]) => part !== ''));
}

const escaped = (given: string): string => escapeUrl(Buffer.from(given), 'query');
const unescaped = (given: string): string => orBuiltinError(() => goText(unescapeUrl(given, 'query')));

function encodeObject(given: RegoObject): string {
  const values = given.entries.map(
    ([key, value]) => [typeof key === 'string' ? key : writeJson(key), valuesOf(value)] as const,
  );
  return [...new Map(values)]
    .sort(([a], [b]) => byBytes(a, b))
    .flatMap(([key, texts]) => texts.map((value) => `${escaped(key)}=${escaped(value)}`))
    .join('&');
}

function valuesOf(value: RegoValue): readonly string[] {
  const members = value instanceof RegoSet ? value.members : isArray(value) ? value : [value];
  return members.map((member) => {
    if (typeof member === 'string') return member;
    throw new BuiltinError('operand 1 values must be string, array[string], or set[string]');
  });
}

/** Go's default, against floods of parameters. */
const MAX_PARAMETERS = 10_000;

function decodeObject(query: string): RegoObject {
  const parameters = query.split('&');
  if (parameters.length > MAX_PARAMETERS)
    throw new BuiltinError('number of URL query parameters exceeded limit');
  const values = new Map<string, string[]>();
  for (const parameter of parameters) {
    if (parameter.includes(';')) throw new BuiltinError('invalid semicolon separator in query');
    if (parameter === '') continue;
    const equals = parameter.indexOf('=');
    const key = unescaped(equals === -1 ? parameter : parameter.slice(0, equals));
    const value = equals === -1 ? '' : unescaped(parameter.slice(equals + 1));
    const known = values.get(key);
    if (known) known.push(value);
    else values.set(key, [value]);
  }
  return new RegoObject([...values]);
}
