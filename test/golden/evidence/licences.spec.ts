import type { JsonValue } from '../../../src/kernel/canonical-json.js';
import { readComponentLicence } from '../../../src/formats/sbom/cyclonedx-licence.js';
import { readLicence } from '../../../src/formats/licence/licence.js';
import { describeSamples, sampleJson } from './samples.js';

interface Row {
  readonly id: number;
  readonly state: string;
  readonly expression: string | null;
}

describeSamples('licence samples', () => {
  it('reads all 66 expressions as the table says: 51 OK, 13 UNKNOWN, 1 NONE, 1 NOASSERTION', () => {
    const rows: Row[] = sampleJson('licences/expressions.json').rows;
    expect(rows).toHaveLength(66);
    const read = rows.map((row) => ({ id: row.id, state: readLicence(row.expression ?? '').state }));
    expect(read).toEqual(rows.map(({ id, state }) => ({ id, state })));
    expect(
      ['OK', 'UNKNOWN', 'NONE', 'NOASSERTION'].map(
        (state) => rows.filter((row) => row.state === state).length,
      ),
    ).toEqual([51, 13, 1, 1]);
  });

  it('reads every CycloneDX field of the table', () => {
    const rows: (Row & { spec: string; field: JsonValue })[] = sampleJson('licences/fields.json').rows;
    const fields = rows.filter(({ spec }) => !spec.startsWith('SPDX'));
    expect(fields).toHaveLength(17);
    const read = fields.map(({ id, field }) => {
      const { state, expression } = readComponentLicence(Array.isArray(field) ? field : undefined);
      return { id, state, expression };
    });
    expect(read).toEqual(fields.map(({ id, state, expression }) => ({ id, state, expression })));
  });

  it('maps the seven deprecated compounds', () => {
    const map: Record<string, string> = sampleJson('licences/deprecated-compounds.json').map;
    const ids = Object.keys(map);
    expect(ids).toHaveLength(7);
    expect(ids.map((id) => readLicence(id).alternatives)).toEqual(ids.map((id) => [[map[id]]]));
  });
});
