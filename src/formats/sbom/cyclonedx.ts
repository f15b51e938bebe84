import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { Component } from '../model/component.js';
import { aDocument, type EvidenceDocument } from '../model/document.js';
import type { Reason, ToolFact } from '../model/evidence-state.js';
import { filledTextIn, has, isObject, listIn, objectIn, objectsIn, textIn } from '../read/json-view.js';
import {
  cyclonedxVulnerabilities,
  unreadableVulnerabilities,
} from '../vulnerability/cyclonedx-vulnerabilities.js';
import { readComponentLicence } from './cyclonedx-licence.js';

const VERSIONS: readonly string[] = ['1.4', '1.5', '1.6', '1.7'];

/** More than any SBOM we know by two orders of magnitude; beyond it, memory and rules suffer. Over = ERROR. */
const MAX_COMPONENTS = 100_000;

/**
 * Reads a CycloneDX JSON BOM of 1.4 to 1.7. Components nest, so the tree is flattened, that below the described
 * application (`metadata.component`) included; the application itself is the subject and no component of its
 * own. A BOM that lists nothing has measured nothing, whatever its producer thinks.
 */
export function normaliseCyclonedx(root: JsonValue): EvidenceDocument {
  const bom = isObject(root) ? root : undefined;
  if (textIn(bom, 'bomFormat') !== 'CycloneDX' || !bom) return failure('ERROR', 'cyclonedx.not-a-bom', {});
  const version = textIn(bom, 'specVersion') ?? null;
  if (version === null || !VERSIONS.includes(version))
    return failure('UNKNOWN', 'cyclonedx.version-not-supported', { version: version?.slice(0, 20) ?? null });
  if (has(bom, 'components') && !listIn(bom, 'components'))
    return failure('ERROR', 'cyclonedx.components-not-a-list', { where: '$.components' });

  const listed = flatten(bom);
  const components = listed.slice(0, MAX_COMPONENTS).map(normalComponent);
  const lenient = listed.some((component) => textIn(component, 'name') === undefined);
  const vulnerabilities = cyclonedxVulnerabilities(bom, componentsByRef(bom, listed));
  const reasons = [
    ...nothingListed(bom, listed.length),
    ...overLimit(listed.length),
    ...saidIncomplete(bom),
    ...unreadVulnerabilities(bom),
  ];
  return aDocument({
    format: 'cyclonedx',
    formatVersion: version,
    kinds: speaksOfVulnerabilities(bom) ? ['sbom', 'vulnerabilities'] : ['sbom'],
    state: stateOf(listed.length, reasons),
    reasons: [...reasons, ...someVulnerabilities(bom)],
    tools: toolsOf(bom),
    schema: lenient ? 'invalid' : 'valid',
    components,
    vulnerabilities,
    counts: { findings: 0, components: listed.length, vulnerabilities: vulnerabilities.length },
    dropped: listed.length > components.length ? [overflow(listed.length - components.length)] : [],
  });
}

/** Depth first, in the order of the file. */
function flatten(bom: JsonObject): readonly JsonObject[] {
  const found: JsonObject[] = [];
  const walk = (parent: JsonObject): void => {
    for (const component of objectsIn(parent, 'components')) {
      found.push(component);
      walk(component);
    }
  };
  const application = objectIn(objectIn(bom, 'metadata'), 'component');
  if (application) walk(application);
  walk(bom);
  return found;
}

function normalComponent(component: JsonObject): Component {
  const group = textIn(component, 'group') ?? '';
  const name = textIn(component, 'name') ?? '';
  return {
    purl: filledTextIn(component, 'purl') ?? null,
    name: group === '' ? name : `${group}/${name}`,
    version: filledTextIn(component, 'version') ?? null,
    licence: readComponentLicence(listIn(component, 'licenses')),
  };
}

/** By `bom-ref`, the described application included: a vulnerability may be its own. */
function componentsByRef(
  bom: JsonObject,
  listed: readonly JsonObject[],
): (ref: string) => Component | undefined {
  const application = objectIn(objectIn(bom, 'metadata'), 'component');
  const byRef = new Map<string, JsonObject>();
  for (const component of application ? [application, ...listed] : listed) {
    const ref = filledTextIn(component, 'bom-ref');
    if (ref !== undefined && !byRef.has(ref)) byRef.set(ref, component);
  }
  return (ref) => {
    const component = byRef.get(ref);
    return component && normalComponent(component);
  };
}

/**
 * Tools that list every vulnerability they know of the components, so that one which is not listed was not found.
 * By a word of their name as they write it, in lower case.
 */
const SCANNERS =
  /\b(?:trivy|grype|osv-scanner|dependency-track|dep-scan|depscan|snyk|xray|blackduck|nexus-iq)\b/;

/**
 * Whether the BOM answers which vulnerabilities its components have. A list of some (VEX: each entry is somebody's
 * analysis of one, or nobody says who looked) does not: what it lists counts, what it does not list is not known to
 * be absent. Some tools write the list empty without having looked, so an empty one says as little as none.
 */
const speaksOfVulnerabilities = (bom: JsonObject): boolean => {
  const listed = objectsIn(bom, 'vulnerabilities');
  if ((listIn(bom, 'vulnerabilities')?.length ?? 0) === 0) return false;
  const said = objectsIn(bom, 'compositions').filter((one) => has(one, 'vulnerabilities'));
  if (said.length > 0) return said.every((one) => textIn(one, 'aggregate') === 'complete');
  const isVex =
    listed.length > 0 && listed.every((one) => textIn(objectIn(one, 'analysis'), 'state') !== undefined);
  return !isVex && toolsOf(bom).some(({ name }) => SCANNERS.test(name.toLowerCase()));
};

function someVulnerabilities(bom: JsonObject): Reason[] {
  const count = listIn(bom, 'vulnerabilities')?.length ?? 0;
  return count === 0 || speaksOfVulnerabilities(bom)
    ? []
    : [{ code: 'cyclonedx.some-vulnerabilities', params: { count } }];
}

function unreadVulnerabilities(bom: JsonObject): Reason[] {
  const count = unreadableVulnerabilities(bom);
  return count === 0 ? [] : [{ code: 'cyclonedx.vulnerabilities-unreadable', params: { count } }];
}

function nothingListed(bom: JsonObject, count: number): Reason[] {
  if (count > 0) return [];
  return [{ code: 'cyclonedx.nothing-listed', params: { present: has(bom, 'components') } }];
}

function overLimit(count: number): Reason[] {
  if (count <= MAX_COMPONENTS) return [];
  return [{ code: 'cyclonedx.too-many-components', params: { count, limit: MAX_COMPONENTS } }];
}

/** `compositions` is where a producer admits that the list of what the application is made of is partial. */
function saidIncomplete(bom: JsonObject): Reason[] {
  const aggregates = objectsIn(bom, 'compositions').map((one) => textIn(one, 'aggregate') ?? '');
  const partial = aggregates.find((aggregate) => aggregate.startsWith('incomplete'));
  return partial === undefined
    ? []
    : [{ code: 'cyclonedx.incomplete', params: { aggregate: partial.slice(0, 60) } }];
}

function stateOf(count: number, reasons: readonly Reason[]): EvidenceDocument['state'] {
  if (count === 0) return 'NOT_MEASURED';
  if (reasons.some(({ code }) => code === 'cyclonedx.too-many-components')) return 'ERROR';
  return reasons.length > 0 ? 'INCOMPLETE' : 'COMPLETE';
}

/** `metadata.tools` is a list of tools until 1.4, and from 1.5 may be `{components, services}`. */
function toolsOf(bom: JsonObject): readonly ToolFact[] {
  const metadata = objectIn(bom, 'metadata');
  const tools = [...objectsIn(metadata, 'tools'), ...objectsIn(objectIn(metadata, 'tools'), 'components')];
  return tools.flatMap((tool) => {
    const name = textIn(tool, 'name');
    return name
      ? [{ name, version: filledTextIn(tool, 'version') ?? null, versionFrom: 'file' as const }]
      : [];
  });
}

const overflow = (count: number): EvidenceDocument['dropped'][number] => ({
  what: 'components',
  count,
  why: 'over-limit',
});

const failure = (state: 'ERROR' | 'UNKNOWN', code: string, params: Reason['params']): EvidenceDocument =>
  aDocument({ format: 'cyclonedx', kinds: ['sbom'], state, reasons: [{ code, params }], schema: 'invalid' });
