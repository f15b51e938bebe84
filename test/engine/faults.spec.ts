import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { JsonText } from '../../src/kernel/json-text.js';
import { sha256, type Digest } from '../../src/kernel/digest.js';
import type { CompiledBundle } from '../../src/rego/compiler.port.js';
import type { Bundle } from '../../src/rego/engine.port.js';
import { DEFAULT_ENGINE_LIMITS, ThreadedEngine, type EngineLimits } from '../../src/rego/host/engine.io.js';
import { POLICY, RULES } from './fault-policy.js';
import { EMPTY_MODULE, ENDLESS_START, ofAbi } from './hand-made.js';
import {
  answersOf,
  aRequest,
  callingInstead,
  compile,
  endThreads,
  problemOf,
  problemOfOne,
  threadFile,
  type RequestChanges,
} from './kit.js';

const FAULTY_THREAD = pathToFileURL(join(import.meta.dirname, 'faulty-thread.mjs'));

const refused = (bytes: Uint8Array | string): unknown => problemOf(JsonText.read(bytes));

describe('a fault', () => {
  const deaths: unknown[] = [];
  const outcomes: unknown[] = [];
  const open: ThreadedEngine[] = [];
  let gate: CompiledBundle;
  let engine: ThreadedEngine;
  let faulty: ThreadedEngine;

  const start = (
    bundle: (digest: Digest) => Promise<Bundle | undefined>,
    limits: Partial<EngineLimits> = {},
    file = threadFile,
  ): ThreadedEngine => {
    const started = new ThreadedEngine({ get: bundle }, file, {
      ...DEFAULT_ENGINE_LIMITS,
      threads: 1,
      ...limits,
    });
    open.push(started);
    return started;
  };
  const over = (wasm: Uint8Array): ThreadedEngine => start(() => Promise.resolve({ wasm }));
  const ask = (rule: string, input: string, changes: RequestChanges = {}): ReturnType<typeof aRequest> =>
    aRequest(gate, { entrypoints: [`gate/${rule}`], input, ...changes });
  const asked = async (
    rule: string,
    input: string,
    changes: RequestChanges = {},
    by = engine,
  ): Promise<unknown> => problemOfOne(await by.evaluate(ask(rule, input, changes)));
  const judgesOn = async (by: ThreadedEngine): Promise<void> => {
    expect(answersOf(await by.evaluate(ask('verdict', '{"bad":true}')))).toEqual(['fail']);
  };
  const injected = (fault: string, changes: RequestChanges = {}, rule = 'builtin'): Promise<unknown> =>
    asked(rule, JSON.stringify({ fault }), changes, faulty);

  const died = (error: unknown): void => {
    deaths.push(error);
  };
  beforeAll(async () => {
    process.on('uncaughtException', died).on('unhandledRejection', died);
    gate = await compile(POLICY, ...new Set(RULES));
    engine = start(() => Promise.resolve(gate));
    faulty = start(() => Promise.resolve(gate), { threadHeapMb: 64 }, FAULTY_THREAD);
  }, 60_000);
  afterAll(async () => {
    process.off('uncaughtException', died).off('unhandledRejection', died);
    await Promise.all(open.map((each) => each.close()));
  });

  const invalid = (fault: string): object => ({ kind: 'InvalidJson', fault });
  const failure = (cause: string, detail?: RegExp): object => ({
    kind: 'EvaluationFailed',
    cause,
    detail: detail ? expect.stringMatching(detail) : expect.any(String),
  });
  const late = (deadlineMs: number): object => ({ kind: 'DeadlineExceeded', deadlineMs });
  const unavailable = (reason: string): object => ({ kind: 'EngineUnavailable', reason });
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  const FAULTS: readonly (readonly [string, object, () => unknown])[] = [
    ['malformed text', invalid('Syntax'), () => refused(Buffer.from('{"bad":tru'))],
    ['bytes that are no UTF-8', invalid('InvalidUtf8'), () => refused(Buffer.from('{"a":"\xff"}', 'latin1'))],
    ['text after the document', invalid('TrailingText'), () => refused('{"bad":false} x')],
    ['two documents', invalid('TrailingText'), () => refused('{"bad":false}{"bad":true}')],
    ['no bytes', invalid('Syntax'), () => refused(new Uint8Array())],
    ['a byte order mark', invalid('ByteOrderMark'), () => refused('\ufeff{"bad":true}')],
    ['a name given twice', invalid('DuplicateKey'), () => refused('{"bad":true,"bad":false}')],
    ['a lone surrogate', invalid('LoneSurrogate'), () => refused('{"bad":"\\ud800"}')],
    ['20,000 levels', invalid('TooDeep'), () => refused(nested(20_000))],
    ['a number that would be rounded', invalid('InexactNumber'), () => refused('[9007199254740993]')],
    [
      'an input beyond the limit',
      { kind: 'InputTooLarge', sizeBytes: 1048578, limitBytes: 1048576 },
      () =>
        asked(
          'verdict',
          JSON.stringify('x'.repeat(2 ** 20)),
          {},
          start(() => Promise.resolve(gate), { inputBytes: 2 ** 20 }),
        ),
    ],
    [
      'an undefined input',
      { kind: 'ResultUndefined', entrypoint: 'gate/kind' },
      () => asked('kind', '{}', { input: { kind: 'none' } }),
    ],
    [
      'an undefined result',
      { kind: 'ResultUndefined', entrypoint: 'gate/sometimes' },
      () => asked('sometimes', '{}'),
    ],
    [
      'an entrypoint that is not there',
      { kind: 'EntrypointNotFound', entrypoint: 'gate/verdikt' },
      () => asked('verdikt', '{}'),
    ],
    [
      'rules that disagree',
      failure('conflict', /policy\.rego:\d+/),
      () => asked('conflict', '{"a":1,"b":1}'),
    ],
    [
      'an object with two values for a key',
      failure('conflict', /object insert conflict/),
      () => asked('object_conflict', '{"pairs":[["a","pass"],["a","fail"]]}'),
    ],
    ['a number in the result beyond a double', failure('result', /double/), () => asked('huge', '{}')],
    [
      'bytes that are no text, in a result',
      failure('result', /not UTF-8/),
      () => asked('bytes', '{"encoded":"/w=="}'),
    ],
    ['two keys that become one', failure('result', /one JSON name/), () => asked('one_name', '{}')],
    [
      'an oversized result',
      failure('result', /bytes; 65536 are allowed/),
      () =>
        asked(
          'long',
          '{"length":100000}',
          {},
          start(() => Promise.resolve(gate), { resultBytes: 65_536 }),
        ),
    ],
    [
      'stack exhaustion in the module',
      failure('trap'),
      () => asked('parsed', JSON.stringify({ text: nested(300_000) })),
    ],
    [
      'memory exhaustion in the module',
      failure('memory', /opa_malloc/),
      () =>
        asked(
          'greedy',
          '{}',
          {},
          start(() => Promise.resolve(gate), { memoryPages: 64 }),
        ),
    ],
    [
      'an input that needs more memory than there is',
      failure('memory', /opa_malloc/),
      () =>
        asked(
          'verdict',
          JSON.stringify(Array(400_000).fill(1)),
          {},
          start(() => Promise.resolve(gate), { memoryPages: 64 }),
        ),
    ],
    ['an endless evaluation', late(300), () => asked('endless', '{"sum":3.5}', { deadlineMs: 300 })],
    [
      'an exponential evaluation',
      late(300),
      () =>
        asked('exponential', JSON.stringify({ n: Array.from({ length: 60 }, (_, n) => n) }), {
          deadlineMs: 300,
        }),
    ],
    ['a builtin with a bug', failure('builtin', /strings\.any_prefix_match: /), () => injected('bug')],
    ['a builtin that never returns from itself', failure('builtin', /call stack/), () => injected('deep')],
    ['a builtin that answers a promise', failure('builtin', /Promise/), () => injected('promise')],
    [
      'a builtin that answers what Rego has not',
      failure('builtin', /not a Rego value/),
      () => injected('object'),
    ],
    ['a builtin that answers NaN', failure('builtin', /not a Rego value/), () => injected('nan')],
    [
      'a builtin’s error, which is undefined',
      { kind: 'ResultUndefined', entrypoint: 'gate/builtin' },
      () => injected('error'),
    ],
    [
      'a builtin’s error in a strict evaluation',
      failure('builtin', /operand 1 must be/),
      () => injected('error', { strictBuiltinErrors: true }, 'lenient'),
    ],
    ['a builtin that exhausts the thread’s heap', failure('memory'), () => injected('exhaust')],
    ['a thread that ends itself', unavailable('thread-failed'), () => injected('exit')],
    [
      'a thread that is ended from outside',
      unavailable('thread-failed'),
      async () => {
        const waiting = asked('endless', '{"sum":3.5}');
        const endless = setInterval(() => {
          endThreads(engine);
        }, 200);
        return waiting.finally(() => {
          clearInterval(endless);
        });
      },
    ],
    [
      'a thread that ends before it is ready',
      unavailable('thread-failed'),
      () =>
        asked(
          'verdict',
          '{}',
          {},
          start(() => Promise.resolve(gate), {}, new URL('data:text/javascript,process.exit(0)')),
        ),
    ],
    [
      'a builtin that the host has not',
      { kind: 'UnsupportedBuiltin', builtins: ['strings.any_prefix_catch'] },
      () =>
        asked(
          'verdict',
          '{}',
          {},
          over(callingInstead(gate, 'strings.any_prefix_match', 'strings.any_prefix_catch').wasm),
        ),
    ],
    [
      'a bundle that is not there',
      { kind: 'BundleNotFound' },
      () =>
        asked(
          'verdict',
          '{}',
          { bundle: sha256('x') },
          start(() => Promise.resolve(undefined)),
        ),
    ],
    [
      'a store whose bytes are not those of the digest',
      unavailable('bundle-unreadable'),
      () =>
        asked(
          'verdict',
          '{}',
          {},
          start(() => Promise.reject(new Error('stale: other bytes'))),
        ),
    ],
    [
      'bytes that are no module',
      failure('bundle'),
      () => asked('verdict', '{}', {}, over(Buffer.from('not wasm'))),
    ],
    [
      'half a module',
      failure('bundle'),
      () => asked('verdict', '{}', {}, over(gate.wasm.subarray(0, 60_000))),
    ],
    [
      'a module with a broken byte',
      failure('bundle'),
      () => {
        const wasm = Buffer.from(gate.wasm);
        wasm[9] = 0xff;
        return asked('verdict', '{}', {}, over(wasm));
      },
    ],
    [
      'a module that is not OPA’s',
      failure('bundle', /not a policy/),
      () => asked('verdict', '{}', {}, over(EMPTY_MODULE)),
    ],
    ['an older ABI', failure('bundle', /ABI 1\.2/), () => asked('verdict', '{}', {}, over(ofAbi(1, 2)))],
    ['a newer ABI', failure('bundle', /ABI 2\.0/), () => asked('verdict', '{}', {}, over(ofAbi(2, 0)))],
    ['an ABI without its functions', failure('bundle'), () => asked('verdict', '{}', {}, over(ofAbi(1, 3)))],
    [
      'a module that never finishes to load',
      late(300),
      () => asked('verdict', '{}', { deadlineMs: 300 }, over(ENDLESS_START)),
    ],
    [
      'a queue that is full',
      unavailable('busy'),
      async () => {
        const small = start(() => Promise.resolve(gate), { pending: 1 });
        const first = asked('endless', '{"sum":3.5}', { deadlineMs: 300 }, small);
        const second = await asked('verdict', '{}', {}, small);
        expect(await first).toMatchObject(late(300));
        return second;
      },
    ],
    [
      'an engine that is closed',
      unavailable('closed'),
      async () => {
        const closing = start(() => Promise.resolve(gate));
        const waiting = asked('endless', '{"sum":3.5}', {}, closing);
        await closing.close();
        expect(await asked('verdict', '{}', {}, closing)).toMatchObject(unavailable('closed'));
        return waiting;
      },
    ],
  ];

  it.each(FAULTS)('%s is a typed problem, and judging goes on', async (_, expected, provoke) => {
    const problem = await provoke();
    outcomes.push(problem);
    expect(problem).toMatchObject(expected);
    await judgesOn(engine);
    await judgesOn(faulty);
  });

  it.each([
    ['null', 'null'],
    ['false', 'boolean'],
    ['0', 'number'],
    ['""', 'string'],
    ['[]', 'array'],
  ])('%s for an input is seen as itself', async (input, kind) => {
    expect(answersOf(await engine.evaluate(ask('kind', input)))).toEqual([kind]);
  });

  it('in one question leaves the others theirs', async () => {
    const questions = ['verdict', 'conflict', 'verdict', 'none', 'conflict', 'kind'];
    const request = ask('', '{"a":true,"b":true}', { entrypoints: questions.map((rule) => `gate/${rule}`) });
    const answers = await engine.evaluate(request);
    if (!answers.ok) throw new Error(answers.problem.kind);
    expect(answers.value.map((each) => (each.ok ? each.value : each.problem.kind))).toEqual([
      'pass',
      'EvaluationFailed',
      'pass',
      'EntrypointNotFound',
      'EvaluationFailed',
      'object',
    ]);
  });

  it('in one request of many leaves the others theirs, in their order', async () => {
    const one = start(() => Promise.resolve(gate));
    const requests = [
      ask('verdict', '{"a":true}'),
      ask('conflict', '{"a":true,"b":true}'),
      ask('verdict', '{"bad":true}'),
    ];
    const seen = (await one.evaluateMany(requests)).map((each) =>
      each.ok ? each.value[0] : each.problem.kind,
    );
    expect(seen).toEqual([
      { ok: true, value: 'pass' },
      expect.objectContaining({ ok: false }),
      { ok: true, value: 'fail' },
    ]);
  });

  it('of one that never ends costs the others nothing but time', async () => {
    const one = start(() => Promise.resolve(gate));
    const requests = ['{"a":true}', '{"sum":3.5}', '{"bad":true}'].map((input) =>
      ask(input.includes('sum') ? 'endless' : 'verdict', input, { deadlineMs: 300 }),
    );
    const seen = (await one.evaluateMany(requests)).map((each) =>
      each.ok ? each.value[0] : each.problem.kind,
    );
    expect(seen).toEqual([{ ok: true, value: 'pass' }, 'DeadlineExceeded', { ok: true, value: 'fail' }]);
  });

  it('of the machine’s clock is not seen: the instant given is the time, throughout', async () => {
    const [first, second] = [1_795_203_000_123, 1];
    const seen = async (instant: number): Promise<unknown> =>
      answersOf(await faulty.evaluate(ask('now', '{}', { instant })));
    expect(await seen(first)).toEqual([Array(3).fill('1795203000123000000')]);
    expect(await seen(second)).toEqual([Array(3).fill('1000000')]);
    expect(await seen(first)).toEqual([Array(3).fill('1795203000123000000')]);
  });

  it('never was a pass, nor the end of the process', () => {
    expect(outcomes.length).toBeGreaterThanOrEqual(FAULTS.length);
    expect(outcomes.filter((problem) => typeof (problem as { kind?: unknown }).kind !== 'string')).toEqual(
      [],
    );
    expect(deaths).toEqual([]);
  });
});
