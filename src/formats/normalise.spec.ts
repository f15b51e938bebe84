import fc from 'fast-check';
import { decodeDocument, encodeDocument, type EvidenceDocument } from './model/document.js';
import { normaliseEvidence } from './normalise.js';

const read = (content: unknown, declaredFormat?: string): EvidenceDocument =>
  normaliseEvidence(
    Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
    declaredFormat === undefined ? {} : { declaredFormat },
  );
const codes = ({ reasons }: EvidenceDocument): string[] => reasons.map(({ code }) => code);
const sarif = (run: object): object => ({
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'T' } }, ...run }],
});
const finding = (given: object): object => ({ ruleId: 'r', message: { text: 'm' }, ...given });

describe('choosing the format', () => {
  it('strips a byte order mark', () => {
    expect(read(`\ufeff${JSON.stringify(sarif({ results: [] }))}`).state).toBe('COMPLETE');
    expect(read('\ufeffmode: set\na.go:1.1,2.2 1 1\n').state).toBe('COMPLETE');
  });

  it('names both formats when the declaration is belied', () => {
    const document = read(sarif({ results: [] }), 'cyclonedx');
    expect(document).toMatchObject({ state: 'ERROR', format: 'cyclonedx', kinds: ['sbom'] });
    expect(document.reasons).toEqual([
      { code: 'format.declared-differs', params: { declared: 'cyclonedx', detected: 'sarif' } },
    ]);
  });

  it.each(['[]', '{}', 'null'])('does not guess what %s is, and lets a declaration say', (text) => {
    expect(read(text)).toMatchObject({
      state: 'UNKNOWN',
      kinds: [],
      reasons: [{ code: 'format.ambiguous' }],
    });
    expect(codes(read(text, 'sarif'))).toEqual(['sarif.not-a-log']);
    expect(codes(read(text, 'cyclonedx'))).toEqual(['cyclonedx.not-a-bom']);
    expect(codes(read(text, 'coverage.py'))).toEqual(['coverage.py.no-files']);
    expect(codes(read(text, 'go-coverprofile'))).toEqual(['format.wrong-syntax']);
    expect(codes(read(text, 'spdx-3'))).toEqual(['format.not-supported']);
  });

  it('says where JSON breaks, and refuses what two readers would read differently', () => {
    expect(read('{\n  "a": tru\n}').reasons[0]).toMatchObject({
      code: 'json.malformed',
      params: { line: 2, column: 8 },
    });
    expect(read('{"version":"2.1.0","version":"1","runs":[]}').reasons[0]).toMatchObject({
      params: { fault: 'DuplicateKey' },
    });
    expect(read('['.repeat(100_000)).reasons[0]).toMatchObject({ params: { fault: 'TooDeep' } });
  });

  it('guesses nothing when the signs of two formats fit, and lets a declaration say', () => {
    const both = { bomFormat: 'CycloneDX', specVersion: '1.6', version: '2.1.0', runs: [] };
    expect(read(both)).toMatchObject({
      state: 'UNKNOWN',
      reasons: [{ code: 'format.several', params: { formats: 'sarif, cyclonedx' } }],
    });
    expect(codes(read(both, 'sarif'))).toEqual(['sarif.no-runs']);
  });

  it('calls prose unknown', () => {
    expect(codes(read('all is well'))).toEqual(['format.unknown']);
    expect(codes(read('all is well', 'sarif'))).toEqual(['format.wrong-syntax']);
    expect(codes(read('<html></html>'))).toEqual(['format.unknown']);
  });
});

it('makes a storable document of any bytes', () => {
  const like = fc.constantFrom('sarif', 'cyclonedx', 'coverage.py', 'go-coverprofile', undefined);
  const json = fc.jsonValue();
  const shaped = fc.oneof(
    json.map((runs) => ({ version: '2.1.0', runs })),
    fc.array(json).map((results) => sarif({ results })),
    json.map((result) =>
      sarif({ results: [{ ruleId: 'r', message: result, locations: result, suppressions: result }] }),
    ),
    json.map((components) => ({ bomFormat: 'CycloneDX', specVersion: '1.6', components })),
    json.map((licenses) => ({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: [{ name: 'x', licenses }],
    })),
    json.map((files) => ({ meta: { version: '7' }, totals: { num_statements: 1 }, files })),
  );
  const content = fc.oneof(
    fc.string(),
    shaped.map((value) => JSON.stringify(value)),
    fc.string().map((rest) => `mode: set\n${rest}`),
  );
  fc.assert(
    fc.property(content, like, (text, declaredFormat) => {
      const document = read(text, declaredFormat);
      const bytes = encodeDocument(document);
      expect(decodeDocument(bytes)).toEqual(document);
      if (document.state === 'COMPLETE') expect(document.kinds).not.toEqual([]);
      else expect(document.reasons).not.toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

describe('SARIF', () => {
  it.each([
    [
      'sarif.too-many-rules',
      { tool: { driver: { name: 'T', rules: Array(25_001).fill({ id: 'r' }) } }, results: [] },
      0,
    ],
  ])('refuses a run over its limit, %s, and says how much there was', (code, run, count) => {
    const document = read(sarif(run));
    expect(document.state).toBe('ERROR');
    expect(codes(document)).toContain(code);
    expect(document.counts.findings).toBe(count);
  });

  it('refuses more than 20 runs', () => {
    expect(
      read({ version: '2.1.0', runs: Array(21).fill({ tool: { driver: { name: 'T' } }, results: [] }) }),
    ).toMatchObject({
      state: 'ERROR',
      reasons: [{ code: 'sarif.too-many-runs', params: { count: 21, limit: 20 } }],
    });
  });

  it('is as good as its worst run, and speaks to what its tools look for', () => {
    const document = read({
      version: '2.1.0',
      runs: [
        { tool: { driver: { name: 'gitleaks' } }, results: [finding({})] },
        { tool: { driver: { name: 'ESLint' } }, results: null },
      ],
    });
    expect(document).toMatchObject({ state: 'ERROR', kinds: ['sast', 'secrets'] });
    expect(document.reasons).toEqual([{ code: 'sarif.results-null', params: { run: 1, tool: 'ESLint' } }]);
    expect(document.findings).toHaveLength(1);
  });

  it('does not take results that stand elsewhere for none', () => {
    expect(
      codes(read(sarif({ results: [], externalPropertyFileReferences: { results: [{ location: {} }] } }))),
    ).toEqual(['sarif.external-results']);
    expect(
      read({ ...sarif({ results: [] }), inlineExternalProperties: [{ results: [finding({})] }] }),
    ).toMatchObject({ state: 'INCOMPLETE', reasons: [{ code: 'sarif.external-properties' }] });
    expect(codes(read(sarif({ results: [null, finding({})] })))).toEqual(['sarif.unreadable-results']);
  });

  it.each([
    [{ level: 'ERROR' }, { level: 'error', severity: 'high' }],
    [{ level: 'critical' }, { level: 'error', severity: 'high' }],
    [{ kind: 'review' }, { level: 'none', levelFrom: 'kind', severity: 'unknown' }],
    [
      { kind: 'pass', level: 'error' },
      { level: 'none', levelFrom: 'kind', severity: 'none' },
    ],
    [
      { properties: { 'security-severity': '9.8' }, level: 'note' },
      { severity: 'critical', severityFrom: 'cvss' },
    ],
    [
      { properties: { 'security-severity': '0.0' }, level: 'error' },
      { severity: 'high', severityFrom: 'level' },
    ],
    [
      { properties: { 'security-severity': 'NaN' }, level: 'error' },
      { severity: 'high', severityFrom: 'level' },
    ],
    [{ properties: { 'security-severity': '7.0' } }, { level: 'warning', severity: 'high' }],
  ])('resolves %j to %j', (given, expected) => {
    expect(read(sarif({ results: [finding(given)] })).findings[0]).toMatchObject(expected);
  });

  const identities = (results: object[]): string[] =>
    read(sarif({ results })).findings.map(
      ({ identity }) => `${identity.scheme} ${identity.value} ${String(identity.occurrence)}`,
    );
  const at = (uri: string, startLine: number, text?: string): object => ({
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri },
          region: { startLine, ...(text && { snippet: { text } }) },
        },
      },
    ],
  });

  it('knows a finding again after it has moved, and not after its code has changed', () => {
    const [before] = identities([finding(at('a.js', 3, 'eval(x)'))]);
    expect(identities([finding(at('a.js', 30, '  eval(x)\n'))])).toEqual([before]);
    expect(identities([finding(at('a.js', 3, 'eval(y)'))])).not.toEqual([before]);
    expect(identities([finding(at('b.js', 3, 'eval(x)'))])).not.toEqual([before]);
    expect(before).toMatch(/^rule\+path\+snippet\/1 [0-9a-f]{64} 0$/);
  });

  it('counts equal findings', () => {
    const twice = identities([finding(at('a.js', 3)), finding(at('a.js', 9))]);
    expect(twice[0]).toBe(twice[1]?.replace(/ 1$/, ' 0'));
  });

  it('compares the greatest version of a fingerprint', () => {
    const print = (fingerprints: object): object => finding({ fingerprints });
    const [both] = identities([print({ 'x/v1': 'a', 'x/v2': 'b' })]);
    expect(identities([print({ 'x/v2': 'b' })])).toEqual([both]);
    expect(both).toMatch(/^rule\+path\+x\/v2\/1 /);
  });

  it.each(['requires login', '', '0', 'unknown'])('does not trust the fingerprint %j', (value) => {
    expect(identities([finding({ fingerprints: { matchBasedId: value } })])[0]).toMatch(
      /^rule\+path\+message\/1/,
    );
  });

  it('does not trust a fingerprint that different findings share, and keeps them apart', () => {
    const shared = { partialFingerprints: { build: '42' } };
    const found = identities([finding({ ...shared, ruleId: 'a' }), finding({ ...shared, ruleId: 'b' })]);
    expect(new Set(found).size).toBe(2);
    expect(found[0]).toMatch(/^rule\+path\+message\/1/);
    expect(identities([finding(shared), finding(shared)])[0]).toMatch(/^rule\+path\+build\/1/); // one finding twice
  });

  it('gives different findings with different fingerprints different identities', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (pairs) => {
          const found = identities(pairs.map(([ruleId, text]) => finding({ ruleId, message: { text } })));
          expect(new Set(found).size).toBe(pairs.length);
        },
      ),
    );
  });
});

describe('Go coverprofiles', () => {
  it('reads file names with colons and spaces, other line ends and huge counts', () => {
    const document = read(
      'mode: count\r\nC:/my code/a.go:1.1,2.2 3 18446744073709551615\r\n\r\nb.go:1.1,2.2 1 0',
    );
    expect(document.coverage).toMatchObject({ covered: 3, total: 4 });
    expect(document.coverage?.files.map(({ path }) => path)).toEqual(['b.go', '…/a.go']);
  });

  it.each([
    ['mode: set\na.go:1.1,2.2 1\n', 'go-coverprofile.malformed-line', { line: 2, column: 6 }],
    ['mode: set\nnothing\n', 'go-coverprofile.malformed-line', { line: 2, column: 1 }],
    ['mode: set\nmode: count\n', 'go-coverprofile.mode-conflict', { line: 2 }],
    ['mode: other\n', 'go-coverprofile.no-mode', { line: 1 }],
  ])('refuses %j', (text, code, params) => {
    expect(read(text)).toMatchObject({ state: 'ERROR', kinds: ['coverage'], reasons: [{ code, params }] });
  });
});

describe('coverage.py', () => {
  const report = (files: object, totals: object = {}): object => ({
    meta: { version: '7.6.1', format: 3 },
    files,
    totals: { covered_lines: 1, num_statements: 2, percent_covered: 100, ...totals },
  });

  it('judges by the lines and says when the totals differ', () => {
    const document = read(
      report({ 'a.py': { executed_lines: [1], missing_lines: [2, 3], summary: { num_statements: 1 } } }),
    );
    expect(document.coverage).toMatchObject({ covered: 1, total: 3, declared: { covered: 1, total: 2 } });
    expect(document).toMatchObject({ state: 'COMPLETE', reasons: [{ code: 'coverage.declared-differs' }] });
  });

  it('keeps folders of build machines out', () => {
    const files = {
      '/home/ann/x/a.py': { executed_lines: [1], missing_lines: [] },
      'src\\b.py': { executed_lines: [1], missing_lines: [] },
    };
    expect(read(report(files)).coverage?.files.map(({ path }) => path)).toEqual(['src/b.py', '…/a.py']);
  });

  it('refuses a file without line numbers, and names it', () => {
    expect(read(report({ 'a.py': { executed_lines: ['1'], missing_lines: [] } })).reasons).toEqual([
      { code: 'coverage.py.malformed-file', params: { file: 'a.py' } },
    ]);
  });
});

describe('CycloneDX', () => {
  const bom = (given: object): object => ({ bomFormat: 'CycloneDX', specVersion: '1.6', ...given });

  it.each([
    [{}, 'NOT_MEASURED', 'cyclonedx.nothing-listed'],
    [{ components: [] }, 'NOT_MEASURED', 'cyclonedx.nothing-listed'],
    [{ components: {} }, 'ERROR', 'cyclonedx.components-not-a-list'],
    [{ specVersion: '1.2', components: [{ name: 'x' }] }, 'UNKNOWN', 'cyclonedx.version-not-supported'],
    [
      { components: [{ name: 'x' }], compositions: [{ aggregate: 'incomplete' }] },
      'INCOMPLETE',
      'cyclonedx.incomplete',
    ],
    [{ components: Array(100_001).fill({ name: 'x' }) }, 'ERROR', 'cyclonedx.too-many-components'],
  ])('%#: is not fooled', (given, state, code) => {
    const document = read(bom(given));
    expect(document.state).toBe(state);
    expect(codes(document)).toEqual([code]);
  });

  it('walks below components and below the application', () => {
    const { components } = read(
      bom({
        metadata: { component: { name: 'app', components: [{ name: 'part' }] } },
        components: [
          {
            group: '@scope',
            name: 'x',
            version: '1',
            purl: 'pkg:npm/%40scope/x@1',
            components: [{ name: 'y' }],
          },
        ],
      }),
    );
    expect(components.map(({ name }) => name)).toEqual(['part', '@scope/x', 'y']);
  });

  it('does not let an entry vanish that says nothing', () => {
    const licence = (licenses: unknown): unknown =>
      read(bom({ components: [{ name: 'x', licenses }] })).components[0]?.licence;
    expect(licence([{ license: { id: 'MIT' } }, {}])).toMatchObject({ state: 'UNKNOWN', raw: ['MIT', ''] });
    expect(licence([{ license: { id: 'MIT', acknowledgement: 'declared' } }])).toMatchObject({
      state: 'OK',
      from: 'declared',
    });
    expect(licence('MIT')).toMatchObject({ state: 'UNKNOWN' });
  });
});
