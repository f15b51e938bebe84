import type { JsonValue } from '../../kernel/canonical-json.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type {
  Answers,
  BundleSource,
  Engine,
  EngineProblem,
  EngineUnavailable,
  EvaluationRequest,
  InputMembers,
  PolicyInput,
  Question,
} from '../engine.port.js';
import { CLOSED } from './evaluation-thread.io.js';
import type { PolicySource, WorkInput, WorkQuestion } from './instance.js';
import { PolicyShelf } from './policy-shelf.io.js';
import type { ThreadLimits } from './protocol.js';
import { ThreadPool } from './thread-pool.io.js';

/** How much of the machine the engine may take; `DEFAULT_ENGINE_LIMITS` says why these figures. */
export interface EngineLimits extends ThreadLimits {
  readonly threads: number;
  /** Evaluations accepted and not yet answered, beyond which callers are told to come back. */
  readonly pending: number;
  /** Compiled modules and parsed data that are kept, by the size of their WebAssembly and heap images. */
  readonly keptPolicyBytes: number;
  /** JavaScript heap of a thread; WebAssembly memory is counted apart. */
  readonly threadHeapMb: number;
}

const MIB = 2 ** 20;

export const DEFAULT_ENGINE_LIMITS: EngineLimits = {
  threads: 2,
  pending: 256,
  keptPolicyBytes: 128 * MIB, // 250 to 800 policies without data
  threadHeapMb: 256,
  inputBytes: 16 * MIB, // takes about 14 times that once parsed, just within memoryPages
  resultBytes: 8 * MIB,
  memoryPages: 4096, // 256 MiB
  recycleAboveBytes: 64 * MIB,
  keptInstanceBytes: 128 * MIB, // an instance without data is 2 MiB
};

const BUSY: EngineUnavailable = {
  kind: 'EngineUnavailable',
  reason: 'busy',
  detail: 'too many evaluations at once',
};

/**
 * The engine on worker threads: evaluation is synchronous and can only be stopped from outside, so each thread
 * does one at a time and is ended, and replaced, when its deadline passes. Compiled modules and parsed data are
 * cached by bundle digest and shared between threads.
 */
export class ThreadedEngine implements Engine {
  private readonly pool: ThreadPool;
  private readonly shelf: PolicyShelf;
  private pending = 0;
  private closed = false;

  /** `threadFile` is the compiled evaluate.io.js: a thread cannot run TypeScript. */
  constructor(
    bundles: BundleSource,
    threadFile: URL,
    private readonly limits: EngineLimits = DEFAULT_ENGINE_LIMITS,
  ) {
    this.pool = new ThreadPool(limits.threads, { file: threadFile, limits, heapMb: limits.threadHeapMb });
    this.shelf = new PolicyShelf(bundles, this.pool, limits.keptPolicyBytes);
  }

  async evaluate(request: EvaluationRequest): Promise<Result<Answers, EngineProblem>> {
    if (this.closed || this.pending >= this.limits.pending) return failed(this.refusal());
    const sizeBytes = sizeOf(request);
    const { inputBytes: limitBytes } = this.limits;
    if (sizeBytes > limitBytes) return failed({ kind: 'InputTooLarge', sizeBytes, limitBytes });
    this.pending += 1;
    try {
      const source = await this.shelf.get(request.bundle);
      return source.ok ? await this.ask(source.value, request, sizeBytes) : source;
    } finally {
      this.pending -= 1;
    }
  }

  /** Answers what waits with `EngineUnavailable` and ends the threads. Evaluations under way fail likewise. */
  async close(): Promise<void> {
    this.closed = true;
    await this.pool.close();
  }

  private refusal(): EngineUnavailable {
    return this.closed ? CLOSED : BUSY;
  }

  private async ask(
    source: PolicySource,
    { deadlineMs, input, questions, ...rest }: EvaluationRequest,
    inputBytes: number,
  ): Promise<Result<Answers, EngineProblem>> {
    const work = { ...rest, input: asWork(input), questions: questions.map(asWorkQuestion) };
    const reply = await this.pool.lend(source.bundle, deadlineMs, (thread) =>
      thread.evaluate(source, { work, inputBytes }, deadlineMs),
    );
    if (!reply?.ok) return reply ?? failed(this.refusal());
    this.pool.spread(source);
    // From jsonOfDump in the thread, hence the plain parser.
    return ok(reply.value.map((each) => (each.ok ? ok(JSON.parse(each.value) as JsonValue) : each)));
  }
}

const textsOf = (members: InputMembers): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(members).map(([name, { text }]) => [name, text]));

function asWork(input: PolicyInput): WorkInput {
  if (input.kind === 'members') return { kind: 'members', members: textsOf(input.members) };
  return { kind: 'term', text: input.kind === 'none' ? undefined : input.text.text };
}

const asWorkQuestion = ({ entrypoint, own }: Question): WorkQuestion =>
  own ? { entrypoint, own: textsOf(own) } : { entrypoint };

/** UTF-8 bytes of what is parsed. */
function sizeOf({ input, questions }: EvaluationRequest): number {
  const membersSize = (members: InputMembers = {}): number =>
    Object.values(members).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const own = questions.reduce((sum, question) => sum + membersSize(question.own), 0);
  if (input.kind === 'members') return own + membersSize(input.members);
  return own + (input.kind === 'none' ? 0 : Buffer.byteLength(input.text.text));
}
