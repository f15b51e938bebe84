import { NormaliseProcessor } from '../../evidence/normalise.processor.js';
import { MakePackProcessor } from '../../outbound/export/make-pack.processor.js';
import { ScanProcessor } from '../../scan/scan.processor.js';
import type { EntryJob, QUEUES } from './queue-registry.js';
import type { Services } from '../compose/services.js';

export interface Processor {
  /** Idempotent: a job may be delivered more than once. Throws when it should be tried again. */
  handle(job: EntryJob): Promise<void>;
}

/** One processor per queue: a queue without one, or with two, does not compile. */
export const processorsOf = (services: Services): Record<keyof typeof QUEUES, Processor> => ({
  normalise: new NormaliseProcessor(services.evidence),
  export: new MakePackProcessor(services.packMaker),
  scan: new ScanProcessor(services.scanWorker),
});
