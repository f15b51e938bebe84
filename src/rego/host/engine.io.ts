import type { JsonValue } from '../../kernel/canonical-json.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type {
  Answers,
  BundleSource,
  EngineProblem,
  EngineUnavailable,
  EvaluationRequest,
  InputMembers,
  ManyEngine,
  PolicyInput,
  Question,
} from '../engine.port.js';
import { CLOSED } from './evaluation-thread.io.js';
import type { EvaluationWork, PolicySource, WorkInput, WorkQuestion } from './instance.js';
import { PolicyShelf } from './policy-shelf.io.js';
import type { EvaluateManyOrder, EvaluateReply, ThreadLimits } from './protocol.js';
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
/** Requests that go to a thread together: they have to share a deadline that is meant for each, so they must be small. */
const TOGETHER = 50;
const TOGETHER_BYTES = MIB;

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
export class ThreadedEngine implements ManyEngine {
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

  async evaluateMany(
    requests: readonly EvaluationRequest[],
  ): Promise<readonly Result<Answers, EngineProblem>[]> {
    const chunks = chunksOf(requests.map(sized));
    return (await Promise.all(chunks.map((chunk) => this.together(chunk)))).flat();
  }

  /** Answers what waits with `EngineUnavailable` and ends the threads. Evaluations under way fail likewise. */
  async close(): Promise<void> {
    this.closed = true;
    await this.pool.close();
  }

  private async together(chunk: readonly Sized[]): Promise<readonly Result<Answers, EngineProblem>[]> {
    const requests = chunk.map(({ request }) => request);
    const [first] = requests;
    if (!first || requests.length === 1) return this.oneByOne(requests);
    if (requests.some(({ bundle }) => bundle !== first.bundle))
      throw new Error('requests of several bundles');
    if (this.closed || this.pending >= this.limits.pending) return requests.map(() => failed(this.refusal()));
    this.pending += 1;
    try {
      const source = await this.shelf.get(first.bundle);
      if (!source.ok) return requests.map(() => source);
      const works = chunk.map(({ request, inputBytes }) => ({ work: workOf(request), inputBytes }));
      const deadlineMs = Math.min(...requests.map((request) => request.deadlineMs));
      const replies = await this.askMany(source.value, works, deadlineMs);
      if (replies === 'no thread') return requests.map(() => failed(this.refusal()));
      if (replies) return replies.map(answersOf);
    } finally {
      this.pending -= 1;
    }
    return this.oneByOne(requests); // one of them broke the thread, or they took too long together
  }

  private async oneByOne(
    requests: readonly EvaluationRequest[],
  ): Promise<readonly Result<Answers, EngineProblem>[]> {
    const answers: Result<Answers, EngineProblem>[] = [];
    for (const request of requests) answers.push(await this.evaluate(request));
    return answers;
  }

  private async askMany(
    source: PolicySource,
    works: EvaluateManyOrder['works'],
    deadlineMs: number,
  ): Promise<readonly EvaluateReply[] | 'no thread' | undefined> {
    const reply = await this.pool.lend(source.bundle, deadlineMs, (thread) =>
      thread.evaluateMany(source, works, deadlineMs),
    );
    if (!reply) return 'no thread';
    if (!reply.ok) return undefined;
    this.pool.spread(source);
    return reply.value;
  }

  private refusal(): EngineUnavailable {
    return this.closed ? CLOSED : BUSY;
  }

  private async ask(
    source: PolicySource,
    request: EvaluationRequest,
    inputBytes: number,
  ): Promise<Result<Answers, EngineProblem>> {
    const { deadlineMs } = request;
    const reply = await this.pool.lend(source.bundle, deadlineMs, (thread) =>
      thread.evaluate(source, { work: workOf(request), inputBytes }, deadlineMs),
    );
    if (!reply?.ok) return reply ?? failed(this.refusal());
    this.pool.spread(source);
    return answersOf(reply);
  }
}

interface Sized {
  readonly request: EvaluationRequest;
  readonly inputBytes: number;
}

const sized = (request: EvaluationRequest): Sized => ({ request, inputBytes: sizeOf(request) });

/** In their order. One that is large is a chunk of its own. */
function chunksOf(all: readonly Sized[]): readonly (readonly Sized[])[] {
  const chunks: Sized[][] = [];
  let bytes = 0;
  for (const each of all) {
    const last = chunks.at(-1);
    bytes += each.inputBytes;
    if (last && last.length < TOGETHER && bytes <= TOGETHER_BYTES) last.push(each);
    else {
      chunks.push([each]);
      bytes = each.inputBytes;
    }
  }
  return chunks;
}

const workOf = (request: EvaluationRequest): EvaluationWork => ({
  instant: request.instant,
  seed: request.seed,
  strictBuiltinErrors: request.strictBuiltinErrors === true,
  input: asWork(request.input),
  questions: request.questions.map(asWorkQuestion),
});

/** From jsonOfDump in the thread, hence the plain parser. */
const answersOf = (reply: EvaluateReply): Result<Answers, EngineProblem> =>
  reply.ok
    ? ok(reply.value.map((each) => (each.ok ? ok(JSON.parse(each.value) as JsonValue) : each)))
    : reply;

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
