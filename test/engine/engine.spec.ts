import type { CompiledBundle } from '../../src/rego/compiler.port.js';
import { sha256 } from '../../src/kernel/digest.js';
import { DEFAULT_ENGINE_LIMITS, ThreadedEngine } from '../../src/rego/host/engine.io.js';
import {
  answersOf,
  aRequest,
  callingInstead,
  compile,
  compileUnrestricted,
  engineOver,
  problemOfOne,
  threadFile,
  toolchain,
  valueOf,
} from './kit.js';

const POLICY = `package shop

allow if input.stars >= 3

default verdict := "no"

verdict := "yes" if input.stars >= 3

null_input if input == null

shapes := {"set": {3, 1, {"b"}, "a"}, "object": {2: "two", "one": 1}, "numbers": [1.0, 10 / 4, 0 - 0]}

now := $"{time.now_ns()}"

huge := 9007199254740993

clash := 1 if input.x

clash := 2 if input.y

endless := count([1 |
	some a in numbers.range(1, 20000)
	some b in numbers.range(1, 20000)
	a + b == input.z
])

greedy := count(concat("", [s | some i in numbers.range(1, 3000000); s := $"item number {i}"]))
`;
const RULES = ['allow', 'verdict', 'null_input', 'shapes', 'now', 'huge', 'clash', 'endless', 'greedy'];
const ask = (
  bundle: CompiledBundle,
  rule: string,
  input: string,
  deadlineMs = 20_000,
): Parameters<ThreadedEngine['evaluate']>[0] =>
  aRequest(bundle, { entrypoints: [`shop/${rule}`], input, deadlineMs });

describe('the engine', () => {
  let shop: CompiledBundle;
  let engine: ThreadedEngine;

  beforeAll(async () => {
    shop = await compile(POLICY, ...RULES.map((rule) => `shop/${rule}`));
    engine = engineOver([shop]);
  }, 60_000);
  afterAll(() => engine.close());

  it('answers every entrypoint in the order asked', async () => {
    const request = aRequest(shop, {
      entrypoints: ['shop/verdict', 'shop/allow', 'shop/verdict'],
      input: '{"stars":4}',
    });
    expect(answersOf(await engine.evaluate(request))).toEqual(['yes', true, 'yes']);
  });

  it('answers the same, bit for bit, however often and on whichever thread', async () => {
    const request = aRequest(shop, { entrypoints: ['shop/shapes', 'shop/now'] });
    const answers = await Promise.all(Array.from({ length: 20 }, () => engine.evaluate(request)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answersOf(await engine.evaluate(request))).toEqual([
      { set: [1, 3, 'a', ['b']], object: { '2': 'two', one: 1 }, numbers: [1, 2.5, 0] },
      '1795203000123000000',
    ]);
  });

  it('takes an undefined result for a problem, never for a pass', async () => {
    const problem = problemOfOne(await engine.evaluate(ask(shop, 'allow', '{"stars":1}')));
    expect(problem).toEqual({ kind: 'ResultUndefined', entrypoint: 'shop/allow' });
  });

  it('takes null and false for input', async () => {
    expect(answersOf(await engine.evaluate(ask(shop, 'null_input', 'null')))).toEqual([true]);
    expect(problemOfOne(await engine.evaluate(ask(shop, 'null_input', 'false')))).toMatchObject({
      kind: 'ResultUndefined',
    });
  });

  it('refuses input beyond its limit', async () => {
    const small = engineOver([shop], { inputBytes: 10, threads: 1 });
    expect(problemOfOne(await small.evaluate(ask(shop, 'verdict', '{"stars":4}')))).toEqual({
      kind: 'InputTooLarge',
      sizeBytes: 11,
      limitBytes: 10,
    });
    await small.close();
  });

  it('says which bundle or entrypoint it does not have', async () => {
    const digest = sha256('another');
    const unknown = problemOfOne(await engine.evaluate(aRequest(shop, { bundle: digest })));
    expect(unknown).toEqual({ kind: 'BundleNotFound', bundle: digest });
    const missing = problemOfOne(await engine.evaluate(ask(shop, '__proto__', '{}')));
    expect(missing).toEqual({ kind: 'EntrypointNotFound', entrypoint: 'shop/__proto__' });
  });

  it('refuses to load a policy that calls what the host does not have, called or not', async () => {
    const text = 'package a\n\nx := rand.intn("x", input.n) if input.random\n';
    const bundle = callingInstead(await compileUnrestricted(text, 'a/x'), 'rand.intn', 'rand.inth');
    const careless = engineOver([bundle], { threads: 1 });
    expect(problemOfOne(await careless.evaluate(aRequest(bundle)))).toEqual({
      kind: 'UnsupportedBuiltin',
      bundle: bundle.digest,
      builtins: ['rand.inth'],
    });
    await careless.close();
  });

  it('agrees with the compiler’s own evaluator on sets, odd keys and numbers', async () => {
    const files = [{ path: 'policy.rego', text: POLICY }];
    const theirs = valueOf(await toolchain().evaluate({ files, entrypoint: 'shop/shapes', input: {} }));
    expect(answersOf(await engine.evaluate(ask(shop, 'shapes', '{}')))).toEqual([theirs]);
  });

  it('refuses results that JSON cannot say exactly', async () => {
    const problem = problemOfOne(await engine.evaluate(ask(shop, 'huge', '{}')));
    expect(problem).toMatchObject({ kind: 'EvaluationFailed', cause: 'result' });
  });

  it('reports rules that disagree, and judges on with a fresh instance', async () => {
    const problem = problemOfOne(await engine.evaluate(ask(shop, 'clash', '{"x":true,"y":true}')));
    expect(problem).toMatchObject({ kind: 'EvaluationFailed', cause: 'conflict' });
    expect(problem).toMatchObject({ detail: expect.stringContaining('policy.rego:') as string });
    expect(answersOf(await engine.evaluate(ask(shop, 'clash', '{"x":true}')))).toEqual([1]);
  });

  it('stops an endless evaluation at its deadline, and survives', async () => {
    const started = performance.now();
    const problem = problemOfOne(await engine.evaluate(ask(shop, 'endless', '{"z":3}', 300)));
    expect(problem).toEqual({ kind: 'DeadlineExceeded', deadlineMs: 300 });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(answersOf(await engine.evaluate(ask(shop, 'verdict', '{"stars":4}')))).toEqual(['yes']);
  });

  it('gives a policy no more memory than it may have', async () => {
    const small = engineOver([shop], { memoryPages: 64, threads: 1 });
    const problem = problemOfOne(await small.evaluate(ask(shop, 'greedy', '{}')));
    expect(problem).toMatchObject({ kind: 'EvaluationFailed', cause: 'memory' });
    expect(answersOf(await small.evaluate(ask(shop, 'verdict', '{"stars":4}')))).toEqual(['yes']);
    await small.close();
  });

  it('tells callers to come back when too many ask at once', async () => {
    const small = engineOver([shop], { pending: 2, threads: 1 });
    await small.evaluate(ask(shop, 'verdict', '{}')); // its thread has started: what follows is about waiting only
    const asked = [1, 2, 3].map(() => small.evaluate(ask(shop, 'endless', '{"z":3}', 1_000)));
    expect((await Promise.all(asked)).map(problemOfOne)).toMatchObject([
      { kind: 'DeadlineExceeded' },
      {}, // waited as long as its deadline: a thread became free just in time, or did not
      { kind: 'EngineUnavailable', reason: 'busy' },
    ]);
    await small.close();
  });

  it('answers everybody when it is closed', async () => {
    const closing = engineOver([shop], { threads: 1 });
    const asked = [1, 2].map(() => closing.evaluate(ask(shop, 'endless', '{"z":3}')));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await closing.close();
    const closed = { kind: 'EngineUnavailable', reason: 'closed' };
    expect((await Promise.all(asked)).map(problemOfOne)).toMatchObject([closed, closed]);
    expect(problemOfOne(await closing.evaluate(ask(shop, 'verdict', '{}')))).toMatchObject(closed);
  });

  it('says so when its threads cannot start, or a bundle is no WebAssembly', async () => {
    const stored = { get: () => Promise.resolve({ wasm: shop.wasm }) };
    const lost = new ThreadedEngine(stored, new URL('missing.js', threadFile), {
      ...DEFAULT_ENGINE_LIMITS,
      threads: 1,
    });
    const problem = problemOfOne(await lost.evaluate(ask(shop, 'verdict', '{}')));
    expect(problem).toMatchObject({ kind: 'EngineUnavailable', reason: 'thread-failed' });
    await lost.close();

    const broken = engineOver([{ ...shop, wasm: Buffer.from('not wasm') }]);
    const refusal = problemOfOne(await broken.evaluate(ask(shop, 'verdict', '{}')));
    expect(refusal).toMatchObject({ kind: 'EvaluationFailed', cause: 'bundle' });
    await broken.close();
  });
});
