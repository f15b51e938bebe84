import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { OccurrenceCounter } from '../identity.js';
import { aDocument, type EvidenceDocument } from '../model/document.js';
import type { Dropped, EvidenceKind, Reason } from '../model/evidence-state.js';
import type { Finding } from '../model/finding.js';
import { isObject, listIn, objectsIn, textIn } from '../read/json-view.js';
import type { OpenList } from '../reader.js';
import { worstState } from './sarif-completeness.js';
import { RunReader } from './sarif-run.js';

/** As GitHub takes (`sarif-limits.md`). Beyond, the file is refused as a whole: a cut report hides findings. */
const MAX_RUNS = 20;

/**
 * Reads a SARIF 2.1.0 log. Every result becomes a finding, also those that a tool suppressed, that are no
 * failure (level none) or that are gone (baseline absent): what counts is for rules to say. Each run is judged
 * complete or not by itself; the file is as good as its worst run.
 */
export function normaliseSarif(root: JsonValue): EvidenceDocument {
  const log = openSarif(root);
  if (!('finish' in log)) return log;
  const runs = objectsIn(isObject(root) ? root : undefined, 'runs').map(
    (run) => listIn(run, 'results') ?? [],
  );
  for (const [run, results] of runs.entries()) results.every((result) => log.survey(result, [run]));
  const occurrences = new OccurrenceCounter();
  const findings: Finding[] = [];
  for (const [run, results] of runs.entries())
    for (const result of results) {
      const finding = log.read(result, [run], occurrences);
      if (finding) findings.push(finding);
    }
  return { ...log.finish(), findings };
}

/** A log whose results are handed in one by one, in the order of the file; or why there is none. */
export function openSarif(root: JsonValue): OpenList | EvidenceDocument {
  const log = isObject(root) ? root : undefined;
  if (!log || textIn(log, 'version') !== '2.1.0') return failure('sarif.not-a-log', {});
  if (log['runs'] === null) return failure('sarif.runs-null', {}, 'valid');
  const runs = listIn(log, 'runs');
  if (!runs) return failure('sarif.runs-not-a-list', { where: '$.runs' });
  if (runs.length === 0) return failure('sarif.no-runs', {}, 'valid');
  if (runs.length > MAX_RUNS) return failure('sarif.too-many-runs', { count: runs.length, limit: MAX_RUNS });
  const stray = runs.findIndex((run) => !isObject(run));
  if (stray >= 0) return failure('sarif.run-not-an-object', { where: `$.runs[${String(stray)}]` });

  const readers = runs.filter(isObject).map((run, index) => new RunReader(run, index));
  return {
    survey: (result, [run = 0]) => readers[run]?.survey(result) ?? false,
    read: (result, [run = 0], occurrences) => readers[run]?.read(result, occurrences),
    finish: () => assemble(log, readers),
  };
}

/** Without the findings themselves. */
function assemble(log: JsonObject, readers: readonly RunReader[]): EvidenceDocument {
  const runs = readers.map((reader) => reader.finish());
  const reasons: Reason[] = runs.flatMap((run) => run.reasons);
  // Results of these runs may stand outside them, where nothing says to which run they belong.
  const external = objectsIn(log, 'inlineExternalProperties').filter((one) => listIn(one, 'results')).length;
  if (external > 0) reasons.push({ code: 'sarif.external-properties', params: { count: external } });
  const states = runs.map((run) => run.state);
  const schemas = runs.map((run) => run.schema);
  return aDocument({
    format: 'sarif',
    formatVersion: '2.1.0',
    kinds: [...new Set(runs.map((run): EvidenceKind => (run.isSecrets ? 'secrets' : 'sast')))].sort(),
    state: worstState(external > 0 ? [...states, 'INCOMPLETE'] : states),
    reasons,
    tools: runs.flatMap((run) => run.tools),
    schema: schemas.includes('invalid') ? 'invalid' : schemas.includes('lenient') ? 'lenient' : 'valid',
    counts: {
      findings: runs.reduce((sum, run) => sum + run.resultCount, 0),
      components: 0,
      vulnerabilities: 0,
    },
    dropped: addUp(runs.flatMap((run) => run.dropped)),
  });
}

/** One line per (what, why), in order of first appearance. */
function addUp(dropped: readonly Dropped[]): readonly Dropped[] {
  const sums = new Map<string, Dropped>();
  for (const one of dropped) {
    const key = `${one.what}\n${one.why}`;
    sums.set(key, { ...one, count: one.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()];
}

const failure = (
  code: string,
  params: Reason['params'],
  schema: EvidenceDocument['schema'] = 'invalid',
): EvidenceDocument =>
  aDocument({ format: 'sarif', kinds: ['sast'], state: 'ERROR', reasons: [{ code, params }], schema });
