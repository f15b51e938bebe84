import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import type { EvidenceDocument } from '../model/document.js';
import type { Dropped, Reason, ToolFact } from '../model/evidence-state.js';
import type { Finding } from '../model/finding.js';
import { has, isObject, listIn, objectIn, objectsIn, textIn } from '../read/json-view.js';
import { isSecretTool } from '../secrets/secret-tools.js';
import { completenessOf, worstState, type Completeness } from './sarif-completeness.js';
import type { OccurrenceCounter } from '../identity.js';
import { ConstantFingerprints, identify, oddFingerprints, type Traits } from './sarif-identity.js';
import {
  resolveBaseline,
  resolveLevel,
  resolveSeverity,
  resolveSuppression,
  type ResolvedLevel,
} from './sarif-level.js';
import { Locator, type Place } from './sarif-location.js';
import { messageOf, shortened } from './sarif-message.js';
import { RuleIndex, type FoundRule } from './sarif-rules.js';

export interface NormalRun {
  readonly state: Completeness['state'];
  readonly reasons: readonly Reason[];
  readonly tools: readonly ToolFact[];
  readonly isSecrets: boolean;
  readonly schema: EvidenceDocument['schema'];
  readonly resultCount: number;
  readonly dropped: readonly Dropped[];
}

/**
 * Rules and extensions as GitHub takes them. Results: twice what is promised (1 M), so that a file which only
 * repeats itself ends somewhere. Over a limit the run is an ERROR, whatever is kept of it.
 */
const LIMITS = { results: 2_000_000, rules: 25_000, extensions: 100 };
type Limits = typeof LIMITS;

/**
 * Reads the results of one run one by one: `survey` each, then `read` each in the same order, then `finish`.
 * Of `run` itself only what stands beside its results is looked at, and whether there is such a list: so it does
 * not matter whether they are in it. Holds counts, never results.
 */
export class RunReader {
  private readonly tool: string;
  private readonly isSecrets: boolean;
  private readonly rules: RuleIndex;
  private readonly locator: Locator;
  private readonly constant = new ConstantFingerprints();
  private readonly seen = { listed: 0, kept: 0, unreadable: 0, outside: 0, locations: 0, odd: 0 };
  private schema: EvidenceDocument['schema'];

  constructor(
    private readonly run: JsonObject,
    private readonly index: number,
    private readonly limit: number = LIMITS.results,
  ) {
    this.tool = textIn(objectIn(objectIn(run, 'tool'), 'driver'), 'name') ?? 'unknown';
    this.isSecrets = isSecretTool(this.tool);
    this.rules = new RuleIndex(objectIn(run, 'tool'));
    this.locator = new Locator(run);
    this.schema = isInvalidRun(run) ? 'invalid' : 'valid';
  }

  /** The first look; false once the rest of the results make no difference to it. */
  survey(result: JsonValue): boolean {
    if (!isObject(result) || this.isSecrets) return !this.isSecrets;
    return this.constant.see(result, () => this.look(result).traits);
  }

  /** Undefined for what is no result, and for what is beyond the limit: both are counted. */
  read(result: JsonValue, occurrences: OccurrenceCounter): Finding | undefined {
    this.seen.listed += 1;
    if (!isObject(result)) {
      this.seen.unreadable += 1;
      return undefined;
    }
    if (this.seen.kept >= this.limit) return undefined;
    this.seen.kept += 1;
    const { traits, found, place } = this.look(result);
    const level = resolveLevel(this.run, result, found, this.rules);
    this.take(result, level, place);
    const { severity, severityFrom } = resolveSeverity(result, level, found);
    const { toolSuppression, toolSuppressionExpires } = resolveSuppression(result);
    return {
      kind: this.isSecrets ? 'secret' : 'sast', // member by member: spreading takes several times as long
      tool: this.tool,
      rule: traits.rule,
      level: level.level,
      levelFrom: level.levelFrom,
      severity,
      severityFrom,
      message: shortened(traits.message),
      path: place.path,
      startLine: place.startLine,
      startColumn: place.startColumn,
      identity: identify(traits, this.constant, occurrences),
      toolSuppression,
      toolSuppressionExpires,
      baseline: resolveBaseline(result),
    };
  }

  finish(): NormalRun {
    const { run, tool, seen } = this;
    const completeness = completenessOf(run, { index: this.index, tool, unreadable: seen.unreadable });
    const where = { run: this.index, tool };
    const limits = { ...LIMITS, results: this.limit };
    const excess = overLimits({ ...countsOf(run, this.rules), results: seen.listed }, limits, where);
    return {
      state: worstState([completeness.state, ...excess.map(() => 'ERROR' as const)]),
      reasons: [...completeness.reasons, ...excess],
      tools: toolFacts(run),
      isSecrets: this.isSecrets,
      schema: this.schema,
      resultCount: seen.listed,
      dropped: [
        { what: 'results', count: seen.listed - seen.kept, why: 'over-limit-or-unreadable' },
        { what: 'locations', count: seen.locations, why: 'only-the-first-is-kept' },
        { what: 'paths', count: seen.outside, why: 'absolute-or-outside-the-repository' },
        { what: 'fingerprints', count: seen.odd, why: 'not-text' },
      ].filter(({ count }) => count > 0),
    };
  }

  private take(result: JsonObject, { levelFrom }: ResolvedLevel, place: Place): void {
    const { seen } = this;
    const odd = oddFingerprints(result);
    seen.odd += odd;
    seen.outside += place.isOutside ? 1 : 0;
    seen.locations += Math.max(0, (listIn(result, 'locations')?.length ?? 0) - 1);
    if (objectIn(result, 'message') === undefined || odd > 0 || place.hasEmptyRegion) this.schema = 'invalid';
    const contradicts = levelFrom === 'kind' && (textIn(result, 'level') ?? 'none') !== 'none';
    if (contradicts && this.schema === 'valid') this.schema = 'lenient';
  }

  private look(result: JsonObject): Looked {
    const { tool, isSecrets: isSecret } = this;
    const found = this.rules.ofResult(result);
    const named =
      textIn(result, 'ruleId') ?? textIn(objectIn(result, 'rule'), 'id') ?? textIn(found?.rule, 'id');
    const rule = named ?? 'unnamed';
    const place = this.locator.placeOf(result);
    const message = messageOf(result, found);
    const { anchor, snippet, startLine, startColumn } = place;
    const traits = { tool, rule, anchor, message, isSecret, snippet, startLine, startColumn, result };
    return { traits, found, place };
  }
}

interface Looked {
  readonly traits: Traits;
  readonly found: FoundRule | undefined;
  readonly place: Place;
}

const countsOf = (run: JsonObject, rules: RuleIndex): Pick<Limits, 'rules' | 'extensions'> => ({
  rules: rules.count,
  extensions: listIn(objectIn(run, 'tool'), 'extensions')?.length ?? 0,
});

function overLimits(counts: Limits, limits: Limits, where: { run: number; tool: string }): Reason[] {
  return (['results', 'rules', 'extensions'] as const)
    .filter((what) => counts[what] > limits[what])
    .map((what) => ({
      code: `sarif.too-many-${what}`,
      params: { ...where, count: counts[what], limit: limits[what] },
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

function isInvalidRun(run: JsonObject): boolean {
  const driver = objectIn(objectIn(run, 'tool'), 'driver');
  return (
    textIn(driver, 'name') === undefined ||
    run['results'] === null ||
    objectsIn(run, 'invocations').some((one) => typeof one['executionSuccessful'] !== 'boolean') ||
    objectsIn(driver, 'rules').some(isOddRule)
  );
}

const isOddRule = (rule: JsonObject): boolean =>
  textIn(rule, 'id') === undefined ||
  (has(rule, 'help') && textIn(objectIn(rule, 'help'), 'text') === undefined);
