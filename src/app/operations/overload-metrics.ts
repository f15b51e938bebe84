import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { LINES, type Overload } from '../../api/overload/overload.service.js';

const WAIT_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]; // seconds

/** How much of what is asked is worked on, waits, and is refused. */
export function overloadMetrics(registry: Registry, { lines }: Pick<Overload, 'lines'>): void {
  const of = { registers: [registry], labelNames: ['line'] as const };
  new Gauge({
    ...{
      ...of,
      name: 'admission_in_progress',
      help: 'Places taken: requests worked on, a batch as what is in it',
    },
    collect() {
      for (const line of LINES) this.set({ line }, lines[line].used);
    },
  });
  new Gauge({
    ...{ ...of, name: 'admission_places', help: 'Places that there are' },
    collect() {
      for (const line of LINES) this.set({ line }, lines[line].bounds.places);
    },
  });
  new Gauge({
    ...{ ...of, name: 'admission_waiting', help: 'Requests that wait for a place' },
    collect() {
      for (const line of LINES) this.set({ line }, lines[line].waiting);
    },
  });
  new Counter({
    name: 'admission_refused_total',
    help: 'Requests answered OVERLOADED: the line was full or too slow, or they had waited too long',
    labelNames: ['line', 'reason'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const line of LINES)
        for (const [reason, count] of Object.entries(lines[line].refusals)) this.inc({ line, reason }, count);
    },
  });
  const wait = new Histogram({
    ...{ ...of, name: 'admission_wait_seconds', help: 'How long those who got a place had waited for it' },
    buckets: WAIT_BUCKETS,
  });
  for (const line of LINES)
    lines[line].onWait((seconds) => {
      wait.observe({ line }, seconds);
    });
}
