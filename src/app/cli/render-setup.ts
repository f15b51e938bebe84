import type { PlacedMistake } from '../setup/setup-file.io.js';
import type { PartRefused, SetupReport } from '../setup/setup-run.js';

/** Every mistake with its place, as an editor finds it: `setup.yaml:12: gates.0.locus: …` */
export function renderMistakes(file: string, mistakes: readonly PlacedMistake[]): string {
  const lines = mistakes.map(({ line, path, message }) =>
    [`${file}:${line}`, ...(path.length === 0 ? [] : [path.join('.')]), message].join(': '),
  );
  return [...lines, `nothing was set up: ${mistakes.length} mistake(s)`].join('\n');
}

/** What was added and what stood already, part by part, then what was refused and why. */
export function renderSetupReport({ added, stood, problems }: SetupReport): string {
  const refused = problems.flatMap(({ part, problem }) => [
    `refused  ${part}: ${problem.kind}`,
    ...detailsOf(problem).map((line) => `           ${line}`),
  ]);
  return [
    ...added.map((part) => `added    ${part}`),
    ...stood.map((part) => `stood    ${part}`),
    ...refused,
    `${added.length} added, ${stood.length} stood already, ${problems.length} refused`,
  ].join('\n');
}

/** One line: the message, then the facts. */
export const renderWarning = (facts: object, message: string): string =>
  `warning: ${message} (${factsOf(facts).join('; ')})`;

function detailsOf(problem: PartRefused['problem']): string[] {
  switch (problem.kind) {
    case 'RegoInvalid':
      return problem.errors.map(
        ({ file, row, column, code, message }) => `rego/${file}:${row}:${column}: ${code}: ${message}`,
      );
    case 'ChecklistInvalid':
      return problem.errors.map(({ path, message }) => `${path}: ${message}`);
    default: {
      const { kind, ...facts } = problem;
      return factsOf(facts);
    }
  }
}

const factsOf = (facts: object): string[] =>
  Object.entries(facts).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
