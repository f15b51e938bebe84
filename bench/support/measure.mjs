// Timing in one process: rivals take turns within every round, so that whatever else the machine does hits all alike.
import { performance } from 'node:perf_hooks';

export const median = (values) => quantile(values, 0.5);

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/**
 * Microseconds per call of each contestant: the median over rounds of the mean of a batch. `contestants` maps names to
 * functions, which may be asynchronous. Batches are sized so that one takes about `batchMs`.
 */
export async function race(contestants, { rounds, batchMs = 20 }) {
  const names = Object.keys(contestants);
  const sizes = {};
  for (const name of names) sizes[name] = await batchSize(contestants[name], batchMs);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // A different one begins each time.
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      samples[name].push(await batch(contestants[name], sizes[name]));
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(samples[name])]));
}

async function batch(work, size) {
  const began = performance.now();
  for (let index = 0; index < size; index++) {
    const pending = work();
    if (pending instanceof Promise) await pending;
  }
  return ((performance.now() - began) * 1000) / size;
}

async function batchSize(work, batchMs) {
  for (let size = 1; ; size *= 2) {
    const microseconds = await batch(work, size);
    // The first batches warm the code up.
    if (microseconds * size > batchMs * 1000) return size;
  }
}

/** Each call by itself: for what takes milliseconds, where the spread matters. Milliseconds. */
export async function times(work, count) {
  const taken = [];
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    await work(index);
    taken.push(performance.now() - began);
  }
  return taken;
}
