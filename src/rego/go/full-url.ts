import { goText } from './utf8.js';
import { escapeUrl, parseUrl, unescapeUrl, type UrlPart } from './url.js';

/** All parts of Go's url.URL, as its JSON shows them, and how it writes itself. */
export interface FullUrl {
  readonly scheme: string;
  readonly opaque: string;
  /** User information, escaped anew; undefined when there is none. */
  readonly user: string | undefined;
  /** With the port. */
  readonly host: string;
  readonly path: string;
  /** The path as written, when Go would write it otherwise. */
  readonly rawPath: string;
  readonly fragment: string;
  readonly rawFragment: string;
  readonly rawQuery: string;
  readonly forceQuery: boolean;
  readonly omitHost: boolean;
  /** Go's `EscapedPath`: as written where that is a valid spelling. */
  readonly escapedPath: string;
  /** Go's `String`. */
  readonly text: string;
}

/** Throws `UrlError` where Go's url.Parse reports an error. */
export function parseFullUrl(source: string): FullUrl {
  const text = source.toWellFormed();
  const { scheme, rawQuery } = parseUrl(text);
  const [main, fragment] = cut(text, '#');
  const rest = scheme === '' ? main : main.slice(scheme.length + 1);
  const [place] = cut(rest, '?');
  const forceQuery = rest.endsWith('?') && rest.indexOf('?') === rest.length - 1;
  const opaque = scheme !== '' && !place.startsWith('/') ? place : '';
  const split = opaque === '' ? splitPlace(scheme, place) : { user: undefined, host: '', written: '' };
  const { user, host, written } = split;
  const omitHost = scheme !== '' && place.startsWith('/') && !place.startsWith('//');
  const path = main === '*' ? { plain: main, raw: '', escaped: main } : spelling(written, 'path');
  const shown = spelling(fragment, 'fragment');
  const parts = {
    ...{ scheme, opaque, user, host, rawQuery, forceQuery, omitHost },
    ...{ path: path.plain, rawPath: path.raw, escapedPath: path.escaped },
    ...{ fragment: shown.plain, rawFragment: shown.raw },
  };
  const query = forceQuery || rawQuery !== '' ? `?${rawQuery}` : '';
  const tail = `${query}${fragment === '' ? '' : `#${shown.escaped}`}`;
  return { ...parts, text: `${scheme === '' ? '' : `${scheme}:`}${opaque || writePlace(parts)}${tail}` };
}

function splitPlace(
  scheme: string,
  place: string,
): { readonly user: string | undefined; readonly host: string; readonly written: string } {
  if (!place.startsWith('//') || (scheme === '' && place.startsWith('///')))
    return { user: undefined, host: '', written: place };
  const slash = place.indexOf('/', 2);
  const end = slash < 0 ? place.length : slash;
  const authority = place.slice(2, end);
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? undefined : rewriteUser(authority.slice(0, at));
  return { user, host: plainHost(authority.slice(at + 1)), written: place.slice(end) };
}

function rewriteUser(written: string): string {
  const colon = written.indexOf(':');
  const parts = colon < 0 ? [written] : [written.slice(0, colon), written.slice(colon + 1)];
  return parts.map((part) => escapeUrl(unescapeUrl(part, 'userPassword'), 'userPassword')).join(':');
}

/** Only the zone of an IPv6 address follows rules of its own. */
function plainHost(written: string): string {
  const zone = written.startsWith('[') ? written.indexOf('%25') : -1;
  if (zone < 0) return goText(unescapeUrl(written, 'host'));
  const address = goText(unescapeUrl(written.slice(0, zone), 'host'));
  return `${address}${goText(unescapeUrl(written.slice(zone), 'zone'))}`;
}

/** The plain text of a part, its spelling where Go keeps one, and how it is written. */
function spelling(
  written: string,
  part: 'path' | 'fragment',
): { readonly plain: string; readonly raw: string; readonly escaped: string } {
  const bytes = unescapeUrl(written, part);
  const [plain, escaped] = [goText(bytes), escapeUrl(bytes, part)];
  if (escaped === written) return { plain, raw: '', escaped };
  return { plain, raw: written, escaped: isValidSpelling(written, part) ? written : escaped };
}

const SUB_DELIMITERS = "!$&'()*+,;=:@[]%";

const isValidSpelling = (written: string, part: UrlPart): boolean =>
  [...Buffer.from(written)].every((byte) => {
    const character = Buffer.of(byte);
    return SUB_DELIMITERS.includes(character.toString('latin1')) || escapeUrl(character, part).length === 1;
  });

type Place = Pick<FullUrl, 'scheme' | 'user' | 'host' | 'path' | 'escapedPath' | 'omitHost'>;

function writePlace({ scheme, user, host, path, escapedPath, omitHost }: Place): string {
  const named = host !== '' || user !== undefined;
  const slashes = named || (scheme !== '' && !omitHost && path !== '') ? '//' : '';
  const authority = `${slashes}${user === undefined ? '' : `${user}@`}${escapeUrl(Buffer.from(host), 'host')}`;
  const joint = escapedPath !== '' && !escapedPath.startsWith('/') && host !== '' ? '/' : '';
  const alone = scheme === '' && authority === '' && joint === '';
  return `${authority}${joint}${alone && cut(escapedPath, '/')[0].includes(':') ? './' : ''}${escapedPath}`;
}

function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
