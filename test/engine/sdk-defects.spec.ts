import { loadPolicy } from '@open-policy-agent/opa-wasm';
import type { JsonValue } from '../../src/kernel/canonical-json.js';
import { JsonText } from '../../src/kernel/json-text.js';
import type { BuiltinFamily } from '../../src/rego/builtins/builtin.js';
import type { CompiledBundle } from '../../src/rego/compiler.port.js';
import { PolicyInstance } from '../../src/rego/host/instance.js';
import { RegoSet, toJson, type RegoValue } from '../../src/rego/value/rego-value.js';
import { DEFAULT_ENGINE_LIMITS } from '../../src/rego/host/engine.io.js';
import {
  aRequest,
  compileUnrestricted,
  engineOver,
  instanceOf,
  problemOf,
  problemOfOne,
  valueOf,
} from './kit.js';

/*
 * engine.md §6: what `@open-policy-agent/opa-wasm` 1.10.0 gets wrong, line by line, shown beside ours. Should a test
 * fail because the SDK has become right, its line goes. Line 22, no conformance figure: docs/conformance.md has both.
 */

const POLICY = `package d

fine if not input.bad

kind := type_name(input)

echo := input

parsed := "yes" if units.parse(input.amount)

checked := units.parse(input.amount)

either := units.parse(input.amount)

either := "fallback" if input.amount

of_set := strings.any_prefix_match({"c", "a", "b"}, "x")

number := units.parse("n")

times := [time.now_ns(), uuid.rfc4122("a")]

again := [time.now_ns(), uuid.rfc4122("a")]

shipped := sprintf("%d", [1])

go_text := sprintf("%v %q %5.1f", [{"b": [1]}, "x", 2.25])

pieces := regex.split("(?i)x", "aXbxc")

slow := regex.split("^(a+)+$", input.text)

admin if data.admins[input.user]

clash := 1 if input.clash

clash := 2 if input.clash

endless := [1 | some a in numbers.range(1, input.n); some b in numbers.range(1, input.n); a + b == 0]
`;
const ENTRYPOINT = 'd';

type SdkPolicy = Awaited<ReturnType<typeof loadPolicy>>;

describe('the npm SDK differs from us:', () => {
  let bundles: ReadonlyMap<string, CompiledBundle>;
  const names = [...new Set([...POLICY.matchAll(/^([a-z_]+)/gm)].map(([, name]) => name ?? ''))].filter(
    (name) => name !== 'package',
  );

  beforeAll(async () => {
    const compiled = names.map(
      async (name) => [name, await compileUnrestricted(POLICY, `${ENTRYPOINT}/${name}`)] as const,
    );
    bundles = new Map(await Promise.all(compiled));
  }, 60_000);

  const bundle = (rule: string): CompiledBundle => {
    const found = bundles.get(rule);
    if (!found) throw new Error(`no rule ${rule}`);
    return found;
  };
  const sdk = (rule: string, builtins: Record<string, unknown> = {}): Promise<SdkPolicy> =>
    loadPolicy(new Uint8Array(bundle(rule).wasm), undefined, builtins as never);
  const bytes = (text: string): ArrayBuffer => new Uint8Array(Buffer.from(text)).buffer;
  const theirs = async (rule: string, input: unknown, builtins?: Record<string, unknown>): Promise<unknown> =>
    ((await sdk(rule, builtins)).evaluate(input) as unknown[])[0];
  const thrown = async (act: () => Promise<unknown>): Promise<unknown> => {
    try {
      await act();
    } catch (error) {
      return error;
    }
    throw new Error('nothing was thrown');
  };
  const work = (rule: string, text: string | undefined): Parameters<PolicyInstance['evaluate']>[0] => ({
    instant: 1_795_203_000_123,
    seed: 'seed',
    input: { kind: 'term', text },
    questions: [{ entrypoint: `${ENTRYPOINT}/${rule}` }],
  });
  const answer = async (
    rule: string,
    text: string | undefined,
    builtins: BuiltinFamily = {},
  ): Promise<ReturnType<PolicyInstance['evaluate']>[0]> => {
    const [only] = (await instanceOf(bundle(rule), { builtins })).evaluate(work(rule, text));
    if (!only) throw new Error('no answer');
    return only;
  };
  const ours = async (rule: string, text: string | undefined, builtins?: BuiltinFamily): Promise<RegoValue> =>
    valueOf(await answer(rule, text, builtins));

  it('1. it decides on malformed bytes as if there were none', async () => {
    expect(await theirs('fine', bytes('{"bad":true'))).toEqual({ result: true });
    expect(problemOf(JsonText.read('{"bad":true'))).toMatchObject({ fault: 'Syntax' });
  });

  it('2. it reads the first of two documents, and none out of no bytes', async () => {
    expect(await theirs('fine', bytes('{"bad":false}{"bad":true}'))).toEqual({ result: true });
    expect(await theirs('fine', bytes(''))).toEqual({ result: true });
    for (const text of ['{"bad":false}{"bad":true}', ''])
      expect(problemOf(JsonText.read(text))).toMatchObject({ kind: 'InvalidJson' });
  });

  it('3. it takes a buffer for an object with numbered members', async () => {
    const input = Buffer.from('{"bad":true}');
    expect(await theirs('fine', input)).toEqual({ result: true });
    const read = valueOf(JsonText.read(input));
    expect((await answer('fine', read.text)).ok).toBe(false);
  });

  it.each(['null', 'false', '0', '""'])('4. it takes %s for no input', async (text) => {
    expect(await theirs('kind', JSON.parse(text))).toBeUndefined();
    expect(toJson(await ours('echo', text))).toEqual(JSON.parse(text));
  });

  it('5. it takes a promise for true', async () => {
    const refuse = (): Promise<boolean> => Promise.resolve(false);
    expect(await theirs('parsed', { amount: '1' }, { 'units.parse': refuse })).toEqual({ result: 'yes' });
    const problem = problemOf(await answer('parsed', '{"amount":"1"}', { 'units.parse': refuse as never }));
    expect(problem).toMatchObject({ kind: 'EvaluationFailed', cause: 'builtin' });
  });

  it('6. a builtin’s error ends the evaluation, where OPA has undefined', async () => {
    const broken = (): never => {
      throw new Error('not an amount');
    };
    expect(await thrown(() => theirs('either', { amount: 'x' }, { 'units.parse': broken }))).toBeInstanceOf(
      Error,
    );
    expect(await ours('either', '{"amount":"x"}')).toBe('fallback');
    const instance = await instanceOf(bundle('either'));
    const strict = instance.evaluate({ ...work('either', '{"amount":"x"}'), strictBuiltinErrors: true });
    expect(strict).toMatchObject([{ ok: false, problem: { cause: 'builtin' } }]);
  });

  it('7. what it throws is no error', async () => {
    const theirError = await thrown(async () => (await sdk('fine')).evaluate({}, 'another'));
    expect(typeof theirError).toBe('string');
    const [missing] = (await instanceOf(bundle('fine'))).evaluate(work('another', '{}'));
    expect(missing).toEqual({ ok: false, problem: { kind: 'EntrypointNotFound', entrypoint: 'd/another' } });
  });

  it('8. it loads a policy whose builtins it has not', async () => {
    expect(await thrown(() => theirs('times', {}))).toMatchObject({ message: /not implemented/ });
    const wasm = Buffer.from(bundle('checked').wasm);
    wasm.write('units.parsf', wasm.indexOf('units.parse'));
    const module = await WebAssembly.compile(new Uint8Array(wasm));
    const { digest } = bundle('checked');
    const loaded = await PolicyInstance.load({ bundle: digest, module }, DEFAULT_ENGINE_LIMITS);
    expect(problemOf(loaded)).toMatchObject({ kind: 'UnsupportedBuiltin', builtins: ['units.parsf'] });
  });

  it('9. its memory stays as large as the largest input made it', async () => {
    const text = JSON.stringify({ bad: Array.from({ length: 400_000 }, (_, n) => n) });
    const policy = await sdk('fine');
    policy.evaluate(bytes(text));
    policy.evaluate({});
    expect((policy as unknown as { mem: WebAssembly.Memory }).mem.buffer.byteLength).toBeGreaterThan(20e6);
    const instance = await instanceOf(bundle('fine'), {}, { recycleAboveBytes: 8e6 });
    instance.evaluate(work('fine', text));
    expect(instance.reusable).toBe(false);
  });

  it('10. depth exhausts its stack', async () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    expect(String(await thrown(() => theirs('fine', bytes(deep))))).toMatch(/call stack|out of bounds/);
    expect(problemOf(JsonText.read(deep))).toMatchObject({ fault: 'TooDeep' });
  });

  it('11. integers beyond 2^53 lose digits, and no builtin may answer one', async () => {
    expect(await theirs('echo', bytes('[9007199254740993]'))).toEqual({ result: [9007199254740992] });
    expect(await thrown(() => theirs('number', {}, { 'units.parse': () => 2n ** 60n }))).toBeInstanceOf(
      TypeError,
    );
    expect(await ours('echo', '[9007199254740993]')).toEqual([9007199254740993n]);
    expect(await ours('number', '{}', { 'units.parse': () => 2n ** 60n })).toBe(2n ** 60n);
  });

  it('12. sets become arrays on their way to a builtin, and never come back', async () => {
    expect(await theirs('of_set', {}, { 'strings.any_prefix_match': Array.isArray })).toEqual({
      result: true,
    });
    const same: BuiltinFamily = { 'strings.any_prefix_match': (_, given) => given };
    expect(await ours('of_set', '{}', same)).toEqual(new RegoSet(['a', 'b', 'c']));
  });

  it('13. its own builtins cannot be replaced', async () => {
    expect(await theirs('shipped', {}, { sprintf: () => 'ours' })).toEqual({ result: '1' });
    expect(await ours('shipped', '{}', { sprintf: () => 'ours' })).toBe('ours');
  });

  it('14. its texts are formatted and split as JavaScript would', async () => {
    expect(await thrown(() => theirs('go_text', {}))).toBeInstanceOf(SyntaxError);
    expect(await ours('go_text', '{}')).toBe('{"b": [1]} "x"   2.2');
    expect(await thrown(() => theirs('pieces', {}))).toBeInstanceOf(SyntaxError);
    expect(await ours('pieces', '{}')).toEqual(['a', 'b', 'c']);
    const text = `${'a'.repeat(22)}b`;
    const took = async (act: () => Promise<unknown>): Promise<number> => {
      const started = performance.now();
      await act();
      return performance.now() - started;
    };
    const slowly = await took(() => theirs('slow', { text }));
    const once = await took(() => ours('slow', JSON.stringify({ text })));
    expect(once).toBeLessThan(slowly + 50);
    expect(await took(() => ours('slow', JSON.stringify({ text: 'a'.repeat(20_000) + 'b' })))).toBeLessThan(
      5_000,
    );
  });

  it('15. what the module says on giving up is garbled beyond ASCII', async () => {
    const wasm = Buffer.from(bundle('clash').wasm);
    wasm.write('grüße', wasm.indexOf('policy.rego')); // the file that the message names
    const policy = await loadPolicy(new Uint8Array(wasm));
    expect(await thrownOr(() => policy.evaluate({ clash: true }))).not.toContain('grüße');
    const instance = await instanceOf({ ...bundle('clash'), wasm });
    const [answered] = instance.evaluate(work('clash', '{"clash":true}'));
    expect(answered).toMatchObject({
      problem: { cause: 'conflict', detail: expect.stringContaining('grüße') as string },
    });
  });

  it('16. it blocks everything while it evaluates, without an end', async () => {
    const ticks = async (act: () => Promise<unknown>): Promise<number> => {
      let count = 0;
      const timer = setInterval(() => (count += 1), 5);
      await act().finally(() => {
        clearInterval(timer);
      });
      return count;
    };
    const policy = await sdk('endless');
    expect(await ticks(() => Promise.resolve(policy.evaluate({ n: 400 })))).toBe(0);
    const engine = engineOver([bundle('endless')], { threads: 1 });
    const request = aRequest(bundle('endless'), { input: '{"n":20000}', deadlineMs: 100 });
    let problem: unknown;
    const ticked = await ticks(async () => {
      problem = problemOfOne(await engine.evaluate(request).finally(() => engine.close()));
    });
    expect(ticked).toBeGreaterThan(3);
    expect(problem).toEqual({ kind: 'DeadlineExceeded', deadlineMs: 100 });
  });

  it('17. a builtin knows nothing of the evaluation, so that nothing can be repeated', async () => {
    let clock = 0;
    const stubs = { 'time.now_ns': () => ++clock, 'uuid.rfc4122': () => String(Math.random()) };
    expect(await theirs('times', {}, stubs)).not.toEqual(await theirs('again', {}, stubs));
    expect(await ours('times', '{}')).toEqual(await ours('again', '{}'));
  });

  it('18. data that it cannot read leaves other data behind', async () => {
    const policy = await sdk('admin');
    const broken = `{"admins":{},"x":[${'1,'.repeat(2_000)}`;
    policy.setData({ admins: { anna: true } });
    expect(policy.evaluate({ user: 'anna' })).toEqual([{ result: true }]);
    const setBroken = (): void => {
      policy.setData(bytes(broken));
    };
    expect(await thrownOr(setBroken)).toBeDefined();
    const after = await thrownOr(() => policy.evaluate({ user: 'anna', filler: 'x'.repeat(1000) }));
    expect(after).not.toEqual([{ result: true }]);

    const { digest, wasm } = bundle('admin');
    const module = await WebAssembly.compile(new Uint8Array(wasm));
    const loaded = await PolicyInstance.load(
      { bundle: digest, module, data: '{"admins":' },
      DEFAULT_ENGINE_LIMITS,
    );
    expect(problemOf(loaded)).toMatchObject({ kind: 'EvaluationFailed', cause: 'bundle' });
  });

  it('19. it writes and parses data anew for each instance', async () => {
    const plain: JsonValue = { admins: { anna: true } };
    let written = 0;
    const counted = Object.defineProperty({ ...plain }, 'toJSON', {
      value: () => {
        written += 1;
        return plain;
      },
    });
    for (const policy of [await sdk('admin'), await sdk('admin')]) {
      policy.setData(counted);
      expect(policy.evaluate({ user: 'anna' })).toEqual([{ result: true }]);
    }
    expect(written).toBe(2);

    const parsed = await instanceOf(bundle('admin'), { data: JSON.stringify(plain) });
    const image = parsed.dataImage();
    // No text to parse: only memory to copy.
    const shared = await instanceOf(bundle('admin'), { image });
    expect(shared.evaluate(work('admin', '{"user":"anna"}'))).toEqual([{ ok: true, value: true }]);
  });

  it('20. a lone surrogate makes the module give up', async () => {
    expect(await thrown(() => theirs('echo', '\ud800'))).toMatch(/illegal string escape/);
    expect(problemOf(JsonText.read('"\\ud800"'))).toMatchObject({ fault: 'LoneSurrogate' });
  });

  it('21. asked again by its own builtin it corrupts itself', async () => {
    const builtins = { 'units.parse': (): unknown => (depth++ < 1 ? policy.evaluate({ amount: 'y' }) : 1) };
    let depth = 0;
    const policy = await sdk('either', builtins);
    expect(await thrownOr(() => policy.evaluate({ amount: 'x' }))).not.toEqual([{ result: 'fallback' }]);

    const again: BuiltinFamily = { 'units.parse': () => instance.evaluate(work('checked', '{}')) as never };
    const instance = await instanceOf(bundle('checked'), { builtins: again });
    const [answered] = instance.evaluate(work('checked', '{"amount":"x"}'));
    expect(answered).toMatchObject({ ok: false, problem: { cause: 'builtin', detail: /while evaluating/ } });
    expect(instance.reusable).toBe(false);
  });

  async function thrownOr(act: () => unknown): Promise<unknown> {
    try {
      return await Promise.resolve(act());
    } catch (error) {
      return error;
    }
  }
});
