import type { JsonObject, JsonValue } from '../kernel/canonical-json.js';
import { parseJson, type JsonLimits, type JsonProblem } from '../kernel/strict-json.js';
import type { RecognisedFormat } from './format.js';
import { has, isObject, listIn, objectIn, textIn } from './json-view.js';

/** What the content says it is. A file's name is never asked. */
export type Detected =
  | { readonly kind: 'json'; readonly format: RecognisedFormat; readonly value: JsonValue }
  | { readonly kind: 'text'; readonly format: RecognisedFormat; readonly text: string }
  /** Begins like JSON and is not; `format` where the rest still shows what it was meant to be. */
  | {
      readonly kind: 'malformed';
      readonly format: RecognisedFormat | undefined;
      readonly problem: JsonProblem;
    }
  /** Nothing but white space: some tools write that when they found nothing, and all when they crashed. */
  | { readonly kind: 'empty' }
  /** `[]`, `null`, `{}`: several tools write these, with different meanings. */
  | { readonly kind: 'ambiguous'; readonly value: JsonValue; readonly text: string }
  | { readonly kind: 'unknown'; readonly value: JsonValue | undefined; readonly text: string };

/** Tools nest little; a report of this depth is an attack on the stack. */
export const REPORT_JSON: JsonLimits = { maxDepth: 200, byteOrderMark: 'strip', inexactNumbers: 'text' };

/** How far into a text signs are looked for. */
const HEAD_LENGTH = 64 * 1024;

export function detect(bytes: Uint8Array): Detected {
  const text = new TextDecoder('utf-8').decode(bytes); // strips a byte order mark
  const start = text.search(/\S/);
  if (start < 0) return { kind: 'empty' };
  const head = text.slice(start, start + HEAD_LENGTH);
  const first = head[0] ?? '';
  if (first === '{' || first === '[' || /^null\s*$/.test(head)) return detectJson(bytes, head, text);
  const format = first === '<' ? xmlFormat(head) : textFormat(head);
  return format ? { kind: 'text', format, text } : { kind: 'unknown', value: undefined, text };
}

function detectJson(bytes: Uint8Array, head: string, text: string): Detected {
  const parsed = parseJson(bytes, REPORT_JSON);
  if (!parsed.ok) {
    if (parsed.problem.fault === 'TrailingText' && isTrufflehogLine(head))
      return { kind: 'text', format: 'trufflehog', text };
    return { kind: 'malformed', format: intendedFormat(head), problem: parsed.problem };
  }
  const value = parsed.value;
  const empty = value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  if (empty) return { kind: 'ambiguous', value, text };
  const format = jsonFormat(value);
  return format ? { kind: 'json', format, value } : { kind: 'unknown', value, text };
}

function jsonFormat(value: JsonValue): RecognisedFormat | undefined {
  if (isObject(value)) return OBJECT_SIGNS.find(([, sign]) => sign(value))?.[0];
  if (!Array.isArray(value)) return undefined;
  const first: JsonValue | undefined = (value as readonly JsonValue[])[0];
  return isObject(first) ? LIST_SIGNS.find(([, sign]) => sign(first))?.[0] : undefined;
}

type Sign = readonly [RecognisedFormat, (value: JsonObject) => boolean];

/** In the order asked: the unmistakable signs first. */
const OBJECT_SIGNS: readonly Sign[] = [
  ['sarif', (o) => textIn(o, 'version') === '2.1.0' && has(o, 'runs')],
  ['cyclonedx', (o) => textIn(o, 'bomFormat') === 'CycloneDX'],
  ['spdx-3', (o) => has(o, '@context') && has(o, '@graph')],
  ['spdx-json', (o) => has(o, 'spdxVersion')],
  ['sigstore-bundle', (o) => /^application\/vnd\.dev\.sigstore\.bundle\b/.test(textIn(o, 'mediaType') ?? '')],
  ['dsse', (o) => has(o, 'payloadType') && has(o, 'payload')],
  ['in-toto', (o) => has(o, '_type')],
  ['trufflehog', (o) => has(o, 'SourceMetadata')],
  ['detect-secrets', (o) => has(o, 'plugins_used') && has(o, 'results')],
  ['trivy', (o) => has(o, 'SchemaVersion') && has(o, 'ArtifactName')],
  ['grype', (o) => has(o, 'matches') && has(o, 'descriptor')],
  ['npm-audit', (o) => has(o, 'auditReportVersion')],
  ['npm-audit-6', (o) => objectIn(o, 'advisories') !== undefined],
  [
    'coverage.py',
    (o) => textIn(objectIn(o, 'meta'), 'version') !== undefined && hasIn(o, 'totals', 'num_statements'),
  ],
  ['istanbul-summary', (o) => hasIn(o, 'total', 'statements')],
  ['istanbul-final', (o) => Object.values(o).every((file) => isObject(file) && has(file, 'statementMap'))],
  ['pip-audit', (o) => firstHas(o, 'dependencies', 'vulns') || firstHas(o, 'dependencies', 'skip_reason')],
  ['osv-scanner', (o) => firstHas(o, 'results', 'packages')],
  ['semgrep', (o) => listIn(o, 'results') !== undefined && listIn(o, 'errors') !== undefined],
  ['osv', (o) => textIn(o, 'id') !== undefined && textIn(o, 'modified') !== undefined],
];

/** Signs in the first member of a list. */
const LIST_SIGNS: readonly Sign[] = [
  ['gitleaks', (o) => has(o, 'RuleID')],
  ['gitleaks-7', (o) => has(o, 'offender')],
  ['trufflehog', (o) => has(o, 'SourceMetadata')],
  ['secretlint', (o) => has(o, 'filePath') && has(o, 'messages')],
  ['pip-audit', (o) => has(o, 'vulns') || has(o, 'skip_reason')],
  ['trivy', (o) => has(o, 'Target')],
];

function hasIn(parent: JsonObject, key: string, inner: string): boolean {
  const object = objectIn(parent, key);
  return object !== undefined && has(object, inner);
}

function firstHas(parent: JsonObject, key: string, inner: string): boolean {
  const first = listIn(parent, key)?.[0];
  return isObject(first) && has(first, inner);
}

function isTrufflehogLine(head: string): boolean {
  const line = parseJson(head.slice(0, Math.max(head.indexOf('\n'), 0)), REPORT_JSON);
  return line.ok && isObject(line.value) && has(line.value, 'SourceMetadata');
}

/** What broken JSON was meant to be, by signs near its beginning. */
function intendedFormat(head: string): RecognisedFormat | undefined {
  if (/"runs"\s{0,9}:/.test(head) && /"version"\s{0,9}:\s{0,9}"2\.1\.0"|"driver"\s{0,9}:/.test(head))
    return 'sarif';
  if (/"bomFormat"\s{0,9}:\s{0,9}"CycloneDX"/.test(head)) return 'cyclonedx';
  if (/"meta"\s{0,9}:/.test(head) && /"(?:executed_lines|num_statements)"\s{0,9}:/.test(head))
    return 'coverage.py';
  return undefined;
}

function textFormat(head: string): RecognisedFormat | undefined {
  if (head.startsWith('mode:')) return 'go-coverprofile';
  if (/^(?:TN|SF):/m.test(head)) return 'lcov';
  if (/^SPDXVersion:/m.test(head)) return 'spdx-tag-value';
  return undefined;
}

/** By the root element, and its near children where two formats share one. Nothing is expanded or resolved. */
function xmlFormat(head: string): RecognisedFormat | undefined {
  const body = afterProlog(head);
  switch (/^<(?:[\w.-]{1,64}:)?([\w.-]{1,64})[\s/>]/.exec(body)?.[1]) {
    case 'testsuites':
    case 'testsuite':
      return 'junit';
    case 'bom':
      return 'cyclonedx-xml';
    case 'report':
      return /<(?:sessioninfo|group|package|counter)[\s/>]/.test(body) ? 'jacoco' : undefined;
    case 'coverage':
      if (/<project[\s/>]/.test(body)) return 'clover';
      return /<packages[\s/>]/.test(body) ? 'cobertura' : undefined;
    default:
      return undefined;
  }
}

/** Steps over the XML declaration, processing instructions, comments and a DOCTYPE with or without a subset. */
function afterProlog(head: string): string {
  let rest = head;
  for (;;) {
    const end = rest.startsWith('<?')
      ? '?>'
      : rest.startsWith('<!--')
        ? '-->'
        : rest.startsWith('<!')
          ? doctypeEnd(rest)
          : undefined;
    const at = end === undefined ? -1 : rest.indexOf(end);
    if (end === undefined || at < 0) return rest;
    rest = rest.slice(at + end.length).trimStart();
  }
}

function doctypeEnd(rest: string): string {
  const subset = rest.indexOf('[');
  return subset >= 0 && subset < rest.indexOf('>') ? ']>' : '>';
}
