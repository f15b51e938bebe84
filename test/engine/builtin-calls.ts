import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltinError } from '../../src/rego/value/builtin-error.js';
import { loadBuiltins } from '../../src/rego/builtins/table.js';
import { parseRego } from '../../src/rego/value/read-dump.js';
import { compareRego, isArray, RegoObject, type RegoValue } from '../../src/rego/value/rego-value.js';
import { writeTerm } from '../../src/rego/value/write-term.js';
import { opaProgram } from './kit.js';

/** A builtin called with these arguments, which are JSON. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  /** What the case is about, for the report of a failure. */
  readonly about?: string;
}

/** A disagreement between our builtins and `opa eval`. */
export interface Difference extends Call {
  readonly opa: string;
  readonly ours: string;
}

/** Calls each builtin here and in OPA: for material that is made at run time, which no corpus file can hold. */
export async function differences(calls: readonly Call[]): Promise<readonly Difference[]> {
  const [given, wanted] = [await ours(calls), theirs(calls)];
  return calls.flatMap((call, index) => {
    const [a, b] = [given[index], wanted.get(index)];
    const agree = a === undefined || b === undefined ? a === b : compareRego(a, b) === 0;
    return agree ? [] : [{ ...call, opa: shown(b), ours: shown(a) }];
  });
}

const shown = (value: RegoValue | undefined): string =>
  value === undefined ? 'undefined' : writeTerm(value);

/** The answers of our builtins; undefined where they report an error. */
export async function ours(calls: readonly Call[]): Promise<readonly (RegoValue | undefined)[]> {
  const builtins = await loadBuiltins([...new Set(calls.map(({ name }) => name))]);
  const context = { instant: Date.now(), seed: 'calls' };
  return calls.map(({ name, args }) => {
    try {
      return builtins.get(name)?.(context, ...args.map((arg) => parseRego(JSON.stringify(arg))));
    } catch (error) {
      if (error instanceof BuiltinError) return undefined;
      throw error;
    }
  });
}

function theirs(calls: readonly Call[]): ReadonlyMap<number, RegoValue> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-calls-'));
  try {
    const rules = [...new Map(calls.map(({ name, args }) => [name, args.length]))].map(([name, count]) => {
      const operands = Array.from({ length: count }, (_, index) => `call.args[${index}]`);
      return `answers[index] := value if {
        some index, call in input
        call.name == "${name}"
        value := ${name}(${operands.join(', ')})
      }`;
    });
    writeFileSync(join(folder, 'calls.rego'), ['package calls', ...rules].join('\n'));
    writeFileSync(join(folder, 'input.json'), JSON.stringify(calls));
    const query = '[[k, v] | some k, v in data.calls.answers]';
    const args = ['eval', '-d', 'calls.rego', '-i', 'input.json', '-f', 'json', query];
    const options = { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 29 } as const;
    const { status, stdout, stderr } = spawnSync(opaProgram(), args, options);
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    return pairsIn(parseRego(stdout));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pairsIn(answer: RegoValue): ReadonlyMap<number, RegoValue> {
  const value = ['result', 0, 'expressions', 0, 'value'].reduce<RegoValue | undefined>((from, key) => {
    if (from instanceof RegoObject) return from.get(key);
    return from !== undefined && isArray(from) ? from[Number(key)] : undefined;
  }, answer);
  if (value === undefined || !isArray(value)) throw new Error('no answers');
  return new Map(value.map((pair) => pair as [number, RegoValue]));
}
