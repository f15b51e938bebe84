import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { readLicence } from '../licence/licence.js';
import type { Component, LicenceFact } from '../model/component.js';
import { aDocument, unreadable, type EvidenceDocument } from '../model/document.js';
import type { Reason } from '../model/evidence-state.js';
import { has, isObject, listIn, textIn } from '../read/json-view.js';
import { purlOf } from '../vulnerability/purl.js';

const FORMAT = 'license-checker';
/** As of bills of materials: beyond it, memory and rules suffer. Over = ERROR. */
const MAX_PACKAGES = 100_000;
/** `name@version`, the name perhaps with a scope. */
const KEY = /^((?:@[^@/]+\/)?[^@/]+)@([^@]+)$/;

/** Nothing but packages, each with its licences. */
export const isLicenseChecker = (value: JsonValue): boolean => {
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.every(([key, entry]) => KEY.test(key) && isObject(entry) && has(entry, 'licenses'))
  );
};

/**
 * Reads the JSON of license-checker and license-checker-rseidelsohn: licences of the packages that npm installed. What
 * does not lie in a `node_modules` is the project itself, and no component of it. `MIT*` is a guess from the words of a
 * file, and several names in a list say neither "and" nor "or": both are UNKNOWN. Names and addresses of authors are not
 * kept.
 */
export function normaliseLicenseChecker(root: JsonValue): EvidenceDocument {
  if (!isLicenseChecker(root) || !isObject(root))
    return unreadable(FORMAT, ['sbom'], { code: 'license-checker.not-packages', params: {} });
  const entries = Object.entries(root) as [string, JsonObject][];
  const others = entries.filter(([, entry]) => !isProject(entry));
  const own = entries.length - others.length;
  const reasons: Reason[] = [];
  if (others.length === 0) reasons.push({ code: 'license-checker.nothing-listed', params: {} });
  if (others.length > MAX_PACKAGES)
    reasons.push({
      code: 'license-checker.too-many-packages',
      params: { count: others.length, limit: MAX_PACKAGES },
    });
  const components = others.slice(0, MAX_PACKAGES).map(componentOf);
  return aDocument({
    format: FORMAT,
    kinds: ['sbom'],
    state: others.length === 0 ? 'NOT_MEASURED' : others.length > MAX_PACKAGES ? 'ERROR' : 'COMPLETE',
    reasons,
    tools: [{ name: FORMAT, version: null, versionFrom: 'file' }],
    components,
    counts: { findings: 0, components: others.length, vulnerabilities: 0 },
    dropped: [
      ...(own > 0 ? [{ what: 'packages', count: own, why: 'the project itself' }] : []),
      ...(others.length > components.length
        ? [{ what: 'components', count: others.length - components.length, why: 'too many' }]
        : []),
    ],
  });
}

const isProject = (entry: JsonObject): boolean => {
  const path = textIn(entry, 'path');
  return path !== undefined && !/(?:^|[\\/])node_modules[\\/]/.test(path);
};

function componentOf([key, entry]: [string, JsonObject]): Component {
  const [, name = '', version = ''] = KEY.exec(key) ?? [];
  return { purl: purlOf('npm', name, version), name, version, licence: licenceOf(entry) };
}

function licenceOf(entry: JsonObject): LicenceFact {
  const list = listIn(entry, 'licenses') ?? [entry['licenses'] ?? ''];
  const raw = list.map((one) => (typeof one === 'string' ? one : ''));
  const [only = ''] = new Set(raw).size === 1 ? raw : [];
  // Blank text reads as UNKNOWN.
  return { ...readLicence(only.endsWith('*') ? '' : only), from: 'declared', raw };
}
