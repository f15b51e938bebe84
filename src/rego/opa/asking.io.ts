import { canonicalJson, type JsonObject, type JsonValue } from '../../kernel/canonical-json.js';
import { JsonText } from '../../kernel/json-text.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type * as port from '../compiler.port.js';
import { splitDependencies } from './dependencies.js';
import * as opaOutput from './opa-output.js';
import {
  isModule,
  paths,
  reference,
  unexpected,
  type Exited,
  type OpaProgram,
  type RunProblem,
} from './opa-program.io.js';
import { readPrettyTrace } from './pretty-trace.js';
import { inWorkspace, type Workspace } from './workspace.io.js';

/** An instant is whole milliseconds; `time.now_ns` counts nanoseconds, more than a double can. */
const NANOSECONDS = '000000';

export async function evaluateIn(
  opa: OpaProgram,
  workspace: Workspace,
  order: port.EvaluationOrder,
): Promise<Result<JsonValue | undefined, port.AuthoringProblem>> {
  const run = await runEval(opa, workspace, order, ['--format', 'json']);
  if (!run.ok) return run;
  if (run.value.code === 0) return opaOutput.readEvaluation(run.value.stdout);
  return failed({ kind: 'RegoInvalid', errors: opaOutput.readErrors(run.value.stdout) });
}

/** Under short names, as OPA cuts long ones in a trace. */
export async function explainIn(
  opa: OpaProgram,
  order: port.ExplanationOrder,
): Promise<Result<port.Explanation, port.AuthoringProblem>> {
  const short = order.files.map((file, index) =>
    isModule(file) ? { path: `m${String(index)}.rego`, text: file.text } : file,
  );
  const names = new Map(short.map(({ path }, index) => [path, order.files[index]?.path ?? path]));
  return inWorkspace(short, async (workspace) => {
    const options = ['--format', 'pretty', '--explain', order.mode, '--var-values'];
    const run = await runEval(opa, workspace, { ...order, files: short }, options);
    if (!run.ok) return run;
    const { code, stdout, stderr } = run.value;
    // Without JSON, what a rule does wrong is said where it is shown; the steps up to there are what was asked for.
    if (code !== 0 && stdout === '') return failed({ kind: 'RegoInvalid', errors: [unplaced(stderr)] });
    return ok(readPrettyTrace(stdout, names, order.maxEvents));
  });
}

const unplaced = (stderr: string): port.RegoError => ({
  ...{ code: 'eval_error', message: stderr.trim().slice(0, 2_000) },
  ...{ file: '', row: 0, column: 0 },
});

async function runEval(
  opa: OpaProgram,
  workspace: Workspace,
  order: port.EvaluationOrder,
  options: readonly string[],
): Promise<Result<Exited, RunProblem>> {
  const { files, entrypoint, input, instant } = order;
  const query = `${reference(entrypoint)}${instant === undefined ? '' : ` with time.now_ns as ${String(instant)}${instant === 0 ? '' : NANOSECONDS}`}`;
  const text = input instanceof JsonText ? input.text : input === undefined ? '' : canonicalJson(input);
  return opa.run(
    workspace,
    [
      ...['eval', ...options, '--timeout', opa.ownTimeLimit],
      ...(input === undefined ? [] : ['--stdin-input']),
      ...['--capabilities', opa.capabilitiesFile],
      ...paths(files).flatMap((path) => ['--data', path]),
      query,
    ],
    text,
  );
}

export async function dependenciesIn(
  opa: OpaProgram,
  workspace: Workspace,
  { files, entrypoint }: port.DependencyOrder,
): Promise<Result<port.Dependencies, port.AuthoringProblem | port.UnknownEntrypoint>> {
  // `deps` takes no capabilities, so the check comes first.
  const checked = await opa.check(workspace, files);
  if (!checked.ok) return checked;
  const run = await opa.run(workspace, [
    ...['deps', '--format', 'json', ...paths(files).flatMap((path) => ['--data', path])],
    reference(entrypoint),
  ]);
  if (!run.ok) return run;
  if (run.value.code !== 0) throw unexpected('deps', run.value);
  const found = splitDependencies(opaOutput.readDependencies(run.value.stdout), entrypoint);
  return found ? ok(found) : failed({ kind: 'UnknownEntrypoint', entrypoint });
}

/** The checks over the syntax trees: Rego about Rego. */
export async function reviewIn(
  opa: OpaProgram,
  workspace: Workspace,
  checks: readonly port.RegoSource[],
  input: JsonObject,
): Promise<Result<readonly port.ReviewFinding[], port.AuthoringProblem>> {
  const order = { files: checks, entrypoint: 'assay/checks/problems', input };
  const answer = await evaluateIn(opa, workspace, order);
  return answer.ok ? ok(opaOutput.readReview(answer.value)) : answer;
}
