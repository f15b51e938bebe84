import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledBundle } from '../../src/rego/compiler.port.js';
import type { BuiltinFamily } from '../../src/rego/builtins/builtin.js';
import { JsonText } from '../../src/kernel/json-text.js';
import { compareRego, RegoObject, RegoSet, type RegoValue } from '../../src/rego/value/rego-value.js';
import { writeTerm } from '../../src/rego/value/write-term.js';
import { EvaluationThread } from '../../src/rego/host/evaluation-thread.io.js';
import type { PolicyInstance } from '../../src/rego/host/instance.js';
import { type EvaluationWork } from '../../src/rego/host/instance.js';
import { PolicyModule } from '../../src/rego/host/module.js';
import { answersOf, aRequest, compile, engineOver, instanceOf } from './kit.js';

const POLICY = `package h

echo := input

through := strings.any_prefix_match([input], "x")

deep := walked if walked := {path: value | walk(input, [path, value])}

joined := object.union(input, {"own": data.known})

changed := x if x := input with input.a as 1 with input.b.c as 2

matched := {[k, regex.match("[a-b]", k), glob.match("*c", [], k)] | some k, _ in input}

known contains k if some k in data.known
`;
const RULES = ['echo', 'through', 'deep', 'joined', 'changed', 'matched', 'known'].map((rule) => `h/${rule}`);
const RUNS = process.env['ASSAY_LONG'] === '1' ? 1_000_000 : 10_000;
const EVALUATION = { instant: 1_795_203_000_123, seed: 'seed' };

/** Any value that a policy can have. */
const regoValue = fc.letrec<{ value: RegoValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(10n ** 40n), max: -(2n ** 53n) }),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 4 }).map((members) => new RegoSet(members)),
    fc
      .array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 })
      .map((entries) => new RegoObject(entries)),
  ),
})).value;

describe('a policy in this thread', () => {
  let bundle: CompiledBundle;

  beforeAll(async () => {
    bundle = await compile(POLICY, ...RULES);
  }, 60_000);

  const asked = (text: string, rule: string): EvaluationWork => ({
    ...EVALUATION,
    input: { kind: 'term', text },
    questions: [{ entrypoint: `h/${rule}` }],
  });

  it('gives every value back as it was, through the module and through a builtin call', async () => {
    const same: BuiltinFamily = {
      'strings.any_prefix_match': (_, given) => (given as readonly RegoValue[])[0],
    };
    const instance = await instanceOf(bundle, { builtins: same });
    fc.assert(
      fc.property(regoValue, (value) => {
        for (const rule of ['echo', 'through']) {
          const [answer] = instance.evaluate(asked(writeTerm(value), rule));
          if (!answer?.ok) throw new Error(JSON.stringify(answer?.problem));
          if (compareRego(answer.value, value) !== 0) throw new Error(`${rule}: ${writeTerm(answer.value)}`);
        }
      }),
      { numRuns: RUNS / 2 },
    );
  }, 3_600_000);

  it('answers questions upon shared members as if each had been asked alone, in any order', async () => {
    const text = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value).replaceAll('-0', '0'));
    const members = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), text, { maxKeys: 4 });
    const question = fc.record(
      { entrypoint: fc.constantFrom(...RULES), own: members },
      { requiredKeys: ['entrypoint'] },
    );
    const data = '{"known":["x",{"y":[1]}]}';
    const together = await instanceOf(bundle, { data });
    fc.assert(
      fc.property(members, fc.array(question, { minLength: 2, maxLength: 6 }), (shared, questions) => {
        const input = { kind: 'members' as const, members: shared };
        const answers = together.evaluate({ ...EVALUATION, input, questions });
        const alone = questions.map(({ entrypoint, own = {} }) => {
          const whole = Object.entries({ ...shared, ...own }).map(
            ([name, value]) => `${JSON.stringify(name)}:${value}`,
          );
          const term = { kind: 'term' as const, text: `{${whole.join(',')}}` };
          return together.evaluate({ ...EVALUATION, input: term, questions: [{ entrypoint }] })[0];
        });
        expect(answers).toEqual(alone);
      }),
      { numRuns: RUNS / 20 },
    );
  }, 3_600_000);

  it('answers from an image of parsed data as if it had parsed', async () => {
    const data = JSON.stringify({
      known: Array.from({ length: 2_000 }, (_, n) => ({ n, name: `é${String(n)}` })),
    });
    const first = await instanceOf(bundle, { data });
    const image = first.dataImage();
    const loads = jest.spyOn(PolicyModule.prototype, 'load');
    const second = await instanceOf(bundle, { image });
    expect(loads).not.toHaveBeenCalled();
    loads.mockRestore();
    const questions = ['known', 'joined', 'deep'].map((rule) => ({ entrypoint: `h/${rule}` }));
    for (const text of ['{"a":1}', '{"b":[2]}', '{"a":{"b":{}}}']) {
      const work: EvaluationWork = { ...EVALUATION, input: { kind: 'term', text }, questions };
      expect(second.evaluate(work)).toEqual(first.evaluate(work));
    }
    expect(second.memoryBytes).toBeLessThan(image.bytes.byteLength + 16 * 2 ** 20);
    const { bundle: other } = {
      bundle: await compile('package h\n\necho := [input, "another"]\n', 'h/echo'),
    };
    await expect(instanceOf(other, { image })).rejects.toThrow('another module');
  });

  it('parses data once for all threads', async () => {
    const data = JsonText.of({ known: Array.from({ length: 30_000 }, (_, n) => n) });
    const parses = jest.spyOn(EvaluationThread.prototype, 'prepare');
    const engine = engineOver([{ ...bundle, data }], { threads: 2 });
    const request = aRequest(bundle, { entrypoints: ['h/joined'], input: '{"a":1}' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => engine.evaluate(request)));
    expect(new Set(answers.map((answer) => JSON.stringify(answersOf(answer)))).size).toBe(1);
    expect(parses).toHaveBeenCalledTimes(1);
    parses.mockRestore();
    await engine.close();
  });

  it('gives the memory of a large input back', async () => {
    const engine = engineOver([bundle], { threads: 1, inputBytes: 2 ** 25 });
    const small = aRequest(bundle, { entrypoints: ['h/echo'], input: '{"a":1}' });
    const text = JSON.stringify(
      Array.from({ length: 700_000 }, (_, n) => `a text of about 24 bytes ${String(n)}`),
    );
    const large = aRequest(bundle, { entrypoints: ['h/known'], input: text, deadlineMs: 60_000 });
    await engine.evaluate(small);
    const before = process.memoryUsage.rss();
    for (let round = 0; round < 4; round++) await engine.evaluate(large);
    const started = performance.now();
    while (process.memoryUsage.rss() - before > 250 * 2 ** 20 && performance.now() - started < 10_000)
      await engine.evaluate(small);
    expect(process.memoryUsage.rss() - before).toBeLessThan(250 * 2 ** 20); // one such input takes 280 MiB
    expect(answersOf(await engine.evaluate(small))).toEqual([{ a: 1 }]);
    await engine.close();
  }, 120_000);

  it('is not asked after it broke', async () => {
    const broken: BuiltinFamily = { 'strings.any_prefix_match': () => Promise.resolve(1) as never };
    const instance: PolicyInstance = await instanceOf(bundle, { builtins: broken });
    instance.evaluate(asked('{}', 'through'));
    expect(instance.reusable).toBe(false);
    expect(() => instance.evaluate(asked('{}', 'echo'))).toThrow('spent');
  });
});
