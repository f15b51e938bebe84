import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Code } from '../../src/verifier/finding.js';
import { changed, edited, judge, MANIFEST, resigned, sample, text, type Files, type Sample } from './kit.js';

/** Changing these alone is found by the manifest only: see docs/AUDITING.md, what the verifier does not know. */
const MANIFEST_ONLY = ['summary.html', 'VERIFY.md', 'oscal-ar.json'];

interface Change {
  readonly name: string;
  readonly files: Files;
}

let given: Sample;
/** The same log nine decisions later, and the log of somebody else. */
let later: Sample;
let other: Sample;

beforeAll(async () => {
  given = await sample(4);
  later = await sample(13);
  other = await sample(4, 'other');
});

const namesOf = (files: Files): string[] => [...files.keys()];
const bytesOf = (files: Files, name: string): Uint8Array => files.get(name) ?? new Uint8Array();

function* perFile(): Generator<Change> {
  const { files } = given;
  for (const name of namesOf(files)) {
    const bytes = bytesOf(files, name);
    const as = (what: string, content: Uint8Array | undefined): Change => ({
      name: `${what} ${name}`,
      files: changed(files, name, content),
    });
    yield as('delete', undefined);
    yield as('empty', new Uint8Array());
    yield as('truncate by one byte', bytes.subarray(0, -1));
    yield as('truncate by half', bytes.subarray(0, bytes.length >> 1));
    yield as('cut the first byte off', bytes.subarray(1));
    for (const tail of ['\n', ' ', '\0', 'x'])
      yield as(`append ${JSON.stringify(tail)} to`, Buffer.concat([bytes, Buffer.from(tail)]));
    yield as('prepend a byte order mark to', Buffer.concat([Buffer.from('\ufeff'), bytes]));
    yield as('double', Buffer.concat([bytes, bytes]));
    yield { name: `rename ${name}`, files: changed(changed(files, name, undefined), `${name}.old`, bytes) };
    yield { name: `copy ${name}`, files: changed(files, `${name}.copy`, bytes) };
  }
}

function* betweenFiles(): Generator<Change> {
  const { files } = given;
  const names = namesOf(files);
  for (const [i, a] of names.entries()) {
    for (const b of names.slice(i + 1)) {
      const [left, right] = [bytesOf(files, a), bytesOf(files, b)];
      if (Buffer.compare(left, right) === 0) continue;
      yield { name: `swap ${a} and ${b}`, files: changed(changed(files, a, right), b, left) };
    }
  }
}

function* extraFiles(): Generator<Change> {
  const { files } = given;
  const names = [
    'README',
    'entries/3',
    'entries/03.json',
    'entries/99.json',
    'bundles/99.sigstore.json',
    'tile/0/001',
  ];
  const more = [
    'tile/1/000.p/1',
    'tile/0/000.p/3',
    'tile/entries/000.p/1',
    '../checkpoint',
    'checkpoint ',
    'a\nb',
    'é',
  ];
  for (const name of [...names, ...more]) yield { name: `add ${name}`, files: changed(files, name, 'x') };
  const entry = bytesOf(files, 'entries/1.json');
  yield { name: 'a decision twice', files: changed(files, 'entries/0.json', entry) };
  for (const folder of ['entries/1.json', 'bundles/1.sigstore.json', 'proofs/1.tlog-proof']) {
    yield { name: `without ${folder}`, files: changed(files, folder, undefined) };
  }
}

/** Each file, and each group that belongs together, from another pack. */
function* mixed(): Generator<Change> {
  for (const [kind, from] of [
    ['a later pack', later],
    ['another log', other],
  ] as const) {
    for (const name of namesOf(given.files)) {
      const bytes = from.files.get(name);
      if (!bytes || Buffer.compare(bytes, bytesOf(given.files, name)) === 0) continue;
      yield { name: `${name} of ${kind}`, files: changed(given.files, name, bytes) };
    }
    for (const group of ['tile/', 'entries/', 'bundles/', 'proofs/', 'decisions.', 'checkpoint']) {
      const kept = [...given.files].filter(([name]) => !name.startsWith(group));
      const taken = [...from.files].filter(([name]) => name.startsWith(group));
      yield { name: `${group}* of ${kind}`, files: new Map([...kept, ...taken]) };
    }
  }
}

async function refuseAll(
  changes: Iterable<Change>,
  finish: (change: Change) => Files | undefined,
): Promise<Map<Code, number>> {
  const codes = new Map<Code, number>();
  const accepted: string[] = [];
  let tried = 0;
  for (const change of changes) {
    const files = finish(change);
    if (!files) continue;
    tried += 1;
    const verdict = await judge(files, given.pins);
    if (verdict.accepted) accepted.push(change.name);
    for (const { code } of verdict.findings) codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  console.log(
    `${String(tried - accepted.length)} of ${String(tried)} refused; ${[...codes.keys()].sort().join(' ')}`,
  );
  expect(accepted).toEqual([]);
  expect(tried).toBeGreaterThan(10);
  return codes;
}

/** As an insider: the manifest lists the files as they are now. Undefined where nothing but the manifest could tell. */
function asInsider({ name, files }: Change): Files | undefined {
  const touched = [...new Set([...namesOf(given.files), ...namesOf(files)])].filter(
    (file) => given.files.get(file) !== files.get(file),
  );
  if (touched.includes(MANIFEST) || name.includes('\n')) return undefined;
  const isFreeText = touched.every((file) => MANIFEST_ONLY.includes(file) && files.has(file));
  return isFreeText ? undefined : resigned(files, given);
}

describe('a pack of which files were changed as wholes', () => {
  const corpus = {
    'file by file': perFile,
    'two swapped': betweenFiles,
    'extra files': extraFiles,
    'mixed packs': mixed,
  };
  it.each(Object.entries(corpus))(
    'is refused: %s',
    async (_, changes) => {
      await refuseAll(changes(), ({ files }) => files);
    },
    600_000,
  );

  it.each(Object.entries(corpus))(
    'is refused when the manifest is signed anew: %s',
    async (_, changes) => {
      await refuseAll(changes(), asInsider);
    },
    600_000,
  );
});

describe('a table of which rows were changed, with the manifest signed anew', () => {
  function* rows(table: string): Generator<Change> {
    const { files } = given;
    const lines = text(files.get(table)).split('\n').slice(0, -1);
    const as = (what: string, next: readonly string[]): Change => ({
      name: `${what} ${table}`,
      files: changed(files, table, next.map((line) => `${line}\n`).join('')),
    });
    for (const [i, line] of lines.entries()) {
      yield as(`delete line ${String(i)} of`, lines.toSpliced(i, 1));
      yield as(`duplicate line ${String(i)} of`, lines.toSpliced(i, 0, line));
      yield as(`an empty line ${String(i)} in`, lines.toSpliced(i, 0, ''));
      yield as(`CR in line ${String(i)} of`, lines.with(i, `${line}\r`));
      if (i > 0) yield as(`swap lines ${String(i)} of`, lines.with(i, lines[i - 1] ?? '').with(i - 1, line));
      for (const [at, part] of line.split(',').entries()) {
        const parts = line.split(',');
        yield as(
          `quote ${String(at)} in line ${String(i)} of`,
          lines.with(i, parts.with(at, `"${part}"`).join(',')),
        );
        yield as(
          `change ${String(at)} in line ${String(i)} of`,
          lines.with(i, parts.with(at, `${part}0`).join(',')),
        );
      }
    }
  }
  it.each(['decisions.csv', 'decisions.jsonl'])(
    'is refused: %s',
    async (table) => {
      await refuseAll(rows(table), asInsider);
    },
    600_000,
  );

  it('names table, line and column', async () => {
    const files = edited(given.files, 'decisions.csv', (csv) => csv.replace(',FAIL,', ',PASS,'));
    const { findings } = await judge(resigned(files, given), given.pins);
    expect(findings).toEqual([
      {
        code: 'csv-row',
        path: 'decisions.csv',
        at: 'line 4',
        detail: 'result of decision 3 is not what its statement says',
      },
    ]);
  });
});
