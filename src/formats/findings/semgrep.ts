import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { composeFinding } from '../compose-finding.js';
import { findingsDocument } from '../findings-document.js';
import { isPlaceholder, OccurrenceCounter } from '../identity.js';
import { unreadable, type EvidenceDocument } from '../model/document.js';
import type { EvidenceState, Reason } from '../model/evidence-state.js';
import type { Finding, Severity } from '../model/finding.js';
import { countIn, filledTextIn, isObject, listIn, objectIn, objectsIn, textIn } from '../read/json-view.js';
import { named } from '../read/text.js';

type Fault = readonly [EvidenceState, Reason];

/** OSV-Scanner's report has results too, which are no matches, and no errors. */
export const isSemgrep = (value: JsonObject): boolean =>
  listIn(value, 'results') !== undefined && listIn(value, 'errors') !== undefined;

/**
 * Reads semgrep's JSON (`semgrep_output_v1`). No result proves nothing while errors or files that were left out
 * stand beside it.
 */
export function normaliseSemgrep(root: JsonValue): EvidenceDocument {
  const report = isObject(root) ? root : undefined;
  const results = listIn(report, 'results');
  if (!report || !results) return unreadable('semgrep', ['sast'], { code: 'semgrep.no-results', params: {} });
  const version = filledTextIn(report, 'version');
  const matches = objectsIn(report, 'results').filter((one) => textIn(one, 'check_id') !== undefined);
  const occurrences = new OccurrenceCounter();
  const skipped = objectsIn(objectIn(report, 'paths'), 'skipped');
  const chosen = skipped.filter((one) => CHOSEN.has(textIn(one, 'reason') ?? ''));
  return findingsDocument({
    format: 'semgrep',
    kinds: ['sast'],
    tool: { name: 'semgrep', version },
    findings: matches.map((match) => findingOf(match, occurrences)),
    listed: results.length,
    faults: [
      ...errorsIn(report),
      ...skippedFiles(skipped.filter((one) => !chosen.includes(one))),
      ...skippedRules(listIn(report, 'skipped_rules')?.length ?? 0),
    ],
    schema: version === undefined ? 'lenient' : 'valid',
    dropped: [{ what: 'files', count: chosen.length, why: 'left-out-as-configured' }],
  });
}

/** Of its reasons to skip a file those that the project asked for, or that leave no code unread. */
const CHOSEN: ReadonlySet<string> = new Set([
  ...['cli_include_flags_do_not_match', 'cli_exclude_flags_match', 'semgrepignore_patterns_match'],
  ...['gitignore_patterns_match', 'always_skipped', 'irrelevant_rule', 'wrong_language', 'nonexistent_file'],
]);

/**
 * Its types of errors (`semgrep_output_v1`, error_type) that leave no code and no rule unread. All others do, whatever
 * their level: a file that it cannot parse is a warning to it, and out of time, out of memory and left out rules are too.
 */
const HARMLESS: ReadonlySet<string> = new Set(['SemgrepWarning']);

/** `type` is a name, or a list that begins with one: `["PartialParsing", [...]]`. */
const typeOf = (entry: JsonObject): string => {
  const type = textIn(entry, 'type') ?? listIn(entry, 'type')?.[0];
  return typeof type === 'string' ? type : '';
};

/** An entry without a level is an error: old versions wrote none. */
function errorsIn(report: JsonObject): Fault[] {
  const entries = listIn(report, 'errors') ?? [];
  const isMild = (entry: JsonValue): boolean =>
    isObject(entry) &&
    /^(?:warn|warning|info)$/i.test(textIn(entry, 'level') ?? '') &&
    HARMLESS.has(typeOf(entry));
  const fault = (state: EvidenceState, code: string, of: readonly JsonValue[]): Fault[] => {
    const first = isObject(of[0]) ? (filledTextIn(of[0], 'message') ?? textIn(of[0], 'type') ?? '') : '';
    return of.length === 0 ? [] : [[state, { code, params: { count: of.length, first: named(first) } }]];
  };
  return [
    ...fault(
      'INCOMPLETE',
      'semgrep.errors',
      entries.filter((entry) => !isMild(entry)),
    ),
    ...fault('COMPLETE', 'semgrep.warnings', entries.filter(isMild)),
  ];
}

function skippedFiles(skipped: readonly JsonObject[]): Fault[] {
  const [first] = skipped;
  if (!first) return [];
  const params = {
    count: skipped.length,
    first: named(textIn(first, 'path') ?? ''),
    reason: named(textIn(first, 'reason') ?? 'unknown'),
  };
  return [['INCOMPLETE', { code: 'semgrep.skipped-files', params }]];
}

const skippedRules = (count: number): Fault[] =>
  count === 0 ? [] : [['INCOMPLETE', { code: 'semgrep.skipped-rules', params: { count } }]];

const SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['CRITICAL', 'critical'],
  ['HIGH', 'high'],
  ['ERROR', 'high'],
  ['MEDIUM', 'medium'],
  ['WARNING', 'medium'],
  ['LOW', 'low'],
  ['INFO', 'low'],
  ['INVENTORY', 'none'],
  ['EXPERIMENT', 'none'],
]);

function findingOf(match: JsonObject, occurrences: OccurrenceCounter): Finding {
  const extra = objectIn(match, 'extra');
  const start = objectIn(match, 'start');
  // Ends in the number of the occurrence in its file, which is counted here.
  const fingerprint = (textIn(extra, 'fingerprint') ?? '').replace(/_\d{1,9}$/, '');
  return composeFinding(
    {
      kind: 'sast',
      tool: 'semgrep',
      rule: filledTextIn(match, 'check_id') ?? 'unnamed',
      severity: SEVERITIES.get((textIn(extra, 'severity') ?? '').toUpperCase()) ?? 'unknown',
      message: textIn(extra, 'message') ?? '',
      place: textIn(match, 'path') ?? '',
      startLine: countIn(start, 'line'),
      startColumn: countIn(start, 'col'),
      fingerprints: isPlaceholder(fingerprint) ? [] : [['semgrep', fingerprint]],
      code: textIn(extra, 'lines'),
      toolSuppression:
        extra?.['is_ignored'] === true ? 'accepted' : extra?.['is_ignored'] === false ? 'none' : 'unknown',
    },
    occurrences,
  );
}
