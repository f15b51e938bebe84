import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { EvidenceDocument } from '../model/document.js';
import type { Reason } from '../model/evidence-state.js';
import type { LoadTest, Metric } from '../model/performance.js';
import { countIn, isObject, objectIn, objectsIn, textIn } from '../read/json-view.js';
import { named } from '../read/text.js';
import { loadTestDocument, metric, performanceFailure } from './load-test.js';

const FORMAT = 'k6';

/** A metric of any of the three forms, in the words of none. */
interface K6Metric {
  readonly name: string;
  readonly unit: string | null;
  readonly values: JsonObject;
  readonly thresholds: LoadTest['thresholds'];
}

type Form = 'handle-summary' | 'summary-export' | 'machine-readable';

/**
 * Reads the end-of-test summary of k6 in its three forms: the argument of `handleSummary`, the file of
 * `--summary-export`, and the machine-readable summary of k6 1.5 and later. They say the same in different ways. In
 * an export `thresholds: {"p(95)<500": true}` means that it was crossed, elsewhere `{ok: true}` that it was not. A
 * rate counts what it is named after, so the "passes" of `http_req_failed` are requests that failed. The
 * machine-readable form leaves thresholds out, so whether the test passed its own is unknown: not complete.
 */
export function normaliseK6(root: JsonValue): EvidenceDocument {
  const summary = isObject(root) ? root : {};
  const form = formOf(summary);
  const metrics = form === undefined ? undefined : metricsOf(summary, form);
  if (form === undefined || !metrics) return performanceFailure(FORMAT, { code: 'k6.malformed', params: {} });
  const requests = countIn(valuesOf(metrics, 'http_reqs'), 'count');
  const failed = valuesOf(metrics, 'http_req_failed');
  const failures = countIn(failed, form === 'machine-readable' ? 'matches' : 'passes');
  const version = textIn(objectIn(summary, 'metadata'), 'k6_version');
  return loadTestDocument({
    format: FORMAT,
    formatVersion: form,
    tool: { name: 'k6', version: version === undefined ? null : named(version), versionFrom: 'file' },
    requests: requests ?? 0,
    failures: failures ?? 0,
    durationMs: durationOf(summary),
    metrics: metrics.flatMap(numbersOf),
    thresholds: metrics.flatMap(({ thresholds }) => thresholds),
    ...doubtOf(form, requests, failures),
  });
}

/** Tests of other protocols have no HTTP requests, and a test can ask k6 not to call any request a failure. */
function doubtOf(
  form: Form,
  requests: number | undefined,
  failures: number | undefined,
): { readonly doubt?: Reason } {
  if (requests === undefined) return { doubt: { code: 'k6.no-http', params: {} } };
  if (requests > 0 && failures === undefined) return { doubt: { code: 'k6.failures-unknown', params: {} } };
  return form === 'machine-readable' ? { doubt: { code: 'k6.no-thresholds', params: {} } } : {};
}

function formOf(summary: JsonObject): Form | undefined {
  if (objectIn(summary, 'results')) return 'machine-readable';
  const metrics = Object.values(objectIn(summary, 'metrics') ?? {}).filter(isObject);
  if (metrics.length === 0) return undefined;
  return metrics.every((one) => objectIn(one, 'values')) ? 'handle-summary' : 'summary-export';
}

function metricsOf(summary: JsonObject, form: Form): readonly K6Metric[] | undefined {
  const found =
    form === 'machine-readable'
      ? machineReadable(summary)
      : Object.entries(objectIn(summary, 'metrics') ?? {}).map(([name, value]) =>
          isObject(value)
            ? form === 'summary-export'
              ? exported(name, value)
              : handled(name, value)
            : undefined,
        );
  const metrics = found.filter((one) => one !== undefined);
  return metrics.length === found.length ? metrics : undefined;
}

function machineReadable(summary: JsonObject): (K6Metric | undefined)[] {
  const results = objectIn(summary, 'results');
  const listed = [...objectsIn(results, 'metrics'), ...objectsIn(objectIn(results, 'checks'), 'metrics')];
  return listed.map((one) => {
    const [name, values] = [textIn(one, 'name'), objectIn(one, 'values')];
    return name === undefined || !values ? undefined : { name, unit: unitOf(one), values, thresholds: [] };
  });
}

function handled(name: string, value: JsonObject): K6Metric | undefined {
  const values = objectIn(value, 'values');
  const marks = Object.entries(objectIn(value, 'thresholds') ?? {}).map(([expression, mark]) => {
    const passed = isObject(mark) ? mark['ok'] : undefined;
    return typeof passed === 'boolean' ? { name: markName(name, expression), passed } : undefined;
  });
  const thresholds = marks.filter((mark) => mark !== undefined);
  if (!values || thresholds.length !== marks.length) return undefined;
  return { name, unit: unitOf(value), values, thresholds };
}

function exported(name: string, value: JsonObject): K6Metric | undefined {
  const { thresholds: marks, ...values } = value;
  const thresholds = Object.entries(isObject(marks) ? marks : {}).map(([expression, crossed]) =>
    typeof crossed === 'boolean' ? { name: markName(name, expression), passed: !crossed } : undefined,
  );
  const judged = thresholds.filter((mark) => mark !== undefined);
  return judged.length === thresholds.length ? { name, unit: null, values, thresholds: judged } : undefined;
}

const markName = (metricName: string, expression: string): string => named(`${metricName}: ${expression}`);

/** A map, because the file may name a member that every object has. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['time', 'ms'],
  ['data', 'bytes'],
]);
const unitOf = (one: JsonObject): string | null => UNITS.get(textIn(one, 'contains') ?? '') ?? null;

const valuesOf = (metrics: readonly K6Metric[], name: string): JsonObject | undefined =>
  metrics.find((one) => one.name === name)?.values;

const numbersOf = ({ name, unit, values }: K6Metric): Metric[] =>
  Object.entries(values).flatMap(([statistic, value]) => metric(name, unit, statistic, value));

function durationOf(summary: JsonObject): number | null {
  const milliseconds = objectIn(summary, 'state')?.['testRunDurationMs'];
  if (typeof milliseconds === 'number' && milliseconds >= 0) return milliseconds;
  const seconds = objectIn(summary, 'config')?.['duration'];
  return typeof seconds === 'number' && seconds >= 0 ? seconds * 1000 : null;
}
