import fc from 'fast-check';
import { existsSync } from 'node:fs';
import type { JsonValue } from '../../../src/kernel/canonical-json.js';
import {
  decodeDocument,
  encodeDocument,
  evidenceDocumentSchema,
} from '../../../src/formats/model/document.js';
import { normaliseEvidence } from '../../../src/formats/normalise.js';
import { FINDINGS_READERS } from '../../../src/formats/findings/readers.js';
import { SECRETS_READERS } from '../../../src/formats/secrets/readers.js';
import { VULNERABILITY_READERS } from '../../../src/formats/vulnerability/readers.js';
import { CODE_ROWS, SECRET_ROWS } from './finding-rows.js';
import { describeSamples, sampleBytes, SAMPLES } from './samples.js';
import { VULNERABILITY_ROWS } from './vulnerability-rows.js';

const READERS = [...VULNERABILITY_READERS, ...SECRETS_READERS, ...FINDINGS_READERS];
const RUNS = Number(process.env['ASSAY_FUZZ_RUNS'] ?? 60);
/** Slow machines share two cores; what takes longer than this grows faster than its input. */
const HANG_MS = 5000;

/** The document holds together, survives being stored, and was made in time. */
function check(bytes: Uint8Array, declaredFormat?: string): ReturnType<typeof normaliseEvidence> {
  const start = performance.now();
  const document = normaliseEvidence(bytes, declaredFormat === undefined ? {} : { declaredFormat });
  expect(performance.now() - start).toBeLessThan(HANG_MS);
  expect(evidenceDocumentSchema.safeParse(document).error).toBeUndefined();
  const encoded = encodeDocument(document);
  expect(Buffer.from(encodeDocument(decodeDocument(encoded))).equals(Buffer.from(encoded))).toBe(true);
  if (document.state !== 'COMPLETE') expect(document.reasons).not.toEqual([]);
  return document;
}

/** Words of all these formats, so that random JSON comes near them. */
const KEYS = [
  ...[
    'id',
    'modified',
    'affected',
    'package',
    'ecosystem',
    'name',
    'version',
    'ranges',
    'events',
    'severity',
    'score',
  ],
  ...[
    'results',
    'packages',
    'vulnerabilities',
    'groups',
    'ids',
    'aliases',
    'SchemaVersion',
    'ArtifactName',
    'Results',
  ],
  ...[
    'Vulnerabilities',
    'Secrets',
    'Licenses',
    'Misconfigurations',
    'Target',
    'Class',
    'CVSS',
    'matches',
    'descriptor',
  ],
  ...[
    'vulnerability',
    'artifact',
    'auditReportVersion',
    'via',
    'advisories',
    'findings',
    'dependencies',
    'vulns',
  ],
  ...[
    'skip_reason',
    'config',
    'protocol_version',
    'finding',
    'trace',
    'osv',
    'data',
    'errors',
    'ok',
    'error',
    'path',
  ],
  ...[
    'RuleID',
    'Secret',
    'File',
    'offender',
    'rule',
    'SourceMetadata',
    'Data',
    'Raw',
    'plugins_used',
    'filePath',
  ],
  ...[
    'messages',
    'loc',
    'start',
    'line',
    'extra',
    'check_id',
    'paths',
    'skipped',
    'site',
    '@version',
    'alerts',
  ],
  ...['instances', 'issues', 'primaryLocation', 'rules', 'impacts', '__proto__', 'constructor', 'toString'],
];
const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>(
      null,
      true,
      0,
      -1,
      2.5,
      2,
      '',
      '2',
      'CVE-1',
      'CVSS:3.1/AV:N',
      '../x',
      'npm',
      '[masked:x:0123456789abcdef]',
    ),
    fc.string({ unit: 'grapheme', maxLength: 10 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 6 }),
  ),
})).value;

it(`${String(READERS.length)} readers take any JSON and any text`, () => {
  fc.assert(
    fc.property(json, fc.constantFrom(...READERS.map(({ format }) => format)), (value, format) => {
      const bytes = Buffer.from(JSON.stringify(value));
      check(bytes);
      check(bytes, format);
    }),
    { numRuns: RUNS * 10 },
  );
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(...READERS.map(({ format }) => format)),
      (text, format) => {
        expect(check(Buffer.from(text), format).state).not.toBe('COMPLETE');
      },
    ),
    { numRuns: RUNS * 3 },
  );
});

it('each reader takes whatever it is handed, also what detection would never hand it', () => {
  for (const reader of READERS) {
    const context = { trustedKeys: [] };
    if (reader.syntax === 'json')
      fc.assert(
        fc.property(json, (value) => {
          expect(evidenceDocumentSchema.safeParse(reader.read(value, context)).error).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
    else
      fc.assert(
        fc.property(fc.string({ maxLength: 300 }), (text) => {
          expect(evidenceDocumentSchema.safeParse(reader.read(text, context)).error).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
  }
});

describeSamples('mutations of real reports', () => {
  const files = [...VULNERABILITY_ROWS, ...SECRET_ROWS, ...CODE_ROWS].map(({ file }) => file);
  const texts = existsSync(SAMPLES)
    ? files
        .map((file) => sampleBytes(file).toString('utf8'))
        .filter((text) => text !== '' && text.length < 40_000)
    : [];

  it('cut anywhere are never complete', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        (text, share) => {
          const cut = text.trimEnd().slice(0, Math.floor(text.trimEnd().length * share));
          const document = check(Buffer.from(cut));
          // A list of lines may end after any of them, which nobody can tell.
          if (document.format !== 'trufflehog') expect(document.state).not.toBe('COMPLETE');
        },
      ),
      { numRuns: RUNS * 2 },
    );
  });

  it('with values of another type are read or refused', () => {
    const broken = fc.constantFrom<JsonValue>(
      null,
      0,
      '',
      [],
      {},
      [null],
      ['x'],
      { x: 1 },
      true,
      1e300,
      '\u0000',
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), broken, fc.nat(), (text, value, at) => {
        check(Buffer.from(withValueReplaced(text, value, at)));
      }),
      { numRuns: RUNS * 4 },
    );
  });
});

/** Replaces one value somewhere in a JSON text; what is not one JSON value is left as it is. */
function withValueReplaced(text: string, value: JsonValue, at: number): string {
  let count = 0;
  try {
    JSON.parse(text, () => void (count += 1));
    let index = 0;
    return JSON.stringify(JSON.parse(text, (_key, old: JsonValue) => (index++ === at % count ? value : old)));
  } catch {
    return text;
  }
}
