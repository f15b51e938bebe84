import type { JsonValue } from '../../kernel/canonical-json.js';
import { aDocument, unreadable, type EvidenceDocument } from '../model/document.js';
import type { Reason, ToolFact } from '../model/evidence-state.js';
import type { LoadTest, Metric } from '../model/performance.js';
import { named } from '../read/text.js';

/** Numbers of one load test. A test with a name for each of thousands of URLs is to group them. */
export const METRICS_LIMIT = 5000;

interface Measured extends LoadTest {
  readonly format: string;
  readonly formatVersion?: string;
  readonly tool: ToolFact;
  /** Why the test may be worse than its numbers; then it is not complete. */
  readonly doubt?: Reason;
}

/** The document of one load test: no request is nothing measured, and more failures than requests cannot be. */
export function loadTestDocument(measured: Measured): EvidenceDocument {
  const { format, formatVersion = null, tool, doubt, ...loadTest } = measured;
  const { requests, failures, metrics } = loadTest;
  if (failures > requests)
    return performanceFailure(format, {
      code: 'performance.failures-exceed',
      params: { requests, failures },
    });
  if (metrics.length > METRICS_LIMIT)
    return performanceFailure(format, {
      code: 'performance.too-many-metrics',
      params: { count: metrics.length, limit: METRICS_LIMIT },
    });
  const nothing: Reason[] = requests === 0 ? [{ code: 'performance.no-requests', params: {} }] : [];
  return aDocument({
    format,
    formatVersion,
    kinds: ['performance'],
    state: doubt ? 'INCOMPLETE' : requests === 0 ? 'NOT_MEASURED' : 'COMPLETE',
    reasons: doubt ? [doubt] : nothing,
    tools: [tool],
    loadTest: { ...loadTest, metrics: [...metrics].sort(byName) },
  });
}

export const performanceFailure = (format: string, reason: Reason): EvidenceDocument =>
  unreadable(format, ['performance'], reason);

const byName = (one: Metric, other: Metric): number => {
  const [first, second] = [one, other].map(({ name, statistic }) => `${name}\0${statistic}`);
  return (first ?? '') < (second ?? '') ? -1 : 1;
};

/** Statistics have one spelling, so that a limit means the same with every tool: `avg`, `p50`, `p97.5`. */
export function statisticOf(name: string): string {
  const percentile = /^p\(?(\d{1,3})(?:[._](\d{1,6}))?\)?$/.exec(name);
  if (percentile) return `p${percentile[1] ?? ''}${percentile[2] === undefined ? '' : `.${percentile[2]}`}`;
  return { med: 'p50', median: 'p50', average: 'avg', mean: 'avg' }[name] ?? named(name);
}

export function metric(name: string, unit: string | null, statistic: string, value: JsonValue): Metric[] {
  return typeof value === 'number' && Number.isFinite(value)
    ? [{ name: named(name), unit, statistic: statisticOf(statistic), value }]
    : [];
}
