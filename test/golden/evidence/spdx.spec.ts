import { normaliseSpdxJson } from '../../../src/formats/sbom/spdx-json.js';
import { describeSamples, normalised, sampleJson } from './samples.js';

const listed = (file: string) =>
  normalised(`spdx/${file}`).components.map(({ name, licence }) => [name, licence.state, licence.expression]);

describeSamples('SPDX samples', () => {
  it.each(['spdx_one_vuln.json', 'spdx_one_vuln.spdx'])(
    '%s: declared where NOASSERTION is concluded',
    (file) => {
      const document = normalised(`spdx/${file}`);
      expect(document).toMatchObject({
        formatVersion: '2.3',
        kinds: ['sbom'],
        state: 'COMPLETE',
        schema: 'valid',
        tools: [{ name: 'syft', version: '1.50.0', versionFrom: 'file' }],
        dropped: [{ what: 'advisory references', count: 1 }],
      });
      expect(document.components[0]).toEqual({
        purl: 'pkg:apk/alpine/alpine-baselayout@3.1.2-r0?arch=x86_64&distro=alpine-3.10.9',
        name: 'alpine-baselayout',
        version: '3.1.2-r0',
        licence: {
          state: 'OK',
          expression: 'GPL-2.0-only',
          alternatives: [['GPL-2.0-only']],
          from: 'declared',
          raw: ['NOASSERTION', 'GPL-2.0-only'],
        },
      });
      expect(document.components[1]?.licence.expression).toBe('MIT');
    },
  );

  it('counts what stands in them', () => {
    const counts = (file: string) => {
      const { counts, dropped } = normalised(`spdx/${file}`);
      return [counts.components, dropped.find(({ what }) => what === 'advisory references')?.count ?? 0];
    };
    expect(counts('spdx_one_vuln.json')).toEqual([3, 1]);
    expect(counts('spdx_many_vuln.json')).toEqual([4, 3]);
    expect(counts('spdx_one_vuln.spdx')).toEqual([2, 1]);
  });

  it('takes what a document describes as its subject, unless nothing else is listed', () => {
    expect(listed('sbom-spdx-with-described-package.json')).toEqual([['dep-a', 'OK', 'MIT']]);
    expect(listed('sbom-spdx-no-purpose.json')).toMatchObject([[expect.any(String), 'OK', 'MIT']]);
  });

  it('invents no tool where the name is empty', () => {
    expect(normalised('spdx/sbom-spdx-empty-tool-name.json').tools).toEqual([]);
  });

  it('reads every SPDX field of the licence table', () => {
    interface Row {
      readonly spec: string;
      readonly field: Record<string, string>;
      readonly state: string;
      readonly expression: string | null;
    }
    const rows = (sampleJson('licences/fields.json').rows as Row[]).filter(({ spec }) => spec === 'SPDX-2.3');
    expect(rows).toHaveLength(5);
    const read = rows.map(({ field }) => {
      const packages = [{ SPDXID: 'SPDXRef-a', name: 'a', ...field }];
      const [component] = normaliseSpdxJson({ spdxVersion: 'SPDX-2.3', packages }).components;
      return [component?.licence.state, component?.licence.expression];
    });
    expect(read).toEqual(rows.map(({ state, expression }) => [state, expression]));
  });
});
