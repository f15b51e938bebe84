/** Takes cases through compiler and engines. */
import { wants } from './dist.mjs';
import { describe, judge } from './judge.mjs';
import { Lane } from './lane.mjs';
import { plansOf } from './plan.mjs';

const { HOST_BUILTINS } = await wants('builtins/table.js');
const { REFUSED_BUILTINS } = await wants('builtins/refused.js');

/**
 * One record per case, in the order of the cases.
 *
 * `status`: `passed`, `failed`, `refused` (it needs a builtin that no policy may use and that the host lacks) or
 * `excepted` (OPA's own WASM runner leaves it out, and it does not pass here either).
 */
export async function runCases(cases, { compiler, instant, exceptionOf, engines, lanes = 2, onRecord }) {
  const records = new Array(cases.length);
  let next = 0;
  const work = async () => {
    const lane = new Lane();
    try {
      while (next < cases.length) {
        const index = next++;
        records[index] = await recordOf(cases[index], { compiler, instant, exceptionOf, engines, lane });
        onRecord?.(records[index]);
      }
    } finally {
      await lane.close();
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return records;
}

async function recordOf(wish, { compiler, instant, exceptionOf, engines, lane }) {
  const compiled = await firstThatCompiles(wish, compiler);
  const evaluate = (engine) =>
    compiled.problem === undefined
      ? lane.evaluate({ engine, instant, ...compiled, data: wish.data, input: wish.input })
      : { kind: 'error', cause: 'build', detail: compiled.problem };
  const outcome = await evaluate('host');
  const verdict = judge(wish, outcome);
  const record = { wish, ...verdict, exception: exceptionOf(wish.note), ...statusOf(verdict, outcome) };
  if (record.status === 'failed' && record.exception !== undefined) record.status = 'excepted';
  record.builtins = outcome.builtins ?? [];
  if (wish.strictError && wish.wantResult === undefined)
    record.strict = (await evaluate('strict')).kind === 'error';
  if (engines.includes('sdk')) record.sdk = sdkRecord(wish, await evaluate('sdk'));
  return record;
}

function statusOf({ passed }, outcome) {
  if (passed) return { status: 'passed' };
  const refused = (outcome.missing ?? []).filter(
    (name) => REFUSED_BUILTINS.has(name) && !HOST_BUILTINS.has(name),
  );
  if (refused.length === 0) return { status: 'failed' };
  return {
    status: 'refused',
    reason: refused.map((name) => `${name}: ${REFUSED_BUILTINS.get(name)}`).join('; '),
  };
}

const sdkRecord = (wish, outcome) => ({
  passed: judge(wish, outcome).passed,
  inAnyOrder: judge(wish, outcome, { anyOrder: true }).passed,
  got: describe(outcome),
});

async function firstThatCompiles(wish, compiler) {
  let last;
  for (const plan of plansOf(wish)) {
    last = { plan, ...(await compiler.compile(plan, wish)) };
    if (!last.noEntrypoint) break;
  }
  return last;
}
