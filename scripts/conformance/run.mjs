/** Takes cases through compiler and engines. */
import { wants } from './dist.mjs';
import { describe, judge, sameOutcome } from './judge.mjs';
import { Lane } from './lane.mjs';
import { plansOf } from './plan.mjs';

const { HOST_BUILTINS } = await wants('builtins/table.js');
const { REFUSED_BUILTINS } = await wants('builtins/refused.js');

/**
 * One record per case, in the order of the cases.
 *
 * `status`: `passed`, `failed`, `refused` (it needs a builtin that no policy may use and that the host lacks) or
 * `excepted` (OPA's own WASM runner leaves it out, and it does not pass here either).
 *
 * @param {{ compiler: CaseCompiler, instant: number, exceptionOf: (note: string) => string | undefined,
 *   sdk: boolean, oracles: Readonly<Record<string, Oracle>>, lanes: number, onRecord?: (record) => void }} setup
 */
export async function runCases(cases, setup) {
  const records = new Array(cases.length);
  let next = 0;
  const work = async () => {
    const lane = new Lane();
    try {
      while (next < cases.length) {
        const index = next++;
        records[index] = await recordOf(cases[index], { ...setup, lane });
        setup.onRecord?.(records[index]);
      }
    } finally {
      await lane.close();
    }
  };
  await Promise.all(Array.from({ length: setup.lanes }, work));
  return records;
}

async function recordOf(wish, { compiler, instant, exceptionOf, sdk, oracles, lane }) {
  const compiled = await firstThatCompiles(wish, compiler);
  const evaluate = (engine) =>
    compiled.problem === undefined
      ? lane.evaluate({ engine, instant, ...compiled, data: wish.data, input: wish.input })
      : { kind: 'error', cause: 'build', detail: compiled.problem };
  const outcome = await evaluate('host');
  const verdict = judge(wish, outcome);
  const exception = exceptionOf(wish.note);
  const record = {
    wish,
    ...verdict,
    exception,
    ...statusOf({ verdict, outcome, exception }),
    builtins: outcome.builtins ?? outcome.missing ?? [],
  };
  if (wish.strictError && wish.wantResult === undefined) record.strict = await evaluate('strict');
  if (sdk) record.sdk = sdkRecord(wish, await evaluate('sdk'));
  record.opinions = record.status === 'refused' ? [] : await opinionsOn(record, outcome, oracles);
  return record;
}

function statusOf({ verdict, outcome, exception }) {
  if (verdict.passed) return { status: 'passed' };
  const lacking = (outcome.missing ?? []).filter(
    (name) => REFUSED_BUILTINS.has(name) && !HOST_BUILTINS.has(name),
  );
  if (lacking.length > 0)
    return {
      status: 'refused',
      reason: lacking.map((name) => `${name}: ${REFUSED_BUILTINS.get(name)}`).join('; '),
    };
  return exception === undefined ? { status: 'failed' } : { status: 'excepted', reason: exception };
}

const sdkRecord = (wish, outcome) => ({
  passed: judge(wish, outcome).passed,
  inAnyOrder: judge(wish, outcome, { anyOrder: true }).passed,
  kind: outcome.kind,
  got: describe(outcome),
});

async function opinionsOn({ wish, builtins }, outcome, oracles) {
  const opinions = [];
  for (const [name, oracle] of Object.entries(oracles)) {
    const other = await oracle.evaluate(wish);
    opinions.push({
      name,
      agrees: sameOutcome(outcome, other, wish),
      setAside: reasonToSetAside(builtins, other),
      got: describe(other),
      host: describe(outcome),
    });
  }
  return opinions;
}

/** Why `opa eval` cannot be compared on a case, where it cannot. */
function reasonToSetAside(builtins, { kind, detail }) {
  if (builtins.includes('test.sleep')) return "only OPA's own test programs have `test.sleep`";
  if (builtins.includes('opa.runtime')) return '`opa.runtime` says what program evaluates';
  if (kind === 'error' && detail.startsWith('conflicting rule for data path'))
    return '`opa eval` does not load data that lies under a rule';
  return undefined;
}

async function firstThatCompiles(wish, compiler) {
  let last;
  for (const plan of plansOf(wish)) {
    last = { plan, ...(await compiler.compile(plan, wish)) };
    if (!last.noEntrypoint) break;
  }
  return last;
}
