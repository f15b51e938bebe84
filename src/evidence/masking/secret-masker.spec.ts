import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { maskingKey } from './mask.js';
import { SecretMasker } from './secret-masker.js';

const KEY = maskingKey(Buffer.alloc(32, 7), 'org');

function maskInChunks(
  text: string | Buffer,
  sizes: readonly number[] = [Number.MAX_SAFE_INTEGER],
  key = KEY,
): [string, number] {
  const bytes = Buffer.from(text);
  const masker = new SecretMasker(key);
  const out: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    out.push(masker.push(bytes.subarray(at, at + size)));
    at += size;
  }
  out.push(masker.end());
  return [Buffer.concat(out).toString('utf8'), masker.masked];
}
const mask = (text: string): string => maskInChunks(text)[0];

/** Characters that look random and are the same in every run; never a secret of anybody. */
function noise(
  length: number,
  seed: string,
  alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
): string {
  let text = '';
  for (let block = 0; text.length < length; block += 1)
    for (const byte of createHash('sha256').update(`${seed} ${block}`).digest())
      text += alphabet.charAt(byte % alphabet.length);
  return text.slice(0, length);
}
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';
const pem = (kind: string, lineEnd: string): string =>
  [
    `-----BEGIN ${kind}PRIVATE` + ' KEY-----',
    noise(64, kind),
    noise(64, `${kind}2`),
    noise(20, `${kind}3`) + '==',
    `-----END ${kind}PRIVATE` + ' KEY-----',
  ].join(lineEnd);

/** Put together here, so that no scanner takes this file for a leak. */
const FAKES: readonly (readonly [secretClass: string, secret: string])[] = [
  ['github-token', 'gh' + 'p_' + noise(36, 'a')],
  ['github-token', 'github' + '_pat_' + noise(22, 'b') + '_' + noise(59, 'c')],
  ['gitlab-token', 'gl' + 'pat-' + noise(20, 'd')],
  ['aws-access-key-id', 'AK' + 'IA' + noise(16, 'e', UPPER)],
  ['slack-token', 'xo' + 'xb-' + noise(12, 'f', '0123456789') + '-' + noise(24, 'g')],
  ['stripe-key', 'sk' + '_live_' + noise(24, 'h')],
  ['google-api-key', 'AI' + 'za' + noise(35, 'i')],
  ['npm-token', 'np' + 'm_' + noise(36, 'j')],
  ['pypi-token', 'py' + 'pi-' + noise(80, 'k')],
  ['jwt', 'ey' + 'J' + noise(33, 'l') + '.ey' + 'J' + noise(70, 'm') + '.' + noise(43, 'n')],
  ['azure-client-secret', noise(3, 'o') + '8' + 'Q~' + noise(34, 'p')],
  ['model-api-key', 's' + 'k-' + noise(48, 'q')],
  ['hugging-face-token', 'h' + 'f_' + noise(34, 'r')],
  ['private-key', pem('RSA ', '\n')],
  ['private-key', pem('', '\n')],
];
/** What remains readable of a fake by design: the four characters before an Azure marker. */
const core = (secret: string): string => secret.slice(4);

describe('secrets that can be told by their looks', () => {
  it.each(FAKES)('masks a %s in text, in JSON and in JSON inside JSON', (secretClass, secret) => {
    const asValue = JSON.stringify({ message: `found\n${secret}\nin line 3`, other: 1 });
    const nested = JSON.stringify({ report: asValue });
    for (const text of [
      `found ${secret} here`,
      asValue,
      nested,
      `"${secret}"`,
      `key=${secret};`,
      `\t${secret}`,
      secret,
    ]) {
      const [masked, count] = maskInChunks(text);
      expect(masked).not.toContain(core(secret));
      expect(masked).not.toContain(core(JSON.stringify(secret).slice(1, -1)));
      expect(masked).toMatch(new RegExp(`\\[masked:${secretClass}:[0-9a-f]{16}\\]`));
      expect(count).toBe(1);
    }
    expect(JSON.parse(mask(asValue))).toMatchObject({ other: 1 });
    expect(JSON.parse(JSON.parse(mask(nested)).report)).toMatchObject({ other: 1 });
  });

  it('gives equal secrets equal masks, others others, and organisations their own', () => {
    const [one, other] = [FAKES[0]![1], 'gh' + 'p_' + noise(36, 'other')];
    const masks = mask(`${one} ${one} ${other}`).split(' ');
    expect(masks[0]).toBe(masks[1]);
    expect(masks[0]).not.toBe(masks[2]);
    expect(maskInChunks(one, [9], maskingKey(Buffer.alloc(32, 7), 'another'))[0]).not.toBe(masks[0]);
    const keyed = createHmac('sha256', KEY).update(one).digest('hex').slice(0, 16);
    expect(masks[0]).toBe(`[masked:github-token:${keyed}]`);
  });

  it('knows a private key again in a file, in JSON and in JSON inside JSON', () => {
    const key = pem('EC ', '\n');
    const masks = [key, JSON.stringify(key), JSON.stringify(JSON.stringify(key)), pem('EC ', '\r\n')].map(
      (text) => /\[masked:[^\]]*\]/.exec(mask(text))?.[0],
    );
    expect(new Set(masks).size).toBe(1);
    expect(mask(`${key}\nnext line`)).toMatch(/^\[masked:private-key:[0-9a-f]{16}\]\nnext line$/);
  });

  it('masks an AWS secret near its key id, on either side, and no commit', () => {
    const [id, secret, commit] = [FAKES[3]![1], noise(40, 'aws'), noise(40, 'commit', HEX)];
    expect(mask(`${id}\n${secret}\n${commit}`)).toMatch(
      new RegExp(`^\\[masked:aws-access-key-id:.{16}\\]\n\\[masked:aws-secret-key:.{16}\\]\n${commit}$`),
    );
    expect(mask(`${secret}\n${id}`)).not.toContain(secret);
    expect(mask(secret)).toBe(secret);
  });

  it.each([
    ['password = "%s"', 'Xk9' + '#mQ2vLp8!zR'],
    ['"api_key": "%s"', noise(32, 'api')],
    ['DB_PASSWORD=%s', noise(16, 'db')],
    ['{"m":"client_secret: \\"%s\\""}', noise(24, 'cs')],
    ["token => '%s'", noise(20, 'tk', HEX)],
    ['https://user:%s@example.com/x', noise(12, 'url')],
    ['DefaultEndpointsProtocol=https;Account' + 'Key=%s;', noise(86, 'az') + '=='],
    ['Authorization: Bearer %s', noise(40, 'bearer')],
  ])('masks the value in %s', (template, secret) => {
    const masked = mask(template.replace('%s', secret));
    expect(masked).not.toContain(secret);
    expect(masked.replace(/\[masked:[a-z-]+:[0-9a-f]{16}\]/, '%s')).toBe(template);
  });

  it.each([
    '{"purl":"pkg:npm/js-tokens@4.0.0","name":"js-tokens","version":"4.0.0"}',
    '{"ruleId":"generic-api-key","message":"secret: hard-coded password in call"}',
    '"tokenType": "identifier"',
    'ex.test/m/token.go:5.24,7.12 2 1',
    '"integrity":"sha512-' + noise(86, 'sri') + '=="',
    '"primaryLocationLineHash":"' + noise(16, 'plh', HEX) + ':1"',
    'Detects -----BEGIN RSA PRIVATE' + ' KEY----- in sources',
    '"password": "${DB_PASSWORD}"',
  ])('leaves %s alone', (text) => {
    expect(maskInChunks(text)).toEqual([text, 0]);
  });
});

describe('fields that carry what a scanner found', () => {
  const value = 'correct-horse-battery';
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a spec asserts what it reads
  const fields = (report: unknown): any => JSON.parse(mask(JSON.stringify(report)));

  it.each(['Secret', 'Match', 'Raw', 'RawV2', 'Redacted', 'offender', 'sourceContent', 'hashed_secret'])(
    'masks %s whatever it holds',
    (name) => {
      const masked = fields([{ [name]: value, File: 'src/a.py', StartLine: 3 }])[0];
      expect(masked).toMatchObject({ File: 'src/a.py', StartLine: 3 });
      expect(masked[name]).toMatch(/^\[masked:(?:secret|source|hash):[0-9a-f]{16}\]$/);
      expect(fields({ [name]: '' })).toEqual({ [name]: '' });
      expect(fields({ [name]: { a: value, b: [value, 1] } })[name]).toEqual({
        a: expect.stringMatching(/^\[masked/),
        b: [expect.stringMatching(/^\[masked/), 1],
      });
    },
  );

  it('recognises the secret inside a match, so that both fields name the same one', () => {
    const secret = FAKES[0]![1];
    const { Secret, Match } = fields({ Secret: secret, Match: `token = "${secret}"` });
    expect(Secret).toMatch(/^\[masked:github-token:/);
    expect(Match).toBe(Secret);
  });

  const sarif = (name: string, order: 'tool-first' | 'results-first'): unknown => {
    const tool = { driver: { informationUri: 'x', rules: [{ id: 'r', name: 'eslint' }], name } };
    const snippet = { text: value, rendered: { text: value } };
    const results = [{ locations: [{ physicalLocation: { region: { startLine: 1, snippet } } }] }];
    return order === 'tool-first' ? { tool, results } : { results, tool };
  };
  const snippetOf = (run: ReturnType<typeof fields>): string =>
    run.results[0].locations[0].physicalLocation.region.snippet.text;

  it('masks snippets of secret tools, and of runs that do not say first whose they are', () => {
    const runs = fields({
      version: '2.1.0',
      runs: [
        sarif('ESLint', 'tool-first'),
        sarif('gitleaks', 'tool-first'),
        sarif('ESLint', 'results-first'),
        sarif('ESLint', 'tool-first'),
        sarif('gitleaks', 'results-first'),
      ],
    }).runs;
    expect(runs.map((run: ReturnType<typeof fields>) => snippetOf(run) === value)).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(JSON.stringify(runs[1])).not.toContain(value);
  });

  it('masks the code that Trivy prints around a secret', () => {
    const masked = fields({
      Results: [
        { Secrets: [{ RuleID: 'x', Code: { Lines: [{ Number: 1, Content: value, Highlighted: value }] } }] },
      ],
    });
    expect(JSON.stringify(masked)).not.toContain(value);
    expect(masked.Results[0].Secrets[0]).toMatchObject({ RuleID: 'x' });
  });

  it('survives JSON that ends or breaks anywhere', () => {
    const text = JSON.stringify([{ Secret: value, Other: 'x' }]);
    for (let end = 1; end < text.length; end += 1) {
      const [masked] = maskInChunks(text.slice(0, end));
      if (end < text.indexOf(value)) expect(masked).toBe(text.slice(0, end));
      expect(masked).not.toContain(value);
    }
    expect(mask(`]]}} WARN {"Secret":"${value}"}`)).not.toContain(value);
    expect(mask('['.repeat(5000) + '"x"')).toBe('['.repeat(5000) + '"x"');
  });
});

describe('any chunking', () => {
  const harmless = fc.oneof(
    fc.constantFrom(
      noise(40, 'aws'),
      'token: ',
      'password=',
      '"Secret": "',
      '{"runs":[{',
      '\\n',
      '\\u0026',
      '"',
      '\\',
      ' ',
      '\n',
      '}',
      'é😀',
      '[masked:secret-token:',
    ),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom('a', 'b', 'X', 'Y', '0', '1', '9', '+', '/', '=', '_', '.', '-'),
      maxLength: 60,
    }),
    fc.json(),
  );
  const filler = fc.array(harmless, { maxLength: 20 }).map((parts) => parts.join(''));
  const planted = fc.constantFrom(...FAKES.map(([, secret]) => secret));
  const text = fc.array(fc.oneof(planted, harmless), { maxLength: 30 }).map((parts) => parts.join(''));

  it('gives the same output', () => {
    fc.assert(
      fc.property(
        text,
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
        (whole, sizes) => {
          expect(maskInChunks(whole, sizes)).toEqual(maskInChunks(whole));
        },
      ),
      { numRuns: 250 },
    );
  });

  it('gives the same output across batches', () => {
    const long = fc.tuple(
      fc.array(text, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 60_000, max: 70_000 }),
    );
    fc.assert(
      fc.property(long, fc.integer({ min: 1, max: 9000 }), ([parts, filler], size) => {
        const whole = parts.join('. '.repeat(filler / 2));
        expect(maskInChunks(whole, [size])).toEqual(maskInChunks(whole));
      }),
      { numRuns: 10 },
    );
  });

  it('never lets a planted secret through', () => {
    fc.assert(
      fc.property(
        filler,
        fc.constantFrom(...FAKES),
        filler,
        fc.integer({ min: 1, max: 70 }),
        (before, [, secret], after, size) => {
          const [masked] = maskInChunks(`${before} ${secret} ${after}`, [size]);
          expect(masked).not.toContain(core(secret));
        },
      ),
      { numRuns: 250 },
    );
  });

  it('masks a JSON report once: masking it again changes nothing, and it stays JSON', () => {
    const words = fc.array(fc.oneof(planted, harmless), { maxLength: 20 }).map((parts) => parts.join(' '));
    const report = fc.array(
      fc.dictionary(
        fc.constantFrom('Secret', 'message', 'token', 'snippet'),
        fc.oneof(words, fc.jsonValue()),
      ),
    );
    fc.assert(
      fc.property(report, (value) => {
        const once = mask(JSON.stringify(value));
        expect(() => JSON.parse(once)).not.toThrow();
        expect(mask(once)).toBe(once);
      }),
      { numRuns: 250 },
    );
  });

  it('keeps bytes that are no text as they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const masker = new SecretMasker(KEY);
        const out = Buffer.concat([masker.push(bytes), masker.end()]);
        if (masker.masked === 0) expect(out).toEqual(Buffer.from(bytes));
      }),
    );
  });
});

it('masks an AWS secret within reach of its key id, on either side of any batch, and not beyond', () => {
  const [id, secret] = [FAKES[3]![1], noise(40, 'reach')];
  const gap = (length: number): string => '. '.repeat(length / 2);
  for (const before of [64_000, 65_400, 65_490, 65_530, 67_000, 67_500])
    for (const [distance, isNear] of [
      [20, true],
      [460, true],
      [600, false],
      [3000, false],
    ] as const)
      for (const pair of [id + gap(distance) + secret, secret + gap(distance) + id]) {
        const text = gap(before) + pair + gap(3000);
        expect([before, distance, maskInChunks(text, [8192])[0].includes(secret)]).toEqual([
          before,
          distance,
          !isNear,
        ]);
      }
});

it('takes time in proportion to what it reads, whatever that is', () => {
  const nasty = [
    'token:',
    'ey' + 'J',
    'eyJaaaaaaaa.',
    '-----BEGIN ',
    '"\\',
    'a',
    '{"Secret":"',
    'AKIA',
    '://a:',
    'password=a1',
    '\\u00',
    '[masked:',
  ];
  const secondsFor = (unit: string, size: number): number => {
    const bytes = Buffer.alloc(size, unit);
    const masker = new SecretMasker(KEY);
    const start = performance.now();
    for (let at = 0; at < size; at += 65_536) masker.push(bytes.subarray(at, at + 65_536));
    masker.end();
    return (performance.now() - start) / 1000;
  };
  for (const unit of nasty) {
    const seconds = secondsFor(unit, 1_000_000);
    expect({ unit, isFast: seconds < 5 }).toEqual({ unit, isFast: true });
  }
});
