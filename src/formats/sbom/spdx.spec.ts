import { normaliseEvidence } from '../normalise.js';

const json = (document: object) =>
  normaliseEvidence(Buffer.from(JSON.stringify({ spdxVersion: 'SPDX-2.3', ...document })));
const tagValue = (...lines: readonly string[]) =>
  normaliseEvidence(Buffer.from(['SPDXVersion: SPDX-2.3', ...lines, ''].join('\n')));
const codes = ({ reasons }: { reasons: readonly { code: string }[] }) => reasons.map(({ code }) => code);

describe('SPDX', () => {
  it('says the same in JSON and in tag-value', () => {
    const inJson = json({
      packages: [
        { SPDXID: 'SPDXRef-app', name: 'app', licenseDeclared: 'MIT' },
        {
          SPDXID: 'SPDXRef-a',
          name: 'a',
          versionInfo: '1',
          licenseConcluded: 'NONE',
          licenseDeclared: 'MIT',
        },
      ],
      relationships: [
        {
          spdxElementId: 'SPDXRef-app',
          relationshipType: 'DESCRIBED_BY',
          relatedSpdxElement: 'SPDXRef-DOCUMENT',
        },
      ],
    });
    const inLines = tagValue(
      ...['# a comment', 'PackageName: app', 'SPDXID: SPDXRef-app', 'PackageLicenseDeclared: MIT', ''],
      ...['PackageName: a', 'SPDXID: SPDXRef-a', 'PackageVersion: 1', 'PackageLicenseConcluded: NONE'],
      ...[
        'PackageLicenseDeclared: MIT',
        'PackageComment: <text>PackageName: not one',
        'SPDXID: no</text>',
        '',
      ],
      'Relationship: SPDXRef-app DESCRIBED_BY SPDXRef-DOCUMENT',
    );
    expect(inLines.components).toEqual(inJson.components);
    expect(inJson.components).toMatchObject([
      { name: 'a', version: '1', licence: { state: 'NONE', from: 'concluded', raw: ['NONE', 'MIT'] } },
    ]);
    expect([inJson.state, inLines.state]).toEqual(['COMPLETE', 'COMPLETE']);
  });

  it('lets the first value of a field stand', () => {
    const document = tagValue(
      ...['PackageName: a', 'SPDXID: SPDXRef-a', 'PackageLicenseDeclared: AGPL-3.0-only'],
      'PackageLicenseDeclared: MIT',
    );
    expect(document.components[0]?.licence.expression).toBe('AGPL-3.0-only');
  });

  it('does not take the fields of a file for those of the package before it', () => {
    const document = tagValue(
      ...['PackageName: a', 'SPDXID: SPDXRef-a', 'FileName: ./x', 'SPDXID: SPDXRef-x'],
      'PackageLicenseDeclared: MIT',
    );
    expect(document.components[0]?.licence.state).toBe('NOASSERTION');
    expect(document.dropped).toMatchObject([{ what: 'files', count: 1 }]);
  });

  it('has measured nothing when it lists nothing', () => {
    expect(json({ packages: [] })).toMatchObject({ state: 'NOT_MEASURED' });
    expect(tagValue('DocumentName: x')).toMatchObject({ state: 'NOT_MEASURED' });
  });

  it('refuses versions it does not know', () => {
    const old = normaliseEvidence(Buffer.from('SPDXVersion: SPDX-1.2\n'));
    expect([old.state, codes(old)]).toEqual(['UNKNOWN', ['spdx.version-not-supported']]);
    expect(json({ spdxVersion: 23, packages: [] })).toMatchObject({ state: 'UNKNOWN' });
  });

  it('names the line that is no tag, and the text that never ends', () => {
    expect(tagValue('PackageName: a', 'oops').reasons).toEqual([
      { code: 'spdx.malformed-line', params: { line: 3 } },
    ]);
    expect(tagValue('PackageName: a', 'PackageComment: <text>oh').reasons).toEqual([
      { code: 'spdx.text-not-closed', params: { line: 3 } },
    ]);
  });

  it('refuses a list that is none', () => {
    expect(codes(json({ packages: {} }))).toEqual(['spdx.not-a-list']);
  });
});
