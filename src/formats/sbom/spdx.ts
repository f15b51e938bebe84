import type { Component, LicenceFact } from '../model/component.js';
import { aDocument, type EvidenceDocument } from '../model/document.js';
import type { Dropped, Reason, ToolFact } from '../model/evidence-state.js';
import { readLicence } from '../licence/licence.js';

/** One package as an SPDX 2 document tells of it; undefined = the field is absent. */
export interface SpdxPackage {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly concluded: string | undefined;
  readonly declared: string | undefined;
  readonly purl: string | undefined;
  /** References to advisories about it: not themselves advisories, so they are counted and dropped. */
  readonly advisories: number;
}

/** What both writings of SPDX 2 say. */
export interface SpdxContent {
  readonly format: 'spdx-json' | 'spdx-tag-value';
  /** As written: `SPDX-2.3`. */
  readonly version: string | undefined;
  /** `Tool: syft-1.50.0`, `Organization: …`, `Person: …`. */
  readonly creators: readonly string[];
  readonly packages: readonly SpdxPackage[];
  readonly files: number;
  /** Ids of what the document describes: its subject. */
  readonly described: readonly string[];
}

const VERSIONS: readonly string[] = ['SPDX-2.2', 'SPDX-2.3'];
/** As for CycloneDX. Over = ERROR. */
const MAX_PACKAGES = 100_000;

/**
 * The normal form of an SPDX 2 document. What it describes is the subject and no component of its own, unless
 * nothing else is listed. A licence that was concluded counts before the declared one, save that NOASSERTION
 * concludes nothing (formats.md §5). Files, and references to advisories, are counted and dropped.
 */
export function spdxDocument(content: SpdxContent): EvidenceDocument {
  const { format, version } = content;
  if (version === undefined || !VERSIONS.includes(version))
    return aDocument({
      format,
      kinds: ['sbom'],
      state: 'UNKNOWN',
      reasons: [{ code: 'spdx.version-not-supported', params: { version: version?.slice(0, 20) ?? null } }],
      schema: 'invalid',
    });
  const others = content.packages.filter(({ id }) => id === undefined || !content.described.includes(id));
  const listed = others.length > 0 ? others : content.packages;
  const reasons = reasonsFor(listed.length);
  const isNamed = content.packages.every(({ id, name }) => id !== undefined && name !== undefined);
  return aDocument({
    format,
    formatVersion: version.slice('SPDX-'.length),
    kinds: ['sbom'],
    state: listed.length === 0 ? 'NOT_MEASURED' : reasons.length > 0 ? 'ERROR' : 'COMPLETE',
    reasons,
    tools: content.creators.flatMap(toolOf),
    schema: isNamed ? 'valid' : 'invalid',
    components: listed.slice(0, MAX_PACKAGES).map(componentOf),
    counts: { findings: 0, components: listed.length, vulnerabilities: 0 },
    dropped: droppedFrom(content, listed.length),
  });
}

function reasonsFor(count: number): Reason[] {
  if (count === 0) return [{ code: 'spdx.nothing-listed', params: {} }];
  if (count <= MAX_PACKAGES) return [];
  return [{ code: 'spdx.too-many-packages', params: { count, limit: MAX_PACKAGES } }];
}

function droppedFrom({ packages, files }: SpdxContent, listed: number): readonly Dropped[] {
  const advisories = packages.reduce((sum, one) => sum + one.advisories, 0);
  const dropped: readonly Dropped[] = [
    { what: 'components', count: Math.max(listed - MAX_PACKAGES, 0), why: 'over-limit' },
    {
      what: 'advisory references',
      count: advisories,
      why: 'they name an advisory and do not say what it says',
    },
    { what: 'files', count: files, why: 'components are judged, not files' },
  ];
  return dropped.filter(({ count }) => count > 0);
}

/** `Tool: syft-1.50.0`: the version begins after the last hyphen before a digit. */
function toolOf(creator: string): readonly ToolFact[] {
  const tool = /^Tool:\s*(\S.*)$/.exec(creator)?.[1]?.trim();
  if (tool === undefined) return []; // a person or an organisation: nobody's business here
  const [, name = tool, version = null] = /^(.+)-v?(\d[^\s-]*)$/.exec(tool) ?? [];
  return [{ name, version, versionFrom: 'file' }];
}

const componentOf = ({ name, version, concluded, declared, purl }: SpdxPackage): Component => ({
  purl: purl ?? null,
  name: name ?? '',
  version: version ?? null,
  licence: licenceOf(concluded, declared),
});

function licenceOf(concluded: string | undefined, declared: string | undefined): LicenceFact {
  const isConcluded = concluded !== undefined && concluded !== 'NOASSERTION';
  const raw = [concluded, declared].filter((text) => text !== undefined);
  if (isConcluded) return { ...readLicence(concluded), from: 'concluded', raw };
  if (declared !== undefined) return { ...readLicence(declared), from: 'declared', raw };
  const from = concluded === undefined ? 'unmarked' : 'concluded';
  return { ...readLicence(concluded ?? 'NOASSERTION'), from, raw };
}
