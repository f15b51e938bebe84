import { failed, ok, type Result } from '../../kernel/result.js';
import type {
  AuthoringProblem,
  CoverageReport,
  RegoError,
  RegoToolchain,
  TestOutcome,
} from '../../rego/compiler.port.js';
import { DATA_FILE, isRego, isRegoTest, MANIFEST_FILE, type DraftFile } from './content.js';
import { mistake, packOfDraft, type DraftPack } from './pack.js';
import { beyondLimit, type DraftCheckProblem, type QualityProblem, type ToolProblem } from './problem.js';
import { entrypointsOf } from '../pack.js';
import type { PolicyLibrary } from './library.port.js';
import { rulesOf } from '../rule-metadata.js';

/** A draft that compiles to what a gate could run, and keeps the rules of the house. */
export interface CheckedDraft {
  readonly draft: DraftPack;
  readonly files: number;
  readonly opaVersion: string;
}

export interface TestReport {
  /** The draft's own, not the library's. */
  readonly outcomes: readonly TestOutcome[];
  /** Of the files and rules the author answers for; null where a test fails or there is none. */
  readonly coverage: Pick<CoverageReport, 'files' | 'rules'> | null;
}

/** Looks at the sources of a draft with the official compiler. Stores nothing and asks no database. */
export class DraftChecker {
  constructor(
    private readonly toolchain: RegoToolchain,
    private readonly library: PolicyLibrary,
  ) {}

  /** Every mistake at once, sorted by file and row, none twice. */
  async check(
    policyId: string,
    files: readonly DraftFile[],
  ): Promise<Result<CheckedDraft, DraftCheckProblem>> {
    const version = await this.toolchain.version();
    if (!version.ok) return version;
    const read = packOfDraft(policyId, files, this.library.modules());
    // Half a policy still has Rego that can be checked: its author fixes both in one round.
    if (!read.ok) {
      const rego = await this.mistakesIn(this.withLibrary(files));
      return rego.ok ? invalid([...read.problem.errors, ...rego.value]) : rego;
    }
    const found = await this.mistakesOf(read.value);
    if (!found.ok) return found;
    if (found.value.length > 0) return invalid(found.value);
    return ok({ draft: read.value, files: read.value.sealed.length, opaVersion: version.value.opa });
  }

  async test(policyId: string, files: readonly DraftFile[]): Promise<Result<TestReport, DraftCheckProblem>> {
    const checked = await this.check(policyId, files);
    return checked.ok ? this.testOf(checked.value.draft) : checked;
  }

  /** Whether a checked draft is tested well enough: some tests, none failing, every file reached to the floor. */
  async judge(draft: DraftPack, coverageFloor: number): Promise<Result<void, QualityProblem | ToolProblem>> {
    const tested = await this.testOf(draft);
    if (!tested.ok) return tested;
    const { outcomes, coverage } = tested.value;
    const wrong = outcomes.filter(({ outcome }) => outcome === 'fail' || outcome === 'error');
    if (wrong.length > 0) return failed({ kind: 'PolicyTestsFailed', failed: wrong });
    if (!coverage || !outcomes.some(({ outcome }) => outcome === 'pass'))
      return failed({ kind: 'PolicyTestsMissing', policyId: draft.pack.manifest.id });
    // A file of comments has nothing that could be reached, and OPA calls that 0 %.
    const bare = coverage.files.filter(
      ({ percent, notCovered }) => percent < coverageFloor && notCovered.length > 0,
    );
    if (bare.length === 0) return ok(undefined);
    return failed({ kind: 'PolicyCoverageTooLow', floor: coverageFloor, files: bare });
  }

  /** Rego in the official layout; other files as they are. */
  async format(files: readonly DraftFile[]): Promise<Result<readonly DraftFile[], DraftCheckProblem>> {
    const formatted = await this.toolchain.format(files.filter(({ path }) => isRego(path)));
    if (!formatted.ok) return failed(problemOf(formatted.problem));
    const texts = new Map(formatted.value.map(({ path, text }) => [path, text]));
    return ok(files.map(({ path, text }) => ({ path, text: texts.get(path) ?? text })));
  }

  private async testOf(draft: DraftPack): Promise<Result<TestReport, DraftCheckProblem>> {
    const tested = await this.toolchain.test(draft.testFiles);
    if (!tested.ok) return failed(problemOf(tested.problem));
    const outcomes = tested.value.filter(({ file }) => draft.own.has(file));
    const good = outcomes.length > 0 && tested.value.every(({ outcome }) => outcome === 'pass');
    if (!good) return ok({ outcomes, coverage: null });
    const covered = await this.toolchain.coverage(draft.testFiles);
    if (!covered.ok)
      return covered.problem.kind === 'TestsFailed'
        ? ok({ outcomes, coverage: null })
        : failed(problemOf(covered.problem));
    const judged = (file: string): boolean => draft.own.has(file) && !isRegoTest(file);
    return ok({
      outcomes,
      coverage: {
        files: covered.value.files.filter(({ file }) => judged(file)),
        rules: covered.value.rules.filter(({ file }) => judged(file)),
      },
    });
  }

  private async mistakesOf(draft: DraftPack): Promise<Result<readonly RegoError[], ToolProblem>> {
    const compiling = await this.mistakesIn(draft.testFiles);
    if (!compiling.ok || compiling.value.length > 0) return compiling;
    const house = await this.houseRules(draft);
    if (!house.ok || house.value.length > 0) return house;
    const built = await this.toolchain.build({
      files: draft.pack.files,
      entrypoints: entrypointsOf(draft.pack.manifest),
    });
    if (built.ok) return ok([]);
    if (built.problem.kind !== 'UnknownEntrypoint') return errorsOr(problemOf(built.problem));
    const { entrypoint } = built.problem;
    return ok([mistake('entrypoint_missing', `nothing answers at ${entrypoint}`, MANIFEST_FILE)]);
  }

  /** What rego/checks says of the author's own files, and whether verdicts find what they show of each rule. */
  private async houseRules({
    pack,
    ...draft
  }: DraftPack): Promise<Result<readonly RegoError[], ToolProblem>> {
    const reviewed = await this.toolchain.review({
      files: draft.testFiles.filter(({ path }) => path !== DATA_FILE),
      packs: [draft.described],
    });
    if (!reviewed.ok) return errorsOr(problemOf(reviewed.problem));
    const errors = reviewed.value
      .map((finding) => ({
        ...finding,
        file: finding.file === pack.manifest.id ? MANIFEST_FILE : finding.file,
      }))
      .filter(({ file }) => draft.own.has(file))
      .map(({ check, problem, file, row }) => mistake(`check_${check}`, problem, file, row));
    const annotations = await this.toolchain.inspect(pack.files);
    if (!annotations.ok) return errorsOr(problemOf(annotations.problem));
    for (const rule of pack.manifest.rules) {
      const one = { ...pack, manifest: { ...pack.manifest, rules: [rule] } };
      const described = rulesOf(one, annotations.value);
      if (described.ok) continue;
      errors.push(mistake('rule_metadata', `${rule.id}: ${described.problem.detail}`, MANIFEST_FILE));
    }
    return ok(errors);
  }

  private async mistakesIn(files: readonly DraftFile[]): Promise<Result<readonly RegoError[], ToolProblem>> {
    const checked = await this.toolchain.check(files);
    return checked.ok ? ok([]) : errorsOr(problemOf(checked.problem));
  }

  private withLibrary(files: readonly DraftFile[]): readonly DraftFile[] {
    const own = new Set(files.map(({ path }) => path));
    return [
      ...files.filter(({ path }) => isRego(path) || path === DATA_FILE),
      ...this.library.modules().filter(({ path }) => !own.has(path)),
    ];
  }
}

const errorsOr = (problem: DraftCheckProblem): Result<readonly RegoError[], ToolProblem> =>
  problem.kind === 'PolicyInvalid' ? ok(problem.errors) : failed(problem);

function invalid(errors: readonly RegoError[]): Result<never, DraftCheckProblem> {
  const distinct = new Map(errors.map((error) => [JSON.stringify(error), error]));
  const sorted = [...distinct.values()].sort(
    (a, b) => compare(a.file, b.file) || a.row - b.row || a.column - b.column || compare(a.code, b.code),
  );
  return failed({ kind: 'PolicyInvalid', errors: sorted });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function problemOf(problem: AuthoringProblem): DraftCheckProblem {
  switch (problem.kind) {
    case 'RegoInvalid':
      return { kind: 'PolicyInvalid', errors: problem.errors };
    case 'OpaLimitExceeded':
      return beyondLimit(problem);
    default:
      return problem;
  }
}
