/** Entry of an evaluation thread: answers one task at a time, keeps recently used instances, knows nothing else. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Digest } from '../../kernel/digest.js';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { EngineProblem, QuestionProblem } from '../engine.port.js';
import { toJson } from '../value/rego-value.js';
import { evaluationFailed, PolicyInstance, type TermAnswer } from './instance.js';
import { LruMap } from './lru-map.js';
import type { ThreadAnswer, ThreadSetup, ThreadTask } from './protocol.js';

if (!parentPort) throw new Error('this file is started as a worker thread');
const port = parentPort;
const { limits, keptInstances } = workerData as ThreadSetup;
const instances = new LruMap<Digest, PolicyInstance>(keptInstances);

async function answer(task: ThreadTask): Promise<ThreadAnswer> {
  const answers: Result<string, QuestionProblem>[] = [];
  while (answers.length < task.questions.length) {
    const instance = await instanceFor(task);
    if (!instance.ok) return instance;
    const rest = { ...task, questions: task.questions.slice(answers.length) };
    for (const each of instance.value.evaluate(rest)) answers.push(asText(each));
    if (instance.value.reusable) instances.set(task.bundle, instance.value);
    else instances.delete(task.bundle);
  }
  return ok(answers);
}

async function instanceFor({
  bundle,
  module,
  data,
}: ThreadTask): Promise<Result<PolicyInstance, EngineProblem>> {
  const kept = instances.get(bundle);
  return kept ? ok(kept) : PolicyInstance.load({ bundle, module, data }, limits);
}

function asText(answer: TermAnswer): Result<string, QuestionProblem> {
  if (!answer.ok) return answer;
  try {
    return ok(canonicalJson(toJson(answer.value)));
  } catch (error) {
    return failed(evaluationFailed(error, 'result'));
  }
}

// The owner gives the next task only after the answer, so evaluations never overlap. A rejection is a bug of ours:
// it ends the thread, which the owner reports.
port.on(
  'message',
  (task: ThreadTask) =>
    void answer(task).then((result) => {
      port.postMessage(result);
    }),
);
port.postMessage('ready');
