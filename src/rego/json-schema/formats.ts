import { parseAddress } from '../go/addresses.js';
import { BuiltinError } from '../value/builtin-error.js';
import { readLayout } from '../go/layout.js';
import { parseTime } from '../go/time-parse.js';
import { parseUrl, UrlError } from '../go/url.js';
import { compilePattern } from '../go/regexp.js';

/** Those gojsonschema knows, each for texts only; others always hold. */
const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date', isTime('2006-01-02')],
  ['time', isTime('15:04:05Z07:00', '15:04:05')],
  ['date-time', isTime('15:04:05', '15:04:05Z07:00', '2006-01-02', 'RFC3339', 'RFC3339Nano')],
  ['hostname', (text) => text.length < 256 && HOSTNAME.test(text)],
  ['email', isEmail],
  ['idn-email', isEmail],
  ['ipv4', (text) => text.includes('.') && parseAddress(text) !== undefined],
  ['ipv6', (text) => text.includes(':') && parseAddress(text) !== undefined],
  ['uri', (text) => (urlOf(text)?.scheme ?? '') !== ''],
  ['iri', (text) => (urlOf(text)?.scheme ?? '') !== ''],
  ['uri-reference', (text) => urlOf(text) !== undefined],
  ['iri-reference', (text) => urlOf(text) !== undefined],
  ['uri-template', isTemplate],
  ['uuid', (text) => UUID.test(text)],
  ['regex', (text) => holds(() => compilePattern(text))],
  ['json-pointer', (text) => POINTER.test(text)],
  ['relative-json-pointer', (text) => RELATIVE_POINTER.test(text)],
]);

export const isFormat = (format: string, text: string): boolean => FORMATS.get(format)?.(text) ?? true;

const HOSTNAME =
  /^(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]))*$/;
const UUID = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/i;
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
const RELATIVE_POINTER = /^(?:0|[1-9]\d*)(?:#|(?:\/(?:[^~/]|~[01])*)*)$/;

function isTime(...layouts: readonly string[]): (text: string) => boolean {
  const read = layouts.map(readLayout);
  return (text) => read.some((layout) => holds(() => parseTime(layout, text), 'time outside of valid range'));
}

/** Whether an attempt succeeds, or fails only in a way that does not count. */
function holds(attempt: () => unknown, except?: string): boolean {
  try {
    attempt();
    return true;
  } catch (error) {
    if (error instanceof BuiltinError) return error.message === except;
    throw error;
  }
}

function urlOf(text: string): ReturnType<typeof parseUrl> | undefined {
  if (text.includes('\\')) return undefined;
  try {
    return parseUrl(text);
  } catch (error) {
    if (error instanceof UrlError) return undefined;
    throw error;
  }
}

/** Braces of the path come in pairs. */
function isTemplate(text: string): boolean {
  const url = urlOf(text);
  if (!url) return false;
  return !url.path.replace(/\{[^}]*\}/g, '').includes('{');
}

/** Go's `mail.ParseAddress` without comments and encoded words: an address, or a name and one in angle brackets. */
const ATOM = '[^\\s\\x00-\\x20\\x7f()<>[\\]:;@\\\\,."]+';
const LOCAL = `(?:${ATOM}(?:\\.${ATOM})*|"(?:[^"\\\\\\x00-\\x1f\\x7f]|\\\\[\\x20-\\x7e])*")`;
const DOMAIN = `(?:${ATOM}(?:\\.${ATOM})*|\\[[\\d.:a-fA-FIPv]+\\])`;
const EMAIL = new RegExp(`^\\s*${LOCAL}@${DOMAIN}\\s*$`, 'u');
const NAMED_EMAIL = new RegExp(
  `^\\s*(?:(?:"(?:[^"\\\\]|\\\\.)*"|[^\\x00-\\x1f\\x7f()<>[\\]:;@\\\\,"]+))?\\s*<${LOCAL}@${DOMAIN}>\\s*$`,
  'u',
);

function isEmail(text: string): boolean {
  return EMAIL.test(text) || NAMED_EMAIL.test(text);
}
