/** The official `opa`, with everything it offers: the suite is not run with the product's capabilities. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OUTPUT_BYTES = 64 << 20;
/** What the suite needs and OPA's own runner registers. */
const SLEEP = {
  name: 'test.sleep',
  decl: { args: [{ type: 'string' }], result: { type: 'null' }, type: 'function' },
};
/** Not yet for everyone: `CapabilitiesExperimentalKeywords`. */
const EXPERIMENTAL = ['and', 'or'];

/** A program and a scratch folder of its own. Close it. */
export class Toolchain {
  constructor({ program, version }) {
    this.program = program;
    this.version = version;
    this.scratch = mkdtempSync(join(tmpdir(), 'assay-conformance-'));
    const args = ['capabilities', '--current'];
    const offered = JSON.parse(execFileSync(program, args, { encoding: 'utf8', env: {} }));
    /** Names of all of OPA's builtins. */
    this.builtins = offered.builtins.map(({ name }) => name);
    /** By whether the experimental keywords are among them. */
    this.capabilities = new Map(
      [false, true].map((experimental) => {
        const keywords = [...(offered.future_keywords ?? []), ...(experimental ? EXPERIMENTAL : [])];
        const builtins = [...offered.builtins, SLEEP];
        const text = JSON.stringify({ ...offered, builtins, future_keywords: [...new Set(keywords)] });
        const file = join(this.scratch, `capabilities-${experimental}.json`);
        writeFileSync(file, text);
        return [experimental, { file, digest: digestOf(text) }];
      }),
    );
  }

  close() {
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

/** `status` is undefined when the program had to be killed. */
export function runProgram(program, args, { cwd, timeout }) {
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: {},
      timeout,
      killSignal: 'SIGKILL',
      encoding: 'utf8',
      maxBuffer: OUTPUT_BYTES,
    };
    execFile(program, args, options, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : undefined) : 0;
      resolve({ status, stdout, stderr });
    });
  });
}

export const digestOf = (text) => createHash('sha256').update(text).digest('hex');
