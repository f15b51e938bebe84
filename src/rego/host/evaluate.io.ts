/** Entry of an evaluation thread: carries out one order at a time, keeps recently used instances, knows nothing else. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Digest } from '../../kernel/digest.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { EngineProblem, QuestionProblem } from '../engine.port.js';
import { jsonOfDump } from '../value/read-dump.js';
import { evaluationFailed } from './faults.js';
import { PolicyInstance, type PolicySource, type TextAnswer } from './instance.js';
import { LruMap } from '../../kernel/lru-map.js';
import type {
  EvaluateManyOrder,
  EvaluateManyReply,
  EvaluateOrder,
  EvaluateReply,
  PrepareReply,
  ThreadLimits,
  ThreadOrder,
} from './protocol.js';

/** How much memory an input takes once parsed, per byte of text (engine.md §6). */
const PARSED_SIZE = 14;

if (!parentPort) throw new Error('this file is started as a worker thread');
const port = parentPort;
const limits = workerData as ThreadLimits;
const sources = new Map<Digest, PolicySource>();
const instances = new LruMap<Digest, PolicyInstance>(limits.keptInstanceBytes);

async function evaluate(order: EvaluateOrder): Promise<EvaluateReply> {
  if (order.source) sources.set(order.bundle, order.source);
  const { questions } = order.work;
  const answers: Result<string, QuestionProblem>[] = [];
  while (answers.length < questions.length) {
    const instance = await instanceFor(order);
    if (!instance.ok) return instance;
    const rest = { ...order.work, questions: questions.slice(answers.length) };
    for (const each of instance.value.evaluateText(rest)) answers.push(asJson(each));
    keep(order.bundle, instance.value);
  }
  return ok(answers);
}

async function evaluateMany({ bundle, source, works }: EvaluateManyOrder): Promise<EvaluateManyReply> {
  if (source) sources.set(bundle, source);
  const replies: EvaluateReply[] = [];
  for (const each of works) replies.push(await evaluate({ kind: 'evaluate', bundle, ...each }));
  return ok(replies);
}

/** A large input gets an instance of its own, whose memory goes with it: the warm one stays small. */
async function instanceFor({
  bundle,
  inputBytes,
}: EvaluateOrder): Promise<Result<PolicyInstance, EngineProblem>> {
  const workingBytes = inputBytes * PARSED_SIZE;
  const kept = workingBytes < limits.recycleAboveBytes ? instances.get(bundle) : undefined;
  if (kept) return ok(kept);
  const source = sources.get(bundle);
  if (!source) throw new Error(`no source of ${bundle} was sent`);
  return PolicyInstance.load(source, limits, workingBytes);
}

async function prepare(source: PolicySource): Promise<PrepareReply> {
  const instance = await PolicyInstance.load(source, limits);
  if (!instance.ok) return instance;
  try {
    return ok(instance.value.dataImage());
  } catch (error) {
    return failed(evaluationFailed(error, 'bundle'));
  } finally {
    keep(source.bundle, instance.value);
  }
}

async function warmUp(source: PolicySource): Promise<void> {
  sources.set(source.bundle, source);
  if (instances.get(source.bundle)) return;
  const instance = await PolicyInstance.load(source, limits);
  if (instance.ok) keep(source.bundle, instance.value);
}

function keep(bundle: Digest, instance: PolicyInstance): void {
  if (instance.reusable) instances.set(bundle, instance, instance.memoryBytes);
  else if (instances.get(bundle) === instance) instances.delete(bundle);
}

function asJson(answer: TextAnswer): Result<string, QuestionProblem> {
  if (!answer.ok) return answer;
  try {
    return ok(jsonOfDump(answer.value));
  } catch (error) {
    return failed(evaluationFailed(error, 'result'));
  }
}

async function carryOut(order: ThreadOrder): Promise<void> {
  switch (order.kind) {
    case 'evaluate':
      port.postMessage(await evaluate(order));
      return;
    case 'evaluate-many':
      port.postMessage(await evaluateMany(order));
      return;
    case 'prepare':
      port.postMessage(await prepare(order.source));
      return;
    case 'keep':
      await warmUp(order.source);
      return;
    case 'forget':
      sources.delete(order.bundle);
      instances.delete(order.bundle);
  }
}

// One after the other, in the order given. A rejection is a bug of ours: it ends the thread, which the owner reports.
let last = Promise.resolve();
port.on('message', (order: ThreadOrder) => {
  last = last.then(() => carryOut(order));
});
port.postMessage('ready');
