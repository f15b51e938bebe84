import { createHmac } from 'node:crypto';
import { maskingKey } from './mask.js';
import { SecretMasker } from './secret-masker.js';

const KEY = maskingKey(Buffer.alloc(32, 7), 'org');
const hashed = (value: string): string =>
  createHmac('sha256', KEY).update(value, 'utf8').digest('hex').slice(0, 16);

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a spec asserts what it reads
function masked(report: unknown): any {
  const masker = new SecretMasker(KEY);
  const bytes = Buffer.from(JSON.stringify(report));
  const once = Buffer.concat([masker.push(bytes), masker.end()]);
  const again = new SecretMasker(KEY);
  expect(Buffer.concat([again.push(once), again.end()]).equals(once)).toBe(true);
  return JSON.parse(once.toString());
}
const TOKEN = 'gh' + 'p_' + '1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZa';
const VALUE = 'correct-horse-battery';

describe('the value of a finding', () => {
  it('is masked as a whole, so that it cannot change unseen behind a part that a pattern knows', () => {
    const [one, other] = masked([{ Raw: `${TOKEN}:first` }, { Raw: `${TOKEN}:second` }]);
    expect(one.Raw).toBe(`[masked:secret:${hashed(`${TOKEN}:first`)}]`);
    expect(other.Raw).not.toBe(one.Raw);
    expect(masked({ Raw: TOKEN }).Raw).toBe(`[masked:github-token:${hashed(TOKEN)}]`);
  });

  it('is the same one in base64, as older TruffleHog wrote it', () => {
    expect(masked({ Raw: Buffer.from(TOKEN).toString('base64') }).Raw).toBe(masked({ Raw: TOKEN }).Raw);
    expect(masked({ Raw: Buffer.from(VALUE).toString('base64') }).Raw).toMatch(/^\[masked:secret:/);
  });

  it('tells nothing where the tool had cut or blanked it', () => {
    expect(masked({ Secret: `${TOKEN.slice(0, 10)}...` }).Secret).toMatch(/^\[masked:partial:/);
    expect(masked({ Match: 'key = "REDACTED"' }).Match).toMatch(/^\[masked:partial:/);
    for (const placeholder of ['REDACTED', '********', '<redacted>', ''])
      expect(masked({ Secret: placeholder }).Secret).toBe(placeholder);
  });

  it.each(['ExtraData', 'StructuredData', 'AnalysisInfo', 'VerificationError', 'SecretParts'])(
    'is masked in %s too, whatever that holds',
    (field) => {
      const text = JSON.stringify(masked({ [field]: { github: [{ key: VALUE }], note: VALUE } }));
      expect(text).not.toContain(VALUE);
    },
  );
});

describe('a source file in a report', () => {
  const lines = (...source: string[]): string[] =>
    masked([{ filePath: 'a', sourceContent: source.join('\n'), messages: [] }])[0].sourceContent.split('\n');

  it('is masked line by line, so that a line is known again where it moved', () => {
    const before = lines('a = 1', '', `token = ${VALUE}`);
    const after = lines('# new', 'a = 1', '', `token = ${VALUE}`);
    expect(before[2]).toBe(`[masked:source:${hashed(`token = ${VALUE}`)}]`);
    expect([after[1], after[2], after[3]]).toEqual(before);
    expect(lines('a = 1', '', `token = ${VALUE}x`)[2]).not.toBe(before[2]);
  });

  it('is cut at its limit and stays masked', () => {
    const text = JSON.stringify(masked([{ sourceContent: `${VALUE}\n`.repeat(100_000), messages: [] }]));
    expect(text).not.toContain('horse');
  });
});

it('masks the code that semgrep prints, without regard to its indentation', () => {
  const of = (lines: string): string =>
    masked({
      results: [
        { check_id: 'r', extra: { lines, message: 'm', metavars: { $X: { abstract_content: lines } } } },
      ],
    }).results[0].extra;
  const [one, moved] = [of(`password = "${VALUE}"`), of(`    password  = "${VALUE}"`)];
  expect(JSON.stringify(one)).not.toContain(VALUE);
  expect(moved).toEqual(one);
  expect(one).toMatchObject({ message: 'm', lines: expect.stringMatching(/^\[masked:code:/) });
  expect(of('requires login')).toMatchObject({ lines: 'requires login' });
  expect(masked({ total: { lines: 'kept' }, results: [{ lines: 'kept' }] })).toEqual({
    total: { lines: 'kept' },
    results: [{ lines: 'kept' }],
  });
});

it('masks what ZAP saw on the wire', () => {
  const instance = {
    uri: 'https://x.test/a',
    method: 'GET',
    param: 'id',
    evidence: VALUE,
    attack: VALUE,
    otherinfo: VALUE,
  };
  const alert = {
    pluginid: '1',
    name: 'n',
    instances: [{ ...instance, 'request-header': `Cookie: s=${VALUE}` }],
  };
  const report = masked({ '@version': '2', site: [{ '@name': 'x', alerts: [alert] }] });
  expect(JSON.stringify(report)).not.toContain(VALUE);
  expect(report.site[0].alerts[0].instances[0]).toMatchObject({
    uri: 'https://x.test/a',
    method: 'GET',
    param: 'id',
  });
  expect(masked({ evidence: VALUE })).toEqual({ evidence: VALUE }); // in a BOM it is something else
});
