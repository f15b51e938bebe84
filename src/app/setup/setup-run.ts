import type { Result } from '../../kernel/result.js';
import type { DefineGateProblem } from '../../gate/problem.js';
import type { ActivateChecklistProblem, PublishChecklistProblem } from '../../policy/checklist/problem.js';
import type { PublishProblem } from '../../policy/publish.service.js';
import type { ProcessProblem } from '../../process/problem.js';
import type { Services } from '../compose/services.js';
import type { Setup } from './setup.js';

/** Why one part of a setup could not be made. The other parts do not wait for it. */
export interface PartRefused {
  readonly part: string;
  readonly problem:
    PublishProblem | PublishChecklistProblem | ActivateChecklistProblem | DefineGateProblem | ProcessProblem;
}

/** What an application of a setup did: parts by name, in the order in which they were come to. */
export interface SetupReport {
  readonly added: string[];
  readonly stood: string[];
  readonly problems: PartRefused[];
}

/** Told what is not as the setup says and yet no reason to stop. A pino logger is one. */
export interface SetupLog {
  warn(facts: object, message: string): void;
}

export interface SetupOptions {
  /** Folder of package.json: packs are below it. */
  readonly root: string;
  /** The `iss` of the principals' tokens. */
  readonly issuer: string;
  readonly logger: SetupLog;
}

/** One application of a setup: what it works with, and what came of it so far. */
export interface SetupRun extends SetupOptions {
  readonly services: Services;
  readonly setup: Setup;
  readonly report: SetupReport;
}

/** Notes what became of a part that was not there; answers it, or undefined where it was refused. */
export function noteAdded<T>(
  { added, problems }: SetupReport,
  part: string,
  result: Result<T, PartRefused['problem']>,
): T | undefined {
  if (result.ok) {
    added.push(part);
    return result.value;
  }
  problems.push({ part, problem: result.problem });
  return undefined;
}
