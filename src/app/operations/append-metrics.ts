import { Gauge, Histogram, type Registry } from 'prom-client';
import type { GroupTaken } from '../../ledger/batcher.service.js';

/** What of an appender is measured. */
export interface WatchedAppends {
  /** Accepted and not yet answered. */
  readonly waiting: number;
  watch(watcher: (group: GroupTaken) => void): void;
}

const WAIT_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]; // seconds; a group waits 2 ms for company
const SIZE_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500];

/** How deep this replica's queue for the ledger is, and how long one waits in it. */
export function appendMetrics(registry: Registry, appends: WatchedAppends): void {
  new Gauge({
    name: 'ledger_append_queue_entries',
    help: 'Appends that were accepted and are not answered yet; beyond 10,000 the answer is LEDGER_BUSY',
    registers: [registry],
    collect() {
      this.set(appends.waiting);
    },
  });
  const wait = new Histogram({
    name: 'ledger_append_wait_seconds',
    help: 'How long the first of each group waited until the group was taken to be written',
    buckets: WAIT_BUCKETS,
    registers: [registry],
  });
  const size = new Histogram({
    name: 'ledger_append_group_entries',
    help: 'Appends written in one transaction',
    buckets: SIZE_BUCKETS,
    registers: [registry],
  });
  appends.watch((group) => {
    wait.observe(group.waitedMs / 1000);
    size.observe(group.size);
  });
}
