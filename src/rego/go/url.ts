import { goText } from './utf8.js';
import { isIpv6 } from './ip-literal.js';

/** Why a URL, or a part of one, cannot be read: the text of Go's net/url. */
export class UrlError extends Error {}

/** The parts of a URL as Go's net/url has them; an empty text is a part that is not there. */
export interface GoUrl {
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  /** The path as it was written. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly fragment: string;
}

/** Where in a URL a text stands: decides which characters it may have unescaped. */
export type UrlPart = 'path' | 'host' | 'zone' | 'userPassword' | 'query' | 'fragment';

/** What each part may have besides letters, digits and `-._~`: Go's encoding table. */
const ALLOWED: Readonly<Record<UrlPart, string>> = {
  path: '$&+,/:;=@',
  host: '!"$&\'()*+,:;<=>[]',
  zone: '!"$&\'()*+,:;<=>[]',
  userPassword: '$&+,;=',
  query: '',
  fragment: '!$&()*+,/:;=?@',
};

const mayStand = (byte: number, part: UrlPart): boolean =>
  byte < 0x80 && /[A-Za-z0-9\-._~]/.test(String.fromCharCode(byte))
    ? true
    : byte < 0x80 && ALLOWED[part].includes(String.fromCharCode(byte));

/** Go's url.Parse. Throws `UrlError`. */
export function parseUrl(text: string): GoUrl {
  const [address, fragment] = cut(text, '#');
  const url = parseAddress(address);
  return { ...url, fragment: goText(unescapeUrl(fragment, 'fragment')) };
}

function parseAddress(address: string): GoUrl {
  const none = { scheme: '', host: '', port: '', path: '', rawPath: '', rawQuery: '', fragment: '' };
  for (let at = 0; at < address.length; at++)
    if (isControl(address.charCodeAt(at))) throw new UrlError('net/url: invalid control character in URL');
  if (address === '*') return { ...none, path: '*', rawPath: '*' };
  const { scheme, rest } = schemeOf(address);
  const [place, rawQuery] = cut(rest, '?');
  if (!place.startsWith('/')) {
    if (scheme !== '') return { ...none, scheme, rawQuery };
    if (cut(place, '/')[0].includes(':'))
      throw new UrlError('first path segment in URL cannot contain colon');
  }
  const hasAuthority = place.startsWith('//') && (scheme !== '' || !place.startsWith('///'));
  const slash = hasAuthority ? place.indexOf('/', 2) : 0;
  const end = slash === -1 ? place.length : slash;
  const authority = hasAuthority ? parseAuthority(scheme, place.slice(2, end)) : { host: '', port: '' };
  return { ...none, scheme, rawQuery, ...authority, ...pathOf(place.slice(end)) };
}

function pathOf(written: string): { readonly path: string; readonly rawPath: string } {
  const bytes = unescapeUrl(written, 'path');
  const path = goText(bytes);
  return { path, rawPath: escapeUrl(bytes, 'path') === written ? path : written };
}

const isControl = (unit: number): boolean => unit < 0x20 || unit === 0x7f;

/** What stands before the first separator, and what after. */
function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function schemeOf(address: string): { readonly scheme: string; readonly rest: string } {
  if (address.startsWith(':')) throw new UrlError('missing protocol scheme');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(address)?.[1];
  if (scheme === undefined) return { scheme: '', rest: address };
  return { scheme: scheme.toLowerCase(), rest: address.slice(scheme.length + 1) };
}

const USER_INFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

function parseAuthority(scheme: string, authority: string): { readonly host: string; readonly port: string } {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at !== -1) {
    const user = authority.slice(0, at);
    if (!USER_INFO.test(user)) throw new UrlError('net/url: invalid userinfo');
    unescapeUrl(user, 'userPassword');
  }
  const colon = host.lastIndexOf(':');
  const [name, port] =
    colon !== -1 && isOptionalPort(host.slice(colon))
      ? [host.slice(0, colon), host.slice(colon + 1)]
      : [host, ''];
  return { host: name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name, port };
}

const isOptionalPort = (text: string): boolean => text === '' || /^:[0-9]*$/.test(text);

function checkPort(text: string): void {
  if (!isOptionalPort(text)) throw new UrlError(`invalid port ${JSON.stringify(text)} after host`);
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw new UrlError('invalid IP-literal');
  if (bracket === 0) return parseIpLiteral(host);
  // Several hosts with ports, as some databases have them, pass; but not where colons are known to be wrong.
  const strict = scheme === 'http' || scheme === 'https';
  const colon = strict ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon !== -1) checkPort(host.slice(colon));
  return goText(unescapeUrl(host, 'host'));
}

function parseIpLiteral(host: string): string {
  const close = host.lastIndexOf(']');
  if (close === -1) throw new UrlError("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const name = host.slice(1, close);
  const zone = name.indexOf('%25');
  const plain = goText(unescapeUrl(zone === -1 ? name : name.slice(0, zone), 'host'));
  const address = zone === -1 ? plain : `${plain}${goText(unescapeUrl(name.slice(zone), 'zone'))}`;
  if (!isIpv6(address)) throw new UrlError('invalid host');
  return `[${address}]${port}`;
}

/** Go's url.escape: everything that may not stand in that part, as `%XX`; a space in a query as `+`. */
export function escapeUrl(bytes: Buffer, part: UrlPart): string {
  const parts: string[] = [];
  for (const byte of bytes) {
    if (mayStand(byte, part)) parts.push(String.fromCharCode(byte));
    else if (byte === 0x20 && part === 'query') parts.push('+');
    else parts.push(`%${byte.toString(16).toUpperCase().padStart(2, '0')}`);
  }
  return parts.join('');
}

/** Go's url.unescape. Throws `UrlError`. */
export function unescapeUrl(text: string, part: UrlPart): Buffer {
  const bytes = Buffer.from(text);
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x25) {
      out[length++] = escapedByte(bytes.toString('latin1', at, at + 3), part);
      at += 2;
      continue;
    }
    if ((part === 'host' || part === 'zone') && byte < 0x80 && !mayStand(byte, part))
      throw new UrlError(`invalid character ${JSON.stringify(String.fromCharCode(byte))} in host name`);
    out[length++] = byte === 0x2b && part === 'query' ? 0x20 : byte;
  }
  return out.subarray(0, length);
}

function escapedByte(escape: string, part: UrlPart): number {
  const wrong = new UrlError(`invalid URL escape ${JSON.stringify(escape)}`);
  if (!/^%[0-9a-fA-F]{2}$/.test(escape)) throw wrong;
  const byte = parseInt(escape.slice(1), 16);
  if (escape === '%25') return byte;
  // A host has bytes beyond ASCII escaped and nothing else; a zone what could stand there by itself, and spaces.
  if (part === 'host' && byte < 0x80) throw wrong;
  if (part === 'zone' && byte !== 0x20 && !mayStand(byte, 'host')) throw wrong;
  return byte;
}
