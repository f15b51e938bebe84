import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { parseJson } from '../../kernel/strict-json.js';
import { composeFinding } from '../compose-finding.js';
import { findingsDocument } from '../findings-document.js';
import { keyedHashIn, OccurrenceCounter } from '../identity.js';
import type { EvidenceDocument } from '../model/document.js';
import type { EvidenceState, Reason } from '../model/evidence-state.js';
import type { Finding } from '../model/finding.js';
import { countIn, filledTextIn, has, isObject, objectIn, textIn } from '../read/json-view.js';
import { REPORT_JSON } from '../read/json-limits.js';
import { namesPeople, severityOfSecret } from './secret-entry.js';

/** The first line is a finding; a log line of the tool may come before it. */
export const beginsTrufflehog = (head: string): boolean =>
  head.split('\n', 20).some((line) => /^\{"SourceMetadata"\s{0,9}:/.test(line.trim()));

/**
 * Reads TruffleHog's lines (`--json`). Its log goes to the error stream, but where both were kept together its
 * lines are told apart, and an error among them means that something was left out.
 */
export function normaliseTrufflehogText(text: string): EvidenceDocument {
  const values: (JsonValue | undefined)[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const parsed = parseJson(Buffer.from(line), REPORT_JSON);
    values.push(parsed.ok ? parsed.value : undefined);
  }
  return document(values);
}

/** One finding, or a list of them. */
export const normaliseTrufflehogValue = (root: JsonValue): EvidenceDocument =>
  document(Array.isArray(root) ? (root as readonly JsonValue[]) : root === null ? [] : [root]);

function document(values: readonly (JsonValue | undefined)[]): EvidenceDocument {
  const objects = values.filter((value) => isObject(value));
  const isLog = (entry: JsonObject): boolean =>
    !has(entry, 'SourceMetadata') && has(entry, 'level') && has(entry, 'msg');
  const logged = objects.filter(isLog);
  const errors = logged.filter((entry) =>
    /^(?:error|fatal|panic)/i.test(textIn(entry, 'level') ?? ''),
  ).length;
  const entries = objects.filter((entry) => has(entry, 'SourceMetadata') || has(entry, 'DetectorName'));
  const occurrences = new OccurrenceCounter();
  const faults: (readonly [EvidenceState, Reason])[] =
    errors > 0 ? [['INCOMPLETE', { code: 'trufflehog.errors-logged', params: { count: errors } }]] : [];
  return findingsDocument({
    kinds: ['secrets'],
    format: 'trufflehog',
    tool: { name: 'trufflehog' },
    listed: values.length - logged.length,
    personal: entries.filter((entry) => namesPeople(sourceOf(entry) ?? {}, ['email', 'commit', 'author']))
      .length,
    findings: entries.map((entry) => findingOf(entry, occurrences)),
    faults,
    schema: entries.every((entry) => textIn(entry, 'DetectorName')) ? 'valid' : 'lenient',
  });
}

function findingOf(entry: JsonObject, occurrences: OccurrenceCounter): Finding {
  const rule = filledTextIn(entry, 'DetectorName') ?? 'unnamed';
  const source = sourceOf(entry);
  const isVerified = entry['Verified'] === true;
  const both = filledTextIn(entry, 'RawV2') ?? textIn(entry, 'Raw'); // RawV2: an id and the key that goes with it
  return composeFinding(
    {
      kind: 'secret',
      tool: 'trufflehog',
      rule,
      severity: severityOfSecret(isVerified),
      message: isVerified ? `${rule}, verified` : rule,
      place: PLACES.flatMap((key) => filledTextIn(source, key) ?? [])[0] ?? '',
      startLine: countIn(source, 'line'),
      keyedHash: keyedHashIn(both),
    },
    occurrences,
  );
}

/** `SourceMetadata.Data` has one member, named by the kind of source. */
function sourceOf(entry: JsonObject): JsonObject | undefined {
  const data = objectIn(objectIn(entry, 'SourceMetadata'), 'Data');
  const [kind] = Object.keys(data ?? {});
  return kind === undefined ? undefined : objectIn(data, kind);
}
const PLACES = ['file', 'path', 'filename', 'key', 'image', 'link'] as const;
