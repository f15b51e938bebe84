import type { JsonObject } from '../../kernel/canonical-json.js';
import type { EvidenceDocument } from '../model/document.js';
import type { Dropped, Reason, ToolFact } from '../model/evidence-state.js';
import type { Finding } from '../model/finding.js';
import { has, listIn, objectIn, objectsIn, textIn } from '../read/json-view.js';
import { isSecretTool } from '../secrets/secret-tools.js';
import { completenessOf, worstState, type Completeness } from './sarif-completeness.js';
import type { OccurrenceCounter } from '../identity.js';
import { identify, oddFingerprints, type Traits } from './sarif-identity.js';
import { resolveBaseline, resolveLevel, resolveSeverity, resolveSuppression } from './sarif-level.js';
import { Locator, type Place } from './sarif-location.js';
import { messageOf, shortened } from './sarif-message.js';
import { RuleIndex } from './sarif-rules.js';

export interface NormalRun {
  readonly state: Completeness['state'];
  readonly reasons: readonly Reason[];
  readonly tools: readonly ToolFact[];
  readonly isSecrets: boolean;
  readonly schema: EvidenceDocument['schema'];
  readonly findings: readonly Finding[];
  readonly resultCount: number;
  readonly dropped: readonly Dropped[];
}

/** As GitHub takes them. Over a limit the run is an ERROR, whatever is kept of it. */
const LIMITS = { results: 25_000, rules: 25_000, extensions: 100 } as const;

export function normaliseRun(run: JsonObject, index: number, occurrences: OccurrenceCounter): NormalRun {
  const driver = objectIn(objectIn(run, 'tool'), 'driver');
  const tool = textIn(driver, 'name') ?? 'unknown';
  const isSecrets = isSecretTool(tool);
  const rules = new RuleIndex(objectIn(run, 'tool'));
  const listed = listIn(run, 'results') ?? [];
  const results = objectsIn(run, 'results').slice(0, LIMITS.results);
  const completeness = completenessOf(run, index, tool);
  const excess = overLimits(run, rules, { run: index, tool });
  const read = results.map(reader(run, rules, tool, isSecrets));
  const identities = identify(
    read.map(({ traits }) => traits),
    occurrences,
  );
  const findings = read.flatMap(({ finding }, at) => {
    const identity = identities[at];
    return identity ? [{ ...finding, identity }] : [];
  });
  return {
    state: worstState([completeness.state, ...excess.map(() => 'ERROR' as const)]),
    reasons: [...completeness.reasons, ...excess],
    tools: toolFacts(run),
    isSecrets,
    schema: schemaOf(run, read),
    findings,
    resultCount: listed.length,
    dropped: droppedFrom(listed.length, read),
  };
}

interface ReadResult {
  readonly finding: Omit<Finding, 'identity'>;
  readonly traits: Traits;
  readonly place: Place;
}

function reader(
  run: JsonObject,
  rules: RuleIndex,
  tool: string,
  isSecret: boolean,
): (result: JsonObject) => ReadResult {
  const locator = new Locator(run);
  return (result) => {
    const found = rules.ofResult(result);
    const named =
      textIn(result, 'ruleId') ?? textIn(objectIn(result, 'rule'), 'id') ?? textIn(found?.rule, 'id');
    const rule = named ?? 'unnamed';
    const place = locator.placeOf(result);
    const level = resolveLevel(run, result, found, rules);
    const message = messageOf(result, found);
    const { anchor, snippet, startLine, startColumn } = place;
    return {
      finding: {
        kind: isSecret ? 'secret' : 'sast',
        tool,
        rule,
        ...level,
        ...resolveSeverity(result, level, found),
        message: shortened(message),
        path: place.path,
        startLine: place.startLine,
        startColumn: place.startColumn,
        ...resolveSuppression(result),
        baseline: resolveBaseline(result),
      },
      traits: { tool, rule, anchor, message, isSecret, snippet, startLine, startColumn, result },
      place,
    };
  };
}

function overLimits(run: JsonObject, rules: RuleIndex, where: { run: number; tool: string }): Reason[] {
  const counts = {
    results: listIn(run, 'results')?.length ?? 0,
    rules: rules.count,
    extensions: listIn(objectIn(run, 'tool'), 'extensions')?.length ?? 0,
  };
  return (['results', 'rules', 'extensions'] as const)
    .filter((what) => counts[what] > LIMITS[what])
    .map((what) => ({
      code: `sarif.too-many-${what}`,
      params: { ...where, count: counts[what], limit: LIMITS[what] },
    }));
}

/** The driver, whose version is the tool's claim. Extensions are rule packs, not tools. */
function toolFacts(run: JsonObject): readonly ToolFact[] {
  const driver = objectIn(objectIn(run, 'tool'), 'driver');
  const name = textIn(driver, 'name');
  if (name === undefined) return [];
  const version = textIn(driver, 'version') ?? textIn(driver, 'semanticVersion') ?? null;
  return [{ name, version, versionFrom: 'file' }];
}

function schemaOf(run: JsonObject, read: readonly ReadResult[]): NormalRun['schema'] {
  const driver = objectIn(objectIn(run, 'tool'), 'driver');
  const isInvalid =
    textIn(driver, 'name') === undefined ||
    run['results'] === null ||
    objectsIn(run, 'invocations').some((one) => typeof one['executionSuccessful'] !== 'boolean') ||
    objectsIn(driver, 'rules').some(isOddRule) ||
    read.some(({ traits: { result }, place }) => isOddResult(result) || place.hasEmptyRegion);
  if (isInvalid) return 'invalid';
  const contradicts = ({ finding, traits: { result } }: ReadResult): boolean =>
    finding.levelFrom === 'kind' && (textIn(result, 'level') ?? 'none') !== 'none';
  return read.some(contradicts) ? 'lenient' : 'valid';
}

const isOddRule = (rule: JsonObject): boolean =>
  textIn(rule, 'id') === undefined ||
  (has(rule, 'help') && textIn(objectIn(rule, 'help'), 'text') === undefined);

const isOddResult = (result: JsonObject): boolean =>
  objectIn(result, 'message') === undefined || oddFingerprints(result) > 0;

function droppedFrom(listed: number, read: readonly ReadResult[]): readonly Dropped[] {
  const outside = read.filter(({ place }) => place.isOutside).length;
  const more = read.reduce((sum, { traits: { result } }) => sum + Math.max(0, locations(result) - 1), 0);
  const odd = read.reduce((sum, { traits: { result } }) => sum + oddFingerprints(result), 0);
  return [
    { what: 'results', count: listed - read.length, why: 'over-limit-or-unreadable' },
    { what: 'locations', count: more, why: 'only-the-first-is-kept' },
    { what: 'paths', count: outside, why: 'absolute-or-outside-the-repository' },
    { what: 'fingerprints', count: odd, why: 'not-text' },
  ].filter(({ count }) => count > 0);
}

const locations = (result: JsonObject): number => listIn(result, 'locations')?.length ?? 0;
