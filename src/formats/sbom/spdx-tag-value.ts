import { unreadable, type EvidenceDocument } from '../model/document.js';
import { spdxDocument, type SpdxPackage } from './spdx.js';

type Draft = { -readonly [K in keyof SpdxPackage]: SpdxPackage[K] };

/** A tag and its value; `line` counts from 1, where the tag stands. */
interface Tag {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/**
 * Reads SPDX 2.2 and 2.3 in tag-value (SPDX 2.3, §1.8 and annex on tag-value): `Tag: value` a line, a value
 * between `<text>` and `</text>` over several, `#` begins a comment. A package begins with its name; what
 * stands before the first one is about the document, and a file, a snippet or an extracted licence ends it.
 */
export function normaliseSpdxTagValue(text: string): EvidenceDocument {
  const read = new Reading();
  for (const tag of tagsOf(text)) {
    if (!('name' in tag))
      return unreadable('spdx-tag-value', ['sbom'], { code: tag.code, params: { line: tag.line } });
    read.take(tag);
  }
  const { version, creators, packages, files, described } = read;
  return spdxDocument({ format: 'spdx-tag-value', version, creators, packages, files, described });
}

class Reading {
  version: string | undefined;
  readonly creators: string[] = [];
  readonly packages: Draft[] = [];
  readonly described: string[] = [];
  files = 0;
  private current: Draft | undefined;

  take({ name, value }: Tag): void {
    switch (name) {
      case 'SPDXVersion':
        this.version ??= value;
        return;
      case 'Creator':
        this.creators.push(value);
        return;
      case 'PackageName':
        this.begin(value);
        return;
      case 'FileName':
        this.files += 1;
        this.current = undefined;
        return;
      case 'SnippetSPDXID':
      case 'LicenseID':
        this.current = undefined;
        return;
      case 'Relationship':
        this.relate(value.split(/\s+/));
        return;
      default:
        if (this.current) describe(this.current, name, value);
    }
  }

  private begin(name: string): void {
    this.current = {
      ...{ id: undefined, name: filled(name), version: undefined, concluded: undefined },
      ...{ declared: undefined, purl: undefined, advisories: 0 },
    };
    this.packages.push(this.current);
  }

  private relate([one = '', type, other = '']: readonly string[]): void {
    if (type === 'DESCRIBES') this.described.push(other);
    if (type === 'DESCRIBED_BY') this.described.push(one);
  }
}

/** The first of a tag counts: a second one is a mistake that must not overrule it. */
function describe(draft: Draft, name: string, value: string): void {
  if (name === 'SPDXID') draft.id ??= filled(value);
  if (name === 'PackageVersion') draft.version ??= filled(value);
  if (name === 'PackageLicenseConcluded') draft.concluded ??= value;
  if (name === 'PackageLicenseDeclared') draft.declared ??= value;
  if (name !== 'ExternalRef') return;
  const [, type, locator = ''] = value.split(/\s+/);
  if (type === 'purl') draft.purl ??= filled(locator);
  if (type === 'advisory') draft.advisories += 1;
}

const filled = (text: string): string | undefined => (text === '' ? undefined : text);

const TAG = /^([A-Za-z][A-Za-z0-9]{0,60}):[ \t]*(.*)$/;

function* tagsOf(text: string): Generator<Tag | { readonly code: string; readonly line: number }> {
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    const [, name, first = ''] = TAG.exec(lines[index] ?? '') ?? [];
    if (name === undefined) {
      if (/^\s*(?:#.*)?$/.test(lines[index] ?? '')) continue;
      yield { code: 'spdx.malformed-line', line };
      return;
    }
    let value = first.trim();
    if (value.startsWith('<text>')) {
      let end = index;
      while (end < lines.length && !lines[end]?.includes('</text>')) end += 1;
      if (end === lines.length) {
        yield { code: 'spdx.text-not-closed', line };
        return;
      }
      const whole = [first, ...lines.slice(index + 1, end + 1)].join('\n');
      value = whole.slice(whole.indexOf('<text>') + '<text>'.length, whole.indexOf('</text>')).trim();
      index = end;
    }
    yield { name, value, line };
  }
}
