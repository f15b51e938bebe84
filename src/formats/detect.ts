import type { JsonValue } from '../kernel/canonical-json.js';
import { parseJson, type JsonProblem } from '../kernel/strict-json.js';
import { REPORT_JSON } from './read/json-limits.js';
import { SIGNS } from './registry.js';

/** What the content says it is. A file's name is never asked. */
export type Detected =
  /** `formats`: all whose signs fit. One is an answer, several are a question, none is unknown. */
  | { readonly kind: 'json'; readonly formats: readonly string[]; readonly value: JsonValue }
  | { readonly kind: 'xml' | 'text'; readonly formats: readonly string[]; readonly text: string }
  /** Begins like JSON and is not; `formats` where the rest still shows what it was meant to be. */
  | { readonly kind: 'malformed'; readonly formats: readonly string[]; readonly problem: JsonProblem }
  /** Nothing but white space: some tools write that when they found nothing, and all when they crashed. */
  | { readonly kind: 'empty' }
  /** `[]`, `null`, `{}`: several tools write these, with different meanings. */
  | { readonly kind: 'ambiguous'; readonly value: JsonValue; readonly text: string };

/** How far into a text signs are looked for. */
const HEAD_LENGTH = 64 * 1024;

export function detect(bytes: Uint8Array): Detected {
  const text = new TextDecoder('utf-8').decode(bytes); // strips a byte order mark
  const start = text.search(/\S/);
  if (start < 0) return { kind: 'empty' };
  const head = text.slice(start, start + HEAD_LENGTH);
  const first = head[0] ?? '';
  if (first === '{' || first === '[' || /^null\s*$/.test(head)) return detectJson(bytes, head, text);
  if (first === '<') return { kind: 'xml', formats: xmlFormats(head), text };
  return { kind: 'text', formats: textFormats(head), text };
}

function detectJson(bytes: Uint8Array, head: string, text: string): Detected {
  const parsed = parseJson(bytes, REPORT_JSON);
  if (!parsed.ok) {
    const lines = parsed.problem.fault === 'TrailingText' ? textFormats(head) : []; // JSON, line by line
    return lines.length > 0
      ? { kind: 'text', formats: lines, text }
      : { kind: 'malformed', formats: intendedFormats(head), problem: parsed.problem };
  }
  const value = parsed.value;
  const empty = value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  if (empty) return { kind: 'ambiguous', value, text };
  return { kind: 'json', formats: jsonFormats(value), value };
}

const names = (fitting: readonly { readonly format: string }[]): readonly string[] => [
  ...new Set(fitting.map(({ format }) => format)),
];

const jsonFormats = (value: JsonValue): readonly string[] =>
  names(SIGNS.filter((one) => one.syntax === 'json' && one.sign(value)));

const textFormats = (head: string): readonly string[] =>
  names(SIGNS.filter((one) => one.syntax === 'text' && one.sign(head)));

/** What broken JSON was meant to be, by signs near its beginning. */
const intendedFormats = (head: string): readonly string[] =>
  names(SIGNS.filter((one) => one.syntax === 'json' && one.intended?.every((sign) => sign.test(head))));

/** By the root element, and its near children where two formats share one. Nothing is expanded or resolved. */
function xmlFormats(head: string): readonly string[] {
  const body = afterProlog(head);
  const root = /^<(?:[\w.-]{1,64}:)?([\w.-]{1,64})[\s/>]/.exec(body)?.[1];
  return root === undefined ? [] : names(SIGNS.filter((one) => one.syntax === 'xml' && one.sign(root, body)));
}

/** Steps over the XML declaration, processing instructions, comments and a DOCTYPE with or without a subset. */
function afterProlog(head: string): string {
  let rest = head;
  for (;;) {
    const end = rest.startsWith('<?')
      ? '?>'
      : rest.startsWith('<!--')
        ? '-->'
        : rest.startsWith('<!')
          ? doctypeEnd(rest)
          : undefined;
    const at = end === undefined ? -1 : rest.indexOf(end);
    if (end === undefined || at < 0) return rest;
    rest = rest.slice(at + end.length).trimStart();
  }
}

function doctypeEnd(rest: string): string {
  const subset = rest.indexOf('[');
  return subset >= 0 && subset < rest.indexOf('>') ? ']>' : '>';
}
