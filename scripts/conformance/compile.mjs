/** Compiles cases with the real `opa build -t wasm`, once for each content. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const BUILD_MS = 60_000;
const NO_ENTRYPOINT = 'does not refer to a rule or policy decision';
/** What the suite needs and OPA's own runner registers. */
const SLEEP = {
  name: 'test.sleep',
  decl: { args: [{ type: 'string' }], result: { type: 'null' }, type: 'function' },
};

/**
 * Everything OPA offers, as the suite is to be run with, and `test.sleep`. `experimental` adds the keywords that are
 * not yet for everyone.
 */
function capabilitiesOf(program, experimental) {
  const args = ['capabilities', '--current'];
  const offered = JSON.parse(execFileSync(program, args, { encoding: 'utf8', env: {} }));
  const keywords = experimental ? ['and', 'or'] : [];
  return JSON.stringify({
    ...offered,
    builtins: [...offered.builtins, SLEEP],
    future_keywords: [...new Set([...(offered.future_keywords ?? []), ...keywords])],
  });
}

export class CaseCompiler {
  /** @param {{ program: string, version: string, cacheFolder: string }} settings */
  constructor({ program, version, cacheFolder }) {
    this.program = program;
    this.version = version;
    this.cacheFolder = cacheFolder;
    this.scratch = mkdtempSync(join(tmpdir(), 'assay-conformance-'));
    this.capabilities = new Map(
      [false, true].map((experimental) => {
        const text = capabilitiesOf(program, experimental);
        const file = join(this.scratch, `capabilities-${experimental}.json`);
        writeFileSync(file, text);
        return [experimental, { file, digest: digestOf(text) }];
      }),
    );
    this.built = 0;
  }

  close() {
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /**
   * The file of the compiled bundle, or why there is none. `noEntrypoint`: the path names no rule.
   * @returns {Promise<{ file: string } | { problem: string, noEntrypoint: boolean }>}
   */
  async compile({ modules, entrypoint }, { version, experimentalKeywords }) {
    const capabilities = this.capabilities.get(experimentalKeywords);
    const flags = ['-t', 'wasm', '-e', entrypoint, ...(version === 'v0' ? ['--v0-compatible'] : [])];
    const key = digestOf(JSON.stringify([this.version, capabilities.digest, flags, modules]));
    const base = join(this.cacheFolder, `opa-${this.version}`, key.slice(0, 2), key);
    const [bundle, problem] = [`${base}.tar.gz`, `${base}.txt`];
    if (!existsSync(bundle) && !existsSync(problem))
      await this.build(modules, { flags, capabilities, bundle, problem });
    if (existsSync(bundle)) return { file: bundle };
    const text = readFileSync(problem, 'utf8');
    return { problem: text, noEntrypoint: text.includes(NO_ENTRYPOINT) };
  }

  async build(modules, { flags, capabilities, bundle, problem }) {
    const folder = mkdtempSync(join(this.scratch, 'case-'));
    const names = modules.map((_, index) => `module-${index}.rego`);
    names.forEach((name, index) => writeFileSync(join(folder, name), modules[index]));
    const args = ['build', ...flags, '--capabilities', capabilities.file, '-o', 'bundle.tar.gz', ...names];
    const { status, output } = await run(this.program, args, folder);
    if (status === undefined) throw new Error(`opa build did not end: ${output}`);
    this.built += 1;
    mkdirSync(dirname(bundle), { recursive: true });
    // In one step, so that a run that is cut off leaves no half file.
    if (status === 0) writeFileSync(join(folder, 'done'), readFileSync(join(folder, 'bundle.tar.gz')));
    else writeFileSync(join(folder, 'done'), output.trim());
    moveInto(join(folder, 'done'), status === 0 ? bundle : problem);
    rmSync(folder, { recursive: true });
  }
}

function moveInto(file, target) {
  const near = `${target}.${process.pid}`;
  writeFileSync(near, readFileSync(file));
  renameSync(near, target);
}

/** `status` is undefined when the program had to be killed. */
function run(program, args, cwd) {
  return new Promise((resolve) => {
    const options = { cwd, env: {}, timeout: BUILD_MS, killSignal: 'SIGKILL', encoding: 'utf8' };
    execFile(program, args, { ...options, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : undefined) : 0;
      resolve({ status, output: `${stdout}${stderr}` });
    });
  });
}

export const digestOf = (text) => createHash('sha256').update(text).digest('hex');
