import type { JsonObject } from '../../kernel/canonical-json.js';
import { sha256 } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type * as port from '../compiler.port.js';
import { CallCache } from './call-cache.js';
import * as opaOutput from './opa-output.js';
import { type Files, type OpaProgram } from './opa-program.io.js';
import type { Workspace } from './workspace.io.js';

/** One module as `opa parse -f json` prints it, with the locations of its expressions. */
export interface SyntaxTree {
  readonly file: string;
  readonly module: JsonObject;
}

type Parsed = Result<SyntaxTree, port.AuthoringProblem>;

const CACHE_BYTES = 64 * 2 ** 20;
/** A program per file: more at once than there are cores gains nothing. */
const AT_ONCE = 2;

/** Syntax trees of single files, kept by content: an author changes one file at a time. */
export class SyntaxTrees {
  private readonly cache = new CallCache(CACHE_BYTES);

  constructor(private readonly opa: OpaProgram) {}

  /** In the order of their names; all mistakes at once when some do not parse. */
  async of(
    workspace: Workspace,
    files: Files,
  ): Promise<Result<readonly SyntaxTree[], port.AuthoringProblem>> {
    const waiting = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
    const results = new Array<Parsed>(waiting.length);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < waiting.length; index = next++) {
        const file = waiting[index];
        if (file) results[index] = await this.tree(workspace, file);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const trees: SyntaxTree[] = [];
    const errors: port.RegoError[] = [];
    for (const result of results) {
      if (result.ok) trees.push(result.value);
      else if (result.problem.kind === 'RegoInvalid') errors.push(...result.problem.errors);
      else return result;
    }
    return errors.length > 0 ? failed({ kind: 'RegoInvalid', errors }) : ok(trees);
  }

  private tree(workspace: Workspace, { path, text }: port.RegoSource): Promise<Parsed> {
    return this.cache.get<Parsed>(sha256(`${path}\n${text}`), async () => {
      const options = ['--format', 'json', '--json-include', 'locations,-comments'];
      const run = await this.opa.run(workspace, ['parse', ...options, path]);
      if (!run.ok) return { result: run, keep: false, sizeBytes: 0 };
      const { code, stdout, stderr } = run.value;
      const result: Parsed =
        code === 0
          ? ok({ file: path, module: JSON.parse(stdout) as JsonObject })
          : failed({ kind: 'RegoInvalid', errors: opaOutput.readErrors(stderr) });
      return { result, keep: true, sizeBytes: stdout.length + stderr.length };
    });
  }
}
