import { BuiltinError } from '../value/builtin-error.js';
import { DerReader, TAG } from '../keys/der.js';
import { type FullUrl, parseFullUrl } from '../go/full-url.js';
import { UrlError } from '../go/url.js';
import { ia5, isDomainName } from './names.js';

/** Alternative names of a subject; `undefined` is Go's nil. */
export interface GeneralNames {
  readonly dns?: readonly string[];
  readonly emails?: readonly string[];
  /** 4 or 16 bytes each. */
  readonly addresses?: readonly Buffer[];
  readonly uris?: readonly FullUrl[];
}

export const EMPTY_NAMES: GeneralNames = {};

/** The SAN extension (RFC 5280, 4.2.1.6) as Go reads it; EMPTY_NAMES when there is nothing in it that Go knows. */
export function parseAlternativeNames(value: Buffer): GeneralNames {
  const [dns, emails, addresses, uris]: [string[], string[], Buffer[], FullUrl[]] = [[], [], [], []];
  const names = new DerReader(value).into(TAG.sequence);
  while (!names.empty) {
    const name = names.any();
    switch (name.tag ^ 0x80) {
      case 1:
        emails.push(ia5(name.value));
        break;
      case 2:
        dns.push(ia5(name.value));
        break;
      case 6:
        uris.push(parseUri(ia5(name.value)));
        break;
      case 7:
        if (name.value.length !== 4 && name.value.length !== 16)
          throw new BuiltinError(`x509: cannot parse IP address of length ${name.value.length}`);
        addresses.push(name.value);
        break;
      default:
    }
  }
  const found: GeneralNames = {
    ...(dns.length > 0 && { dns }),
    ...(emails.length > 0 && { emails }),
    ...(addresses.length > 0 && { addresses }),
    ...(uris.length > 0 && { uris }),
  };
  return Object.keys(found).length === 0 ? EMPTY_NAMES : found;
}

function parseUri(text: string): FullUrl {
  try {
    const uri = parseFullUrl(text);
    if (isDomainName(uri.host, false)) return uri;
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
  }
  throw new BuiltinError(`x509: cannot parse URI "${text}"`);
}

/** As Go's net.IP writes itself: RFC 5952, with IPv4 in IPv6 as IPv4. */
export function addressText(bytes: Buffer): string {
  const mapped = bytes.length === 16 && bytes.subarray(0, 12).toString('hex') === '00000000000000000000ffff';
  if (bytes.length === 4 || mapped) return [...bytes.subarray(-4)].join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2));
  const zeros = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (!zeros) return hex.join(':');
  return `${hex.slice(0, zeros.start).join(':')}::${hex.slice(zeros.end).join(':')}`;
}

/** The first of the longest runs of at least two zero groups. */
function longestZeros(
  groups: readonly number[],
): { readonly start: number; readonly end: number } | undefined {
  let best = { start: 0, end: 1 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > best.end - best.start) best = { start, end };
    start = Math.max(start, end - 1);
  }
  return best.end - best.start >= 2 && groups[best.start] === 0 ? best : undefined;
}
