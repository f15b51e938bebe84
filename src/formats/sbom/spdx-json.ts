import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { unreadable, type EvidenceDocument } from '../model/document.js';
import { filledTextIn, has, isObject, listIn, objectIn, objectsIn, textIn } from '../read/json-view.js';
import { spdxDocument, type SpdxPackage } from './spdx.js';

/** Reads SPDX 2.2 and 2.3 in JSON. */
export function normaliseSpdxJson(root: JsonValue): EvidenceDocument {
  const document = isObject(root) ? root : undefined;
  if (!document || !has(document, 'spdxVersion')) return failure('spdx.not-a-document', {});
  for (const list of ['packages', 'files', 'relationships'])
    if (has(document, list) && !listIn(document, list))
      return failure('spdx.not-a-list', { where: `$.${list}` });
  return spdxDocument({
    format: 'spdx-json',
    version: textIn(document, 'spdxVersion'),
    creators: textsIn(objectIn(document, 'creationInfo'), 'creators'),
    packages: objectsIn(document, 'packages').map(packageOf),
    files: listIn(document, 'files')?.length ?? 0,
    described: describedBy(document),
  });
}

function packageOf(one: JsonObject): SpdxPackage {
  const references = objectsIn(one, 'externalRefs');
  const isOf = (type: string) => (reference: JsonObject) => textIn(reference, 'referenceType') === type;
  const purl = references.find(isOf('purl'));
  return {
    id: filledTextIn(one, 'SPDXID'),
    name: filledTextIn(one, 'name'),
    version: filledTextIn(one, 'versionInfo'),
    concluded: textIn(one, 'licenseConcluded'),
    declared: textIn(one, 'licenseDeclared'),
    purl: filledTextIn(purl, 'referenceLocator'),
    advisories: references.filter(isOf('advisory')).length,
  };
}

/** By the older field or by a relationship, in either direction. */
function describedBy(document: JsonObject): readonly string[] {
  const ends = objectsIn(document, 'relationships').flatMap((relationship) => {
    const type = textIn(relationship, 'relationshipType');
    if (type === 'DESCRIBES') return textIn(relationship, 'relatedSpdxElement') ?? [];
    return type === 'DESCRIBED_BY' ? (textIn(relationship, 'spdxElementId') ?? []) : [];
  });
  return [...textsIn(document, 'documentDescribes'), ...ends];
}

const textsIn = (parent: JsonObject | undefined, key: string): readonly string[] =>
  (listIn(parent, key) ?? []).filter((value) => typeof value === 'string');

const failure = (code: string, params: Record<string, string>): EvidenceDocument =>
  unreadable('spdx-json', ['sbom'], { code, params });
