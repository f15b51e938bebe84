/** Entry of an evaluation thread: answers one task at a time, keeps recently used instances, knows nothing else. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Digest } from '../kernel/digest.js';
import { ok } from '../kernel/result.js';
import { PolicyInstance } from './host.js';
import { LruMap } from './lru-map.js';
import type { ThreadAnswer, ThreadSetup, ThreadTask } from './protocol.js';

if (!parentPort) throw new Error('this file is started as a worker thread');
const port = parentPort;
const { limits, keptInstances } = workerData as ThreadSetup;
const instances = new LruMap<Digest, PolicyInstance>(keptInstances);

async function answer(task: ThreadTask): Promise<ThreadAnswer> {
  const kept = instances.get(task.bundle);
  const loaded = kept ? ok(kept) : await PolicyInstance.load(task.module, task.bundle, limits);
  if (!loaded.ok) return loaded;
  const results = loaded.value.evaluate(task);
  if (loaded.value.reusable) instances.set(task.bundle, loaded.value);
  else instances.delete(task.bundle);
  return results;
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
