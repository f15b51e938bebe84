/**
 * Compares what an engine said with what a case wants, as OPA's own WASM runner does
 * (internal/wasm/sdk/test/e2e/external_test.go).
 */
import { wants } from './dist.mjs';

const { compareRego, isArray, RegoObject, RegoSet } = await wants('value/rego-value.js');
const { parseRego } = await wants('value/read-dump.js');
const { writeTerm } = await wants('value/write-term.js');

/**
 * @typedef {{ kind: 'bindings', bindings: readonly RegoValue[] } | { kind: 'error', cause: string, detail: string }} Outcome
 * @returns {{ passed: boolean, wanted: string, got: string }}
 */
export function judge(wish, outcome, { anyOrder = false } = {}) {
  const got = describe(outcome);
  if (wish.wantDefined !== undefined)
    return {
      passed: outcome.kind === 'bindings' && outcome.bindings.length > 0 === wish.wantDefined,
      wanted: wish.wantDefined ? 'any result' : 'undefined',
      got,
    };
  if (wish.wantResult !== undefined || wish.strictError) {
    // WASM has no strict mode: an error that shows only there is an undefined result.
    const wanted = wish.wantResult === undefined ? [] : parseRego(wish.wantResult);
    const passed =
      outcome.kind === 'bindings' && sameBindings(wanted, outcome.bindings, { ...wish, anyOrder });
    return { passed, wanted: describe({ kind: 'bindings', bindings: wanted }), got };
  }
  return {
    passed: outcome.kind === 'error' && codeOf(outcome) === wish.wantErrorCode,
    wanted: `an error (${wish.wantErrorCode})`,
    got,
  };
}

/** Of the errors a compiled policy can end with, only this one is OPA's. */
const codeOf = ({ cause }) => (cause === 'conflict' ? 'eval_conflict_error' : undefined);

/** Sets of bindings are equal when each has the other's, sets written as arrays. */
function sameBindings(wanted, got, { sortBindings, anyOrder }) {
  const order = anyOrder ? sortedThroughout : (value) => value;
  const left = new RegoSet(wanted.map((each) => order(asJson(each))));
  const right = new RegoSet(
    got.map((each) => order(sortBindings ? sortedMembers(asJson(each)) : asJson(each))),
  );
  return compareRego(left, right) === 0;
}

/** As JSON sees a value: sets are arrays in Rego's order, keys are texts. */
function asJson(value) {
  if (value instanceof RegoSet) return value.members.map(asJson);
  if (value instanceof RegoObject)
    return new RegoObject(
      value.entries.map(([key, item]) => [
        typeof key === 'string' ? key : writeTerm(asJson(key)),
        asJson(item),
      ]),
    );
  return isArray(value) ? value.map(asJson) : value;
}

const sortedMembers = (binding) =>
  new RegoObject(
    binding.entries.map(([name, value]) => [name, isArray(value) ? value.toSorted(compareRego) : value]),
  );

function sortedThroughout(value) {
  if (value instanceof RegoObject)
    return new RegoObject(value.entries.map(([key, item]) => [key, sortedThroughout(item)]));
  return isArray(value) ? value.map(sortedThroughout).toSorted(compareRego) : value;
}

/**
 * Two engines agree when both give the same bindings or the same kind of error. Where the case has its arrays sorted,
 * their order is not the policy's to say: a comprehension over a set goes in the engine's own order.
 */
export function sameOutcome(one, other, { sortBindings = false } = {}) {
  if (one.kind === 'error' || other.kind === 'error')
    return one.kind === other.kind && codeOf(one) === codeOf(other);
  const [left, right] = [one, other].map(({ bindings }) => {
    const plain = bindings.map(asJson);
    return new RegoSet(sortBindings ? plain.map(sortedMembers) : plain);
  });
  return compareRego(left, right) === 0;
}

const SHOWN = 2_000;

export function describe(outcome) {
  if (outcome.kind === 'error') return `${outcome.cause}: ${outcome.detail}`;
  if (outcome.bindings.length === 0) return 'undefined';
  const text = outcome.bindings.map((each) => writeTerm(asJson(each))).join(' | ');
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
