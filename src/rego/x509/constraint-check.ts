import type { FullUrl } from '../go/full-url.js';
import { addressBytes } from './addresses.js';
import type { Certificate } from './certificate.js';
import { lower } from './hostname.js';
import { type Mailbox, parseMailbox } from './mailbox.js';
import type { AddressRange, NameSubtrees } from './name-constraints.js';
import { isDomainName } from './names.js';

/**
 * Whether every name in the chain is allowed by the name constraints (RFC 5280, 4.2.1.10) of every certificate
 * above it, as Go's checkChainConstraints has it: leaf first, no exemption for self-issued certificates, and a name
 * that cannot be read is not allowed by anything.
 */
export function meetsNameConstraints(chain: readonly Certificate[]): boolean {
  return chain.every((certificate, index) => {
    const above = chain.slice(index + 1).filter(has('2.5.29.30'));
    if (above.length === 0 || !has('2.5.29.17')(certificate)) return true;
    const names = namesOf(certificate);
    return names !== undefined && above.every((authority) => allows(authority, names));
  });
}

const has =
  (oid: string) =>
  ({ extensions }: Certificate): boolean =>
    extensions.some(({ id }) => id.join('.') === oid);

interface Names {
  readonly dns: readonly string[];
  readonly hosts: readonly string[];
  readonly mailboxes: readonly Mailbox[];
  readonly addresses: readonly Buffer[];
}

/** Undefined when one of them cannot be compared with a constraint. */
function namesOf({ values: { names } }: Certificate): Names | undefined {
  const dns = names.dns ?? [];
  const [uris, emails] = [names.uris ?? [], names.emails ?? []];
  const hosts = uris.map(hostOf).filter((host) => host !== undefined);
  const mailboxes = emails.map(parseMailbox).filter((mailbox) => mailbox !== undefined);
  if (hosts.length < uris.length || mailboxes.length < emails.length) return undefined;
  const domains = [...dns, ...hosts, ...mailboxes.map(({ domain }) => domain)];
  if (!domains.every((domain) => isDomainName(domain, false))) return undefined;
  return { dns, hosts, mailboxes, addresses: names.addresses ?? [] };
}

/** The host without its port; an address is not a host here. */
function hostOf({ host: authority }: FullUrl): string | undefined {
  if (authority === '' || authority.startsWith('[')) return undefined;
  const parts = authority.split(':');
  const [host = ''] = parts;
  return parts.length > 2 || addressBytes(host) ? undefined : host;
}

/** Go's old default: no sane chain comes near, and names times constraints is what an attacker chooses. */
const MAX_COMPARISONS = 250_000;

function allows({ values: { constraints } }: Certificate, names: Names): boolean {
  const { permitted, excluded } = constraints;
  if (countOf(names) * (countOf(permitted) + countOf(excluded)) > MAX_COMPARISONS) return false;
  return (
    names.addresses.every((address) => passes(address, ranges(permitted), ranges(excluded), inRange)) &&
    names.dns.every((name) => passes(name, permitted.dns, [], isWithin) && !excludes(excluded.dns, name)) &&
    names.hosts.every(
      (host) => passes(host, permitted.uris, [], isWithin) && !excludes(excluded.uris, host),
    ) &&
    names.mailboxes.every(
      (mailbox) =>
        passes(mailbox, permitted.emails, [], isMailboxWithin) && !excludesMailbox(excluded.emails, mailbox),
    )
  );
}

const countOf = (lists: object): number => Object.values(lists).flat().length;

const ranges = ({ addresses }: NameSubtrees): readonly AddressRange[] => addresses;

function passes<N, C>(
  name: N,
  permitted: readonly C[],
  excluded: readonly C[],
  within: (name: N, constraint: C) => boolean,
): boolean {
  if (permitted.length > 0 && !permitted.some((constraint) => within(name, constraint))) return false;
  return !excluded.some((constraint) => within(name, constraint));
}

function inRange(address: Buffer, range: AddressRange): boolean {
  if (address.length !== range.address.length) return false;
  return range.mask.every(
    (mask, index) => ((address[index] ?? 0) & mask) === ((range.address[index] ?? 0) & mask),
  );
}

/** The domain itself and what lies below it; with a leading dot only what lies below. */
function isWithin(name: string, constraint: string): boolean {
  if (constraint === '') return true;
  const [domain, limit] = [lower(name), lower(constraint)];
  if (!domain.endsWith(limit)) return false;
  return limit.startsWith('.') || domain.length === limit.length || domain.at(-limit.length - 1) === '.';
}

/** A wildcard is excluded too when it covers an excluded name: `*.example.com` where `a.example.com` is. */
function excludes(excluded: readonly string[], name: string): boolean {
  return excluded.some(
    (constraint) =>
      isWithin(name, constraint) ||
      (name.startsWith('*') && afterFirstLabel(constraint) !== '' && covers(name, constraint)),
  );
}

const covers = (wildcard: string, constraint: string): boolean =>
  lower(afterFirstLabel(wildcard)) === lower(afterFirstLabel(constraint));

function afterFirstLabel(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

function isMailboxWithin({ local, domain }: Mailbox, constraint: string): boolean {
  if (!constraint.includes('@')) return isWithin(domain, constraint);
  const wanted = parseMailbox(constraint);
  return wanted?.local === local && lower(wanted.domain) === lower(domain);
}

const excludesMailbox = (excluded: readonly string[], mailbox: Mailbox): boolean =>
  excluded.some((constraint) =>
    constraint.includes('@') ? isMailboxWithin(mailbox, constraint) : excludes([constraint], mailbox.domain),
  );
