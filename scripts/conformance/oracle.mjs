/** What `opa eval` says to a case: the second opinion. Asked once for each content. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { wants } from './dist.mjs';
import { variablesOf } from './plan.mjs';
import { digestOf, runProgram } from './program.mjs';

const { parseRego } = await wants('value/read-dump.js');
const { RegoObject } = await wants('value/rego-value.js');

const EVAL_MS = 60_000;

export class Oracle {
  /** @param {{ toolchain: Toolchain, cacheFolder: string, target: 'rego' | 'wasm' }} settings */
  constructor({ toolchain, cacheFolder, target }) {
    this.toolchain = toolchain;
    this.cacheFolder = cacheFolder;
    this.target = target;
  }

  /** The case's outcome as `judge` knows it. */
  async evaluate(wish) {
    const { version } = this.toolchain;
    const capabilities = this.toolchain.capabilities.get(wish.experimentalKeywords);
    const flags = ['-f', 'json', '-t', this.target, ...(wish.version === 'v0' ? ['--v0-compatible'] : [])];
    // A term that is not JSON cannot be given as a document.
    const query = wish.inputIsTerm ? `${wish.query} with input as ${wish.input}` : wish.query;
    const files = {
      ...Object.fromEntries(wish.modules.map((text, index) => [`module-${index}.rego`, text])),
      ...(wish.data !== undefined && { 'data.json': wish.data }),
    };
    const input = wish.inputIsTerm ? undefined : wish.input;
    const key = digestOf(JSON.stringify([version, capabilities.digest, flags, files, input ?? null, query]));
    const file = join(this.cacheFolder, `eval-${version}`, key.slice(0, 2), `${key}.json`);
    if (!existsSync(file)) await this.#ask({ flags, capabilities, files, input, query }, file);
    return outcomeOf(readFileSync(file, 'utf8'), variablesOf(wish.query));
  }

  async #ask({ flags, capabilities, files, input, query }, file) {
    const folder = mkdtempSync(join(this.toolchain.scratch, 'eval-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const args = ['eval', ...flags, '--capabilities', capabilities.file];
    for (const name of Object.keys(files)) args.push('-d', name);
    if (input !== undefined) {
      writeFileSync(join(folder, 'input.json'), input);
      args.push('-i', 'input.json');
    }
    const { status, stdout, stderr } = await runProgram(this.toolchain.program, [...args, query], {
      cwd: folder,
      timeout: EVAL_MS,
    });
    if (status === undefined) throw new Error(`opa eval did not end: ${stderr}`);
    mkdirSync(dirname(file), { recursive: true });
    const answer = stdout.trim() === '' ? JSON.stringify({ errors: [{ message: stderr }] }) : stdout;
    writeFileSync(`${file}.${process.pid}`, answer);
    renameSync(`${file}.${process.pid}`, file);
    rmSync(folder, { recursive: true });
  }
}

function outcomeOf(text, variables) {
  const { errors } = JSON.parse(text);
  if (errors) {
    const [{ code, message }] = errors;
    // The WASM target says it in its text only.
    const isConflict =
      code === 'eval_conflict_error' || /(var assignment|object insert) conflict/.test(message);
    return { kind: 'error', cause: isConflict ? 'conflict' : (code ?? 'error'), detail: message };
  }
  // Read again as Rego, which rounds no number.
  const results = parseRego(text).get('result') ?? [];
  return { kind: 'bindings', bindings: results.map((each) => only(variables, each.get('bindings'))) };
}

/** Generated variables are no part of an answer. */
const only = (variables, bindings) =>
  new RegoObject((bindings?.entries ?? []).filter(([name]) => variables.includes(name)));
