import type { Job, Queue } from 'bullmq';
import type { Queues } from '../queues/queues.js';
import type { Tracing } from './tracing.js';

/**
 * Queues whose jobs carry the trace they were added in, and are a part of it when they are done: the trace travels in
 * the job's `telemetry.metadata`, which BullMQ has for it on both its backends. A job that was added in no trace, or
 * by a process without tracing, begins one of its own.
 */
export function tracedQueues(queues: Queues, tracing: Tracing): Queues {
  const traced = new WeakSet();
  return {
    ...queues,
    queue: <Payload>(name: string) => {
      const queue = queues.queue<Payload>(name);
      if (!traced.has(queue)) traceAdding(queue as unknown as Queue<object, void>, tracing);
      traced.add(queue);
      return queue;
    },
    work: (name, handle, settings) =>
      queues.work(
        name,
        (payload, job) =>
          tracing.root(
            `process ${name}`,
            {
              kind: 'CONSUMER',
              attributes: { ...messaging(name, 'process'), ...ofJob(job) },
              carrier: carrierOf(job),
            },
            () => handle(payload, job),
          ),
        settings,
      ),
  };
}

function traceAdding(queue: Queue<object, void>, tracing: Tracing): void {
  const add = queue.add.bind(queue);
  queue.add = (name, data, options) => {
    if (!tracing.current) return add(name, data, options);
    const attributes = { ...messaging(queue.name, 'send'), 'messaging.message.id': options?.jobId };
    return tracing.part(`send ${queue.name}`, { kind: 'PRODUCER', attributes }, () =>
      add(name, data, { ...options, telemetry: { metadata: JSON.stringify(tracing.carrier()) } }),
    );
  };
}

/** https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
const messaging = (queue: string, operation: 'send' | 'process') => ({
  'messaging.system': 'bullmq',
  'messaging.destination.name': queue,
  'messaging.operation.name': operation,
  'messaging.operation.type': operation,
});

const ofJob = ({ id, attemptsMade }: Pick<Job, 'id' | 'attemptsMade'>) => ({
  'messaging.message.id': id,
  'assay.job.attempt': attemptsMade + 1,
});

/** A job whose metadata somebody else wrote is in no trace. */
function carrierOf({ opts }: Pick<Job, 'opts'>): Readonly<Record<string, unknown>> {
  try {
    const carrier: unknown = JSON.parse(opts.telemetry?.metadata ?? '{}');
    return typeof carrier === 'object' && carrier !== null ? { ...carrier } : {};
  } catch {
    return {};
  }
}
