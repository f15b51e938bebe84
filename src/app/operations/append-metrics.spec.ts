import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { Batcher } from '../../ledger/batcher.service.js';
import { appendMetrics } from './append-metrics.js';

describe('the metrics of appends', () => {
  it('show the queue while it waits, and each group with its wait when it is taken', async () => {
    const registry = new Registry();
    let write: () => void = () => undefined;
    let tell: Parameters<Parameters<typeof appendMetrics>[1]['watch']>[0] = () => undefined;
    const batcher = new Batcher(
      { limit: 10, lanes: 1, waitMs: 0, pause: (ms) => pause(ms) },
      () => new Promise<void>((resolve) => (write = resolve)),
      (group) => {
        tell(group);
      },
    );
    appendMetrics(registry, {
      get waiting() {
        return batcher.size;
      },
      watch: (watcher) => (tell = watcher),
    });
    const push = () => batcher.push({ order: '', weight: 1, since: performance.now() - 30 });
    for (let n = 0; n < 3; n += 1) push();
    await pause(20);
    push();
    expect(await registry.metrics()).toMatch(/^ledger_append_queue_entries 4$/m);
    write();
    await pause(20);
    write();
    await pause(5);
    const text = await registry.metrics();
    expect(text).toMatch(/^ledger_append_queue_entries 0$/m);
    expect(text).toMatch(/^ledger_append_group_entries_sum 4$/m);
    expect(text).toMatch(/^ledger_append_group_entries_count 2$/m);
    expect(text).toMatch(/^ledger_append_wait_seconds_count 2$/m);
    expect(text).toMatch(/^ledger_append_wait_seconds_bucket\{le="0.025"\} 0$/m);
  });
});
