import { JsonText } from '../../src/kernel/json-text.js';
import type { CompiledBundle } from '../../src/rego/compiler.port.js';
import type { EvaluationRequest, ManyEngine } from '../../src/rego/engine.port.js';
import { GatheredEngine } from '../../src/rego/gathered-engine.js';
import type { ThreadedEngine } from '../../src/rego/host/engine.io.js';
import { aRequest, compile, engineOver, valueOf } from './kit.js';

const POLICY = (name: string): string => `package ${name}

double := input.n * 2

endless := count([1 |
	some a in numbers.range(1, 20000)
	some b in numbers.range(1, 20000)
	a + b == input.z
])
`;

describe('questions of one moment', () => {
  let bundles: readonly CompiledBundle[];
  let threads: ThreadedEngine;
  let calls: (readonly EvaluationRequest[])[];
  let alone: EvaluationRequest[];
  let engine: ManyEngine;

  beforeAll(async () => {
    bundles = await Promise.all(
      ['one', 'two'].map((name) => compile(POLICY(name), `${name}/double`, `${name}/endless`)),
    );
    threads = engineOver(bundles);
  }, 60_000);
  beforeEach(() => {
    calls = [];
    alone = [];
    engine = new GatheredEngine({
      evaluate: (request) => {
        alone.push(request);
        return threads.evaluate(request);
      },
      evaluateMany: (requests) => {
        calls.push(requests);
        return threads.evaluateMany(requests);
      },
    });
  });
  afterAll(() => threads.close());

  const ask = (policy: number, input: string, rule = 'double', deadlineMs = 20_000): EvaluationRequest => {
    const bundle = bundles[policy];
    if (!bundle) throw new Error('no such policy');
    return aRequest(bundle, { entrypoints: [`${policy === 0 ? 'one' : 'two'}/${rule}`], input, deadlineMs });
  };
  const answers = async (requests: readonly EvaluationRequest[]): Promise<unknown[]> =>
    (await Promise.all(requests.map((request) => engine.evaluate(request)))).map((each) =>
      each.ok ? valueOf(each.value[0] ?? { ok: false, problem: 'none' }) : each.problem.kind,
    );

  it('reach the threads together, and each has its own answer', async () => {
    const numbers = Array.from({ length: 120 }, (_, n) => n);
    const seen = await answers(numbers.map((n) => ask(0, `{"n":${String(n)}}`)));
    expect(seen).toEqual(numbers.map((n) => n * 2));
    expect(calls.length).toBeLessThanOrEqual(3);
  });

  it('about several policies never share a call', async () => {
    const seen = await answers([0, 1, 0, 1].map((policy, n) => ask(policy, `{"n":${String(n)}}`)));
    expect(seen).toEqual([0, 2, 4, 6]);
    expect(calls.map((requests) => new Set(requests.map(({ bundle }) => bundle)).size)).toEqual([1, 1]);
  });

  it('have their answers though one of them never ends', async () => {
    const endless = ask(0, '{"z":3.5}', 'endless', 500);
    const seen = await answers([endless, ...[1, 2, 3].map((n) => ask(0, `{"n":${String(n)}}`))]);
    expect(seen).toEqual(['DeadlineExceeded', 2, 4, 6]);
    expect(calls).toHaveLength(1);
  });

  it('are waited for by nobody else where they are large', async () => {
    const text = 'x'.repeat(70_000);
    const large = [1, 2].map((n): EvaluationRequest => {
      const input = JsonText.of({ n, text });
      return { ...ask(0, '{}'), input: { kind: 'document', text: input } };
    });
    expect(await answers([...large, ask(0, '{"n":3}')])).toEqual([2, 4, 6]);
    expect([alone.length, calls.length]).toEqual([2, 1]);
  });

  it('are more than one order where they are large together', async () => {
    const text = 'x'.repeat(60_000);
    const many = Array.from({ length: 30 }, (_, n): EvaluationRequest => {
      const input = JsonText.of({ n, text });
      return { ...ask(0, '{}'), input: { kind: 'document', text: input } };
    });
    expect(await answers(many)).toEqual(many.map((_, n) => n * 2));
    expect(calls).toHaveLength(1);
  });
});
