import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { normaliseEvidence } from '../../../src/formats/normalise.js';
import { describeSamples, normalised, sampleJson, SAMPLES } from './samples.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a BOM as it comes
type Any = any;

const escaped = (text: unknown): string =>
  String(text).replace(/[<>&"]/g, (character) => `&#${String(character.codePointAt(0))};`);

/** What in XML is an attribute (CycloneDX XML schema, of the elements our reader looks at). */
const ATTRIBUTES = new Set(['type', 'bom-ref', 'mime-type', 'acknowledgement']);
const MEMBER: Readonly<Record<string, string>> = {
  components: 'component',
  compositions: 'composition',
  tools: 'tool',
  vulnerabilities: 'vulnerability',
  ratings: 'rating',
  references: 'reference',
  affects: 'target',
  versions: 'version',
};

/** Writes the parts of a BOM that are judged as a producer of XML would. */
function xml(name: string, value: Any): string {
  if (name === 'licenses') return `<licenses>${value.map(licence).join('')}</licenses>`;
  if (Array.isArray(value))
    return `<${name}>${value.map((one) => xml(MEMBER[name] ?? 'item', one)).join('')}</${name}>`;
  if (typeof value !== 'object' || value === null) return `<${name}>${escaped(value)}</${name}>`;
  const entries = Object.entries(value);
  const attributes = entries.filter(([key]) => ATTRIBUTES.has(key));
  const children = entries.filter(([key]) => !ATTRIBUTES.has(key));
  const written = attributes.map(([key, one]) => ` ${key}="${escaped(one)}"`).join('');
  return `<${name}${written}>${children.map(([key, one]) => xml(key, one)).join('')}</${name}>`;
}

function licence({ license, expression, acknowledgement }: Any): string {
  if (license !== undefined) return xml('license', license);
  const mark = acknowledgement === undefined ? '' : ` acknowledgement="${escaped(acknowledgement)}"`;
  return `<expression${mark}>${escaped(expression)}</expression>`;
}

const asXml = ({ specVersion, metadata, components, compositions, vulnerabilities }: Any): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<bom xmlns="http://cyclonedx.org/schema/bom/${specVersion}" version="1">`,
    ...Object.entries({ metadata, components, compositions, vulnerabilities })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => xml(name, value)),
    '</bom>',
  ].join('\n');

/** None where the samples are not: their tests are skipped then. */
const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

describeSamples('CycloneDX in XML', () => {
  const files = ['goldens', 'tools', 'spec/1.5', 'spec/1.6', 'spec/1.7'].flatMap((folder) =>
    filesIn(join(SAMPLES, 'cyclonedx', folder)).map((name) => `cyclonedx/${folder}/${name}`),
  );
  /** One entry with two licences cannot be written in XML, and a blank name is no text there. */
  const NOT_IN_XML = /invalid-license-choice|bom-custom-license/;

  it.each(files.filter((file) => !NOT_IN_XML.test(file)))('%s says the same in XML as in JSON', (file) => {
    const bom = sampleJson(file);
    const { format, components, state, kinds, vulnerabilities, tools } = normalised(file);
    expect(normaliseEvidence(Buffer.from(asXml(bom)))).toMatchObject({
      ...{ format, components, state, kinds, vulnerabilities, tools },
      formatVersion: bom.specVersion,
    });
  });
});

describe('CycloneDX in XML', () => {
  const read = (text: string) => normaliseEvidence(Buffer.from(text));

  it('takes a prefix for what it is', () => {
    const document = read(
      '<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.5"><b:components><b:component type="library">' +
        '<b:name>a</b:name><b:licenses><b:license><b:id>MIT</b:id></b:license></b:licenses>' +
        '</b:component></b:components></b:bom>',
    );
    expect(document).toMatchObject({
      format: 'cyclonedx',
      formatVersion: '1.5',
      state: 'COMPLETE',
      components: [{ name: 'a', licence: { state: 'OK', expression: 'MIT' } }],
    });
  });

  it('refuses what is not well-formed, with its place, and lists that are none', () => {
    expect(read('<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components></bom>')).toMatchObject({
      state: 'ERROR',
      kinds: ['sbom'],
      reasons: [{ code: 'xml.malformed', params: { line: 1 } }],
    });
    expect(
      read('<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components><thing/></components></bom>'),
    ).toMatchObject({ state: 'ERROR', reasons: [{ code: 'cyclonedx.components-not-a-list' }] });
  });

  it('knows no other version and no other namespace', () => {
    const reasons = (text: string) => read(text).reasons.map(({ code }) => code);
    expect(reasons('<bom xmlns="http://cyclonedx.org/schema/bom/1.1"></bom>')).toEqual([
      'cyclonedx.version-not-supported',
    ]);
    expect(reasons('<bom xmlns="urn:something-else"></bom>')).toEqual(['cyclonedx.not-a-bom']);
  });
});
