import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import { firstItem, has, isObject, listIn } from './read/json-view.js';
import type { UnreadFormat } from './reader.js';

const json = (format: string, sign: (value: JsonObject) => boolean): UnreadFormat => ({
  format,
  syntax: 'json',
  sign: (value) => isObject(value) && sign(value),
});
const jsonList = (format: string, sign: (first: JsonObject) => boolean): UnreadFormat => ({
  format,
  syntax: 'json',
  sign: (value: JsonValue) => {
    const first = firstItem(value);
    return first !== undefined && sign(first);
  },
});
const text = (format: string, sign: (head: string) => boolean): UnreadFormat => ({
  format,
  syntax: 'text',
  sign,
});

/** Told apart from what is read, and from each other (formats.md §1), so that a refusal can name them. */
export const UNREAD_FORMATS: readonly UnreadFormat[] = [
  json('spdx-3', (o) => has(o, '@context') && has(o, '@graph')),
  json('trufflehog', (o) => has(o, 'SourceMetadata')),
  jsonList('trufflehog', (o) => has(o, 'SourceMetadata')),
  text('trufflehog', (head) => head.startsWith('{"SourceMetadata"')),
  json('detect-secrets', (o) => has(o, 'plugins_used') && has(o, 'results')),
  json('semgrep', (o) => listIn(o, 'results') !== undefined && listIn(o, 'errors') !== undefined),
  jsonList('gitleaks', (o) => has(o, 'RuleID')),
  jsonList('gitleaks-7', (o) => has(o, 'offender')),
  jsonList('secretlint', (o) => has(o, 'filePath') && has(o, 'messages')),
];
