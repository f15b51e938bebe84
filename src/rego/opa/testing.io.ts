import { failed, ok, type Result } from '../../kernel/result.js';
import type * as port from '../compiler.port.js';
import * as opaOutput from './opa-output.js';
import { isModule, isTest, paths, unexpected, type Files, type OpaProgram } from './opa-program.io.js';
import { ruleCoverage } from './rule-coverage.js';
import type { SyntaxTrees } from './syntax-trees.io.js';
import type { Workspace } from './workspace.io.js';

export async function testIn(
  opa: OpaProgram,
  workspace: Workspace,
  files: Files,
): Promise<Result<readonly port.TestOutcome[], port.AuthoringProblem>> {
  const checked = await opa.check(workspace, files);
  if (!checked.ok) return checked;
  // With --var-values the trace of a test that failed is printed.
  const run = await opa.run(workspace, [
    ...testCommand(opa),
    ...['--var-values', '--format', 'json', ...paths(files)],
  ]);
  if (!run.ok) return run;
  // 2 = a test failed, with complete results.
  if (run.value.code !== 0 && run.value.code !== 2) throw unexpected('test', run.value);
  return ok(opaOutput.readTests(run.value.stdout));
}

export async function coverageIn(
  opa: OpaProgram,
  workspace: Workspace,
  files: Files,
  trees: SyntaxTrees,
): Promise<Result<port.CoverageReport, port.AuthoringProblem | port.TestsFailed>> {
  // Asked first on its own: with coverage, a test that fails leaves nothing but a text.
  const outcomes = await testIn(opa, workspace, files);
  if (!outcomes.ok) return outcomes;
  const wrong = outcomes.value.filter(({ outcome }) => outcome === 'fail' || outcome === 'error');
  if (wrong.length > 0) return failed({ kind: 'TestsFailed', failed: wrong });
  const run = await opa.run(workspace, [...testCommand(opa), '--coverage', ...paths(files)]);
  if (!run.ok) return run;
  if (run.value.code !== 0) throw unexpected('test --coverage', run.value);
  const report = opaOutput.readCoverage(run.value.stdout);
  const measured = files.filter((file) => isModule(file) && !isTest(file));
  const parsed = await trees.of(workspace, measured);
  if (!parsed.ok) return parsed;
  const notCovered = new Map(report.files.map((file) => [file.file, file.notCovered]));
  const rules = parsed.value.flatMap(({ file, module }) => ruleCoverage(file, module, notCovered.get(file)));
  return ok({ ...report, rules });
}

const testCommand = (opa: OpaProgram): readonly string[] => ['test', '--capabilities', opa.capabilitiesFile];
