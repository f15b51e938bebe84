import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sha256 } from '../../src/kernel/digest.js';
import { WASM_MEMBER } from '../../src/rego/bundle.js';
import { PolicyInstance } from '../../src/rego/host/instance.js';
import { readTar } from '../../src/rego/opa/tar.js';
import { parseRego } from '../../src/rego/value/read-dump.js';
import {
  compareRego,
  isArray,
  RegoObject,
  RegoSet,
  type RegoValue,
} from '../../src/rego/value/rego-value.js';
import { writeTerm } from '../../src/rego/value/write-term.js';
import { opaProgram, valueOf } from './kit.js';

/**
 * Each file of differential/ holds one Rego expression per line; lines that start with `#` are comments. Our host
 * and `opa eval` evaluate all of them and must agree on every one: the value with its sets, or undefined. In
 * `hide(x)` the type checker does not see what x is, so that the builtin itself has to refuse it. Files named
 * `*.v0.rego.txt` are Rego v0, in which deprecated builtins can still be called.
 */
const FOLDER = join(import.meta.dirname, 'differential');
const CORPORA = readdirSync(FOLDER).filter((name) => name.endsWith('.rego.txt'));
const LIMITS = { inputBytes: 0, memoryPages: 2048, recycleAboveBytes: 2 ** 27 };

interface Line {
  /** The name of its rule. */
  readonly name: string;
  readonly expression: string;
}

const linesOf = (corpus: string): readonly Line[] =>
  readFileSync(join(FOLDER, corpus), 'utf8')
    .split('\n')
    .map((line, index) => ({ name: `line_${String(index + 1)}`, expression: line.trim() }))
    .filter(({ expression }) => expression !== '' && !expression.startsWith('#'));

const moduleOf = (lines: readonly Line[]): string =>
  [
    'package corpus',
    'hide(x) := x',
    ...lines.map(({ name, expression }) => `${name} := ${expression}`),
    '',
  ].join('\n');

/** Both sides, as far as JSON can say it, and where in it the sets are. */
const QUERY = '[data.corpus, {k: p | v := data.corpus[k]; p := [q | walk(v, [q, x]); is_set(x)]}]';

function theirs(opa: (args: readonly string[]) => string, flags: readonly string[]): RegoValue {
  const text = opa(['eval', ...flags, '--data', 'corpus.rego', '--format', 'json', QUERY]);
  const answer = parseRego(text);
  const path = ['result', 0, 'expressions', 0, 'value'];
  const value = path.reduce<RegoValue | undefined>(member, answer);
  if (value === undefined) throw new Error(text);
  return value;
}

const member = (value: RegoValue | undefined, key: string | number): RegoValue | undefined => {
  if (value instanceof RegoObject) return value.get(key);
  return value !== undefined && isArray(value) && typeof key === 'number' ? value[key] : undefined;
};

async function ours(
  opa: (args: readonly string[]) => string,
  folder: string,
  flags: readonly string[],
): Promise<RegoObject> {
  opa(['build', ...flags, '--target', 'wasm', '--entrypoint', 'corpus', 'corpus.rego']);
  const wasm = readTar(gunzipSync(readFileSync(join(folder, 'bundle.tar.gz')))).get(WASM_MEMBER);
  if (!wasm) throw new Error('no module');
  const module = await WebAssembly.compile(new Uint8Array(wasm));
  const instance = valueOf(
    await PolicyInstance.load({ bundle: sha256(wasm), module, data: undefined }, LIMITS),
  );
  const [answer] = instance.evaluate({
    instant: 1_795_203_000_123,
    seed: 'differential',
    input: { kind: 'term', text: undefined },
    questions: [{ entrypoint: 'corpus' }],
  });
  const value = answer && valueOf(answer);
  if (!(value instanceof RegoObject)) throw new Error('a package is an object');
  return value;
}

/** What JSON makes of a value: sets become arrays, and keys text. */
function flat(value: RegoValue): RegoValue {
  if (value instanceof RegoSet) return value.members.map(flat);
  if (value instanceof RegoObject)
    return new RegoObject(
      value.entries.map(([key, item]) => [typeof key === 'string' ? key : writeTerm(flat(key)), flat(item)]),
    );
  return isArray(value) ? value.map(flat) : value;
}

/** The paths to the sets in a value, in the order in which OPA walks it. */
function setsIn(value: RegoValue, path: readonly RegoValue[] = []): readonly (readonly RegoValue[])[] {
  if (value instanceof RegoSet)
    return [path, ...value.members.flatMap((each) => setsIn(each, [...path, each]))];
  if (value instanceof RegoObject)
    return value.entries.flatMap(([key, item]) => setsIn(item, [...path, key]));
  return isArray(value) ? value.flatMap((item, index) => setsIn(item, [...path, index])) : [];
}

const shown = (value: RegoValue | undefined): string =>
  value === undefined ? 'undefined' : writeTerm(value);

describe('host builtins', () => {
  it.each(CORPORA)(
    'answer as OPA does: %s',
    async (corpus) => {
      const lines = linesOf(corpus);
      expect(lines.length).toBeGreaterThan(0);
      const folder = mkdtempSync(join(tmpdir(), 'assay-differential-'));
      try {
        writeFileSync(join(folder, 'corpus.rego'), moduleOf(lines));
        const opa = (args: readonly string[]): string => {
          const options = { cwd: folder, env: { HOME: folder, TZ: 'UTC' }, encoding: 'utf8' } as const;
          const { status, stdout, stderr } = spawnSync(opaProgram(), args, {
            ...options,
            maxBuffer: 2 ** 28,
          });
          if (status !== 0) throw new Error(`opa ${String(args[0])}: ${stdout}${stderr}`);
          return stdout;
        };
        const flags = corpus.endsWith('.v0.rego.txt') ? ['--v0-compatible'] : [];
        const wanted = theirs(opa, flags);
        const given = await ours(opa, folder, flags);
        const different = lines.flatMap(({ name, expression }) => {
          const [value, sets] = [member(member(wanted, 0), name), member(member(wanted, 1), name)];
          const found = given.get(name);
          const agree =
            value === undefined || found === undefined
              ? value === found
              : compareRego(flat(found), value) === 0 && compareRego(flat(setsIn(found)), sets ?? []) === 0;
          return agree ? [] : [{ line: name, expression, opa: shown(value), ours: shown(found) }];
        });
        expect(different).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    60_000,
  );
});
