/** Compiles cases with the real `opa build -t wasm`, once for each content. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestOf, runProgram } from './program.mjs';

const BUILD_MS = 60_000;
const NO_ENTRYPOINT = 'does not refer to a rule or policy decision';

export class CaseCompiler {
  /** How many were not in the cache. */
  built = 0;

  /** @param {{ toolchain: Toolchain, cacheFolder: string }} settings */
  constructor({ toolchain, cacheFolder }) {
    this.toolchain = toolchain;
    this.cacheFolder = cacheFolder;
  }

  /**
   * The file of the compiled bundle, or why there is none. `noEntrypoint`: the path names no rule.
   * @returns {Promise<{ file: string } | { problem: string, noEntrypoint: boolean }>}
   */
  async compile({ modules, entrypoint }, { version, experimentalKeywords }) {
    const { version: opa, capabilities } = this.toolchain;
    const { file, digest } = capabilities.get(experimentalKeywords);
    const flags = ['-t', 'wasm', '-e', entrypoint, ...(version === 'v0' ? ['--v0-compatible'] : [])];
    const key = digestOf(JSON.stringify([opa, digest, flags, modules]));
    const base = join(this.cacheFolder, `build-${opa}`, key.slice(0, 2), key);
    const kept = { bundle: `${base}.tar.gz`, problem: `${base}.txt` };
    if (!existsSync(kept.bundle) && !existsSync(kept.problem))
      await this.#build(modules, [...flags, '--capabilities', file], kept);
    if (existsSync(kept.bundle)) return { file: kept.bundle };
    const problem = readFileSync(kept.problem, 'utf8');
    return { problem, noEntrypoint: problem.includes(NO_ENTRYPOINT) };
  }

  async #build(modules, flags, { bundle, problem }) {
    const { program, scratch } = this.toolchain;
    const folder = mkdtempSync(join(scratch, 'build-'));
    const names = modules.map((_, index) => `module-${index}.rego`);
    names.forEach((name, index) => writeFileSync(join(folder, name), modules[index]));
    const args = ['build', ...flags, '-o', 'bundle.tar.gz', ...names];
    const { status, stdout, stderr } = await runProgram(program, args, { cwd: folder, timeout: BUILD_MS });
    if (status === undefined) throw new Error(`opa build did not end: ${stderr}`);
    this.built += 1;
    const [target, content] =
      status === 0
        ? [bundle, readFileSync(join(folder, 'bundle.tar.gz'))]
        : [problem, `${stdout}${stderr}`.trim()];
    mkdirSync(dirname(target), { recursive: true });
    // In one step, so that a run that is cut off leaves no half file.
    writeFileSync(`${target}.${process.pid}`, content);
    renameSync(`${target}.${process.pid}`, target);
    rmSync(folder, { recursive: true });
  }
}
