import type { EvidenceDocument } from '../../../src/formats/model/document.js';
import { sampleRows } from './golden-tables.js';
import { describeSamples, normalised } from './samples.js';

interface Expected {
  readonly file: string;
  /** error, warning, note, none. */
  readonly levels: readonly [number, number, number, number];
  readonly state?: EvidenceDocument['state'];
  readonly reason?: string;
  readonly schema?: EvidenceDocument['schema'];
  readonly kinds?: readonly string[];
}

const FILES = sampleRows('sarif') as readonly Expected[];

const levels = ({ findings }: EvidenceDocument): number[] =>
  ['error', 'warning', 'note', 'none'].map((level) => findings.filter((one) => one.level === level).length);

const distinct = ({ findings }: EvidenceDocument): number =>
  new Set(findings.map(({ identity }) => `${identity.scheme} ${identity.value}`)).size;

const tally = (values: readonly string[]): Record<string, number> =>
  values.reduce<Record<string, number>>((sums, value) => ({ ...sums, [value]: (sums[value] ?? 0) + 1 }), {});

describeSamples('SARIF samples: levels, states and identities', () => {
  it.each(FILES)('$file has $levels of error, warning, note, none', (expected) => {
    const document = normalised(`sarif/${expected.file}`);
    expect(document.format).toBe('sarif');
    expect(levels(document)).toEqual(expected.levels);
    expect(document.counts.findings).toBe(document.findings.length);
    expect(document.state).toBe(expected.state ?? 'COMPLETE');
    if (expected.reason) expect(document.reasons.map(({ code }) => code)).toContain(expected.reason);
    else expect(document.reasons).toEqual([]);
    if (expected.schema) expect(document.schema).toBe(expected.schema);
    expect(document.kinds).toEqual(expected.kinds ?? ['sast']);
  });

  it('adds up to 178 results and 19 errors over the ten files of defectdojo/', () => {
    const documents = FILES.filter(({ file }) => file.startsWith('defectdojo/')).map(({ file }) =>
      normalised(`sarif/${file}`),
    );
    expect(documents.flatMap(({ findings }) => findings)).toHaveLength(178);
    expect(documents.reduce((sum, document) => sum + (levels(document)[0] ?? 0), 0)).toBe(19);
  });

  it('says where a report stops being JSON', () => {
    expect(normalised('sarif/chainloop/report-control-chars.sarif').reasons[0]).toMatchObject({
      code: 'json.malformed',
      params: { line: 35, column: 10 },
    });
  });

  it('keeps suppressions apart by status, and absent from empty', () => {
    const statuses = (file: string): Record<string, number> =>
      tally(normalised(file).findings.map((one) => one.toolSuppression));
    expect(statuses('sarif/defectdojo/suppression_test.sarif')).toEqual({ accepted: 3, none: 1, unknown: 1 });
    const documents = normalised('sarif/handmade/suppression-status.sarif').findings;
    expect(documents.map((one) => one.toolSuppression)).toEqual([
      'none',
      'accepted',
      'underReview',
      'rejected',
      'accepted',
      'rejected',
      'accepted',
      'accepted',
    ]);
    expect(documents[6]?.toolSuppressionExpires).toBe('2020-01-01T00:00:00Z');
  });

  it('reads baseline states', () => {
    expect(
      tally(normalised('sarif/sarif-sdk/baseline-states.sarif').findings.map((one) => one.baseline)),
    ).toEqual({
      new: 2,
      unchanged: 1,
      updated: 1,
      absent: 1,
    });
    expect(
      tally(normalised('sarif/defectdojo/bash-report.sarif').findings.map((one) => one.baseline)),
    ).toEqual({ new: 27 });
  });

  it.each([
    ['defectdojo/bash-report.sarif', 12],
    ['defectdojo/gitleaks_7.5.0.sarif', 4],
    ['chainloop/report.sarif', 9],
    ['trivy/alpine-310.sarif', 4],
    ['goldens/gitleaks-git.sarif', 3],
  ])('%s has %i distinct identities, none lost: repetitions are counted', (file, count) => {
    const document = normalised(`sarif/${file}`);
    expect(distinct(document)).toBe(count);
    const keys = document.findings.map(({ identity: { scheme, value, occurrence } }) =>
      JSON.stringify([scheme, value, occurrence]),
    );
    expect(new Set(keys).size).toBe(document.findings.length);
  });

  it('trusts a line hash, and neither commit data nor objects', () => {
    const schemes = (file: string): string[] => [
      ...new Set(normalised(`sarif/${file}`).findings.map(({ identity }) => identity.scheme)),
    ];
    expect(schemes('defectdojo/codeQL-output.sarif')).toEqual(['rule+path+primaryLocationLineHash/1']);
    expect(schemes('goldens/gitleaks-git.sarif')).toEqual(['class+position/1']);
    expect(schemes('goldens/gitleaks-dir.sarif')).toEqual(['class+position/1']);
    expect(schemes('defectdojo/blackduck_nested_fingerprints.sarif')).toEqual(['rule+path+message/1']);
    expect(schemes('defectdojo/flawfinder.sarif')).toEqual([
      'rule+path+contextHash/v1/1',
      'rule+path+message/1', // result 52 has neither message nor fingerprint
    ]);
  });

  it('shows no absolute path, and makes one relative where the file tells from what', () => {
    for (const { file } of FILES)
      for (const { path } of normalised(`sarif/${file}`).findings)
        expect(path ?? '').not.toMatch(/^(?:\/|[A-Za-z]:|file:)/);
    const paths = (file: string): (string | null)[] =>
      normalised(`sarif/${file}`).findings.map(({ path }) => path);
    expect(paths('goldens/eslint.sarif')).toEqual(['src/a.js', 'src/a.js']);
    expect(paths('defectdojo/bash-report.sarif')[0]).toBe('docker/setEnv.sh');
    expect(paths('defectdojo/appendix_k4.sarif')).toEqual(['src/collections/list.h']);
    expect(paths('chainloop/report.sarif').every((path) => path === null)).toBe(true);
    expect(normalised('sarif/chainloop/report.sarif').dropped).toContainEqual({
      what: 'paths',
      count: 9,
      why: 'absolute-or-outside-the-repository',
    });
  });

  it('takes the CVSS score before the level', () => {
    const [finding] = normalised('sarif/trivy/alpine-310.sarif').findings;
    expect(finding).toMatchObject({ level: 'warning', severity: 'medium', severityFrom: 'cvss' });
  });

  it('fills a message from its rule', () => {
    expect(normalised('sarif/defectdojo/appendix_k4.sarif').findings[0]?.message).toMatch(
      /^Variable "ptr" was used without being initialized\./,
    );
  });
});
