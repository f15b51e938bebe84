import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { EvidenceDocument } from '../model/document.js';
import type { Metric } from '../model/performance.js';
import { countIn, isObject, objectIn } from '../read/json-view.js';
import { loadTestDocument, metric, performanceFailure } from './load-test.js';

const FORMAT = 'autocannon';

/** Where a statistic stands in the file, and what it is of. */
const PARTS = [
  ['latency', 'ms'],
  ['requests', '1/s'],
  ['throughput', 'bytes/s'],
] as const;

/**
 * Reads `autocannon --json`. `requests.total` counts answers; connections that failed or timed out are `errors` and got
 * none, so both together are what was asked. An answer that is not 2xx, or not the one expected, is a failure.
 */
export function normaliseAutocannon(root: JsonValue): EvidenceDocument {
  const result = isObject(root) ? root : {};
  const answered = countIn(objectIn(result, 'requests'), 'total');
  const counts = ['errors', 'non2xx', 'mismatches'].map((name) => countIn(result, name));
  const [errors, refused, mismatched] = counts;
  if (answered === undefined || errors === undefined || refused === undefined)
    return performanceFailure(FORMAT, { code: 'autocannon.malformed', params: {} });
  const seconds = result['duration'];
  return loadTestDocument({
    format: FORMAT,
    tool: { name: 'autocannon', version: null, versionFrom: 'file' },
    requests: answered + errors,
    // An answer may be both, not 2xx and not the one expected.
    failures: Math.min(answered + errors, errors + refused + (mismatched ?? 0)),
    durationMs: typeof seconds === 'number' && seconds >= 0 ? Math.round(seconds * 1000) : null,
    metrics: PARTS.flatMap(([name, unit]) => statistics(name, unit, objectIn(result, name) ?? {})),
    thresholds: [],
  });
}

/** `mean` repeats `average`; totals are counts and not rates. */
const statistics = (name: string, unit: string, part: JsonObject): Metric[] =>
  Object.entries(part)
    .filter(([statistic]) => !['mean', 'total', 'totalCount', 'sent'].includes(statistic))
    .flatMap(([statistic, value]) => metric(name, unit, statistic, value));
