import { matchOsv } from '../../../src/formats/vulnerability/osv-match.js';
import { readOsvRecord, type OsvRecord } from '../../../src/formats/vulnerability/osv-record.js';
import { describeSamples, sampleJson } from './samples.js';

interface Row {
  readonly record: string;
  readonly ecosystem: string;
  readonly package: string;
  readonly version: string;
  readonly affected: boolean;
}

const record = (file: string): OsvRecord => {
  const read = readOsvRecord(sampleJson(`vulns/osv/${file}`));
  if (!read) throw new Error(file);
  return read;
};

describeSamples('OSV records against installed versions', () => {
  it('40 of 40 rows, 21 of them affected', () => {
    const rows: readonly Row[] = sampleJson('vulns/osv/matches.json').rows;
    expect(rows).toHaveLength(40);
    const wrong = rows.filter(({ record: file, ecosystem, package: name, version, affected }) => {
      const verdict = matchOsv(record(file), { ecosystem, name, version });
      return verdict !== (affected ? 'affected' : 'not-affected');
    });
    expect(wrong).toEqual([]);
    expect(rows.filter(({ affected }) => affected)).toHaveLength(21);
  });

  it('does not know what it cannot read', () => {
    const requests = { ecosystem: 'PyPI', name: 'requests' };
    expect(matchOsv(record('PYSEC-2023-74.json'), { ...requests, version: '4.36.-1' })).toBe('unknown');
    expect(matchOsv(record('PYSEC-2023-74.json'), { ...requests, name: 'other', version: '?' })).toBe(
      'not-affected',
    );
    const affected = [{ ...record('DSA-5474-1.json').affected[0], ecosystem: 'Alpine:v3.18' }];
    const alpine = { ...record('DSA-5474-1.json'), affected } as OsvRecord;
    expect(matchOsv(alpine, { ecosystem: 'Alpine:v3.18', name: 'intel-microcode', version: '1' })).toBe(
      'unknown',
    );
  });
});
