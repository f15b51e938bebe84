import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { unreadable, type EvidenceDocument } from '../model/document.js';
import { readXml, type XmlElement } from '../xml/xml.js';
import { normaliseCyclonedx } from './cyclonedx.js';

const NAMESPACE = /^http:\/\/cyclonedx\.org\/schema\/bom\/(\d\.\d)$/;

/** Elements that are lists in JSON, and the members they hold; a licence list names what each member is. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  components: ['component'],
  compositions: ['composition'],
  vulnerabilities: ['vulnerability'],
  ratings: ['rating'],
  advisories: ['advisory'],
  references: ['reference'],
  affects: ['target'],
  versions: ['version'],
  responses: ['response'],
  cwes: ['cwe'],
};

/** Numbers in JSON. */
const NUMBERS: ReadonlySet<string> = new Set(['score', 'cwe']);

/**
 * Reads a CycloneDX BOM in XML, 1.4 to 1.7: what our reader of the JSON form looks at is written in that form
 * and read there, so that the two cannot come apart. The version stands in the namespace.
 */
export function normaliseCyclonedxXml(text: string): EvidenceDocument {
  const stack: Node[] = [];
  let root: Node | undefined;
  const read = readXml(text, {
    open: (element) => {
      const node: Node = { element, children: [], text: '' };
      stack.at(-1)?.children.push(node);
      root ??= node;
      stack.push(node);
    },
    text: (piece) => {
      const node = stack.at(-1);
      if (node) node.text += piece;
    },
    close: () => void stack.pop(),
  });
  if (!read.ok) {
    const { fault, detail, line, column } = read.problem;
    return unreadable('cyclonedx', ['sbom'], {
      code: 'xml.malformed',
      params: { fault, detail, line, column },
    });
  }
  const version = Object.values(root?.element.attributes ?? {}).flatMap(
    (uri) => NAMESPACE.exec(uri)?.[1] ?? [],
  );
  if (root?.element.local !== 'bom' || version[0] === undefined)
    return unreadable('cyclonedx', ['sbom'], { code: 'cyclonedx.not-a-bom', params: {} });
  return normaliseCyclonedx({ bomFormat: 'CycloneDX', specVersion: version[0], ...objectOf(root) });
}

interface Node {
  readonly element: XmlElement;
  readonly children: Node[];
  text: string;
}

function valueOf(node: Node): JsonValue {
  const name = node.element.local;
  if (name === 'licenses') return node.children.map(licenceOf);
  // Until 1.4 a list of tools; from 1.5 also an object with components.
  if (name === 'tools' && node.children.every(({ element }) => element.local === 'tool'))
    return node.children.map(objectOf);
  const members = LISTS[name];
  if (members && node.children.every(({ element }) => members.includes(element.local)))
    return node.children.map(valueOf);
  const isText = node.children.length === 0 && attributesOf(node).length === 0;
  if (!isText) return objectOf(node);
  const text = node.text.trim();
  return NUMBERS.has(name) && text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Attributes and children by name; of two children of one name the first, as nothing here may repeat. */
function objectOf(node: Node): JsonObject {
  const entries = new Map<string, JsonValue>(attributesOf(node));
  for (const child of node.children)
    if (!entries.has(child.element.local)) entries.set(child.element.local, valueOf(child));
  return Object.fromEntries(entries);
}

const attributesOf = ({ element }: Node): readonly (readonly [string, string])[] =>
  Object.entries(element.attributes).filter(([name]) => !name.startsWith('xmlns') && !name.includes(':'));

/** `<expression>` has its mark as an attribute, which in JSON stands beside it. */
function licenceOf(node: Node): JsonValue {
  const attributes = Object.fromEntries(attributesOf(node));
  return node.element.local === 'expression'
    ? { ...attributes, expression: node.text.trim() }
    : { [node.element.local]: objectOf(node) };
}
