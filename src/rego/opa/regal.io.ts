import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { LinterUnavailable, LintFinding, OpaLimitExceeded } from '../compiler.port.js';
import { runTool, type ToolLimits } from './opa-process.io.js';
import { readLint } from './regal-output.js';
import type { Workspace } from './workspace.io.js';

/** The first `regal` on the path, if any. */
export function findRegal(path = process.env['PATH'] ?? ''): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, 'regal'))
    .find((program) => existsSync(program));
}

/** Lints the sources of a workspace. Which OPA Regal was built with is its own affair: it only reads. */
export async function lintIn(
  program: string | undefined,
  workspace: Workspace,
  limits: ToolLimits,
): Promise<Result<readonly LintFinding[], LinterUnavailable | OpaLimitExceeded>> {
  if (program === undefined) return failed(unavailable);
  const args = ['lint', '--format', 'json', '.'];
  const run = await runTool({ file: program, args, folder: workspace.sources, limits });
  if (run.kind === 'absent') return failed(unavailable);
  if (run.kind === 'stopped')
    return failed({ kind: 'OpaLimitExceeded', command: 'regal lint', limit: run.limit });
  // 2 and 3: there are warnings, there are errors; the report is complete.
  if (![0, 2, 3].includes(run.code))
    throw new Error(`regal lint ended with ${String(run.code)}: ${run.stderr.slice(0, 2000)}`);
  return ok(readLint(run.stdout));
}

const unavailable: LinterUnavailable = {
  kind: 'LinterUnavailable',
  remedy:
    'Regal is not installed. Get it from https://github.com/open-policy-agent/regal/releases and put it on the path.',
};
