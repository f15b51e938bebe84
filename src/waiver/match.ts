import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { FindingPlaces } from './finding-places.js';
import { matchesArtefact, matchesPath } from './path-pattern.js';
import { namesComponent, type FindingIdentity, type WaiverSelector } from './selector.js';
import { covers, type Severity } from './severity.js';
import { narrowerFirst } from './specificity.js';
import { activeSpan, type WaiverRecord } from './waiver.js';

/** What a rule found, as far as a waiver can name it. */
export interface Excusable {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly path: string | null;
  readonly identity: FindingIdentity | null;
  /** purl of the component it is about. */
  readonly component: string | null;
}

/** Where it was found. */
export interface WaiverContext {
  readonly orgId: string;
  readonly gateId: string;
  readonly artId: string;
  readonly digest: Digest;
  /** Principal who made this artefact version, where known: their approval does not count for it. */
  readonly authorId: string | null;
  /** Absent where the evidence cannot say what has gone: then no waiver follows a finding anywhere. */
  readonly places?: FindingPlaces | undefined;
}

/**
 * Whether a waiver excuses a violation at an instant. **The only such function**: gate, batch, replay,
 * background and CLI all come through here.
 */
export function excuses(
  record: WaiverRecord,
  violation: Excusable,
  context: WaiverContext,
  asOf: Instant,
): boolean {
  const span = activeSpan(record, context.authorId);
  return span !== undefined && span.from <= asOf && asOf < span.to && inScope(record, violation, context);
}

/** The narrowest of the waivers that excuse a violation; of equally narrow ones the longest, then by id. */
export function excusedBy(
  records: readonly WaiverRecord[],
  violation: Excusable,
  context: WaiverContext,
  asOf: Instant,
): WaiverRecord | undefined {
  return records.filter((record) => excuses(record, violation, context, asOf)).sort(narrowestFirst)[0];
}

/** The instants after `asOf` at which the answer of `excuses` changes for this violation. */
export function changesAfter(
  record: WaiverRecord,
  violation: Excusable,
  context: WaiverContext,
  asOf: Instant,
): readonly Instant[] {
  const span = activeSpan(record, context.authorId);
  if (!span || !inScope(record, violation, context)) return [];
  return [span.from, span.to].filter((instant) => instant > asOf);
}

/** Whether a waiver could excuse anything at this gate for this artefact version, whatever the time. */
export function concerns({ waiver }: WaiverRecord, context: WaiverContext): boolean {
  return (
    waiver.orgId === context.orgId &&
    waiver.selectors.every((selector) => {
      if (selector.type === 'gate') return selector.gateId === context.gateId;
      if (selector.type === 'artefact') return namesArtefact(selector, context);
      if (selector.type === 'artefact-pattern') return matchesArtefact(selector.pattern, context.artId);
      return true;
    })
  );
}

function inScope({ waiver }: WaiverRecord, violation: Excusable, context: WaiverContext): boolean {
  return (
    waiver.orgId === context.orgId &&
    covers(waiver.severity, violation.severity) &&
    waiver.selectors.some(({ type }) => type === 'rule' || type === 'finding') &&
    waiver.selectors.every((selector) => selects(selector, violation, context))
  );
}

function selects(selector: WaiverSelector, violation: Excusable, context: WaiverContext): boolean {
  switch (selector.type) {
    case 'gate':
      return selector.gateId === context.gateId;
    case 'rule':
      return selector.ruleId === violation.ruleId;
    case 'finding':
      return violation.identity !== null && namesFinding(selector, violation.identity, context.places);
    case 'artefact':
      return namesArtefact(selector, context);
    case 'artefact-pattern':
      return matchesArtefact(selector.pattern, context.artId);
    case 'path':
      return violation.path !== null && matchesPath(selector.pattern, violation.path);
    case 'component':
      return violation.component !== null && namesComponent(selector.purl, violation.component);
  }
}

const namesArtefact = (selector: { artId: string; digest?: Digest }, context: WaiverContext): boolean =>
  selector.artId === context.artId && (selector.digest === undefined || selector.digest === context.digest);

const namesFinding = (
  selector: FindingIdentity,
  identity: FindingIdentity,
  places: FindingPlaces | undefined,
): boolean =>
  selector.scheme === identity.scheme &&
  (selector.value === identity.value
    ? selector.occurrence === undefined || selector.occurrence === (identity.occurrence ?? 0)
    : hasMovedTo(selector, identity, places));

/**
 * Whether the finding that was waived now stands at another path: its content is the same, its old place has it
 * no more, and there is one such place only. Of several one would be a copy, which nobody has approved.
 */
function hasMovedTo(
  { scheme, value, content }: FindingIdentity,
  identity: FindingIdentity,
  places: FindingPlaces | undefined,
): boolean {
  if (content === undefined || !places || places.has(scheme, value)) return false;
  return places.contentOf(scheme, identity.value) === content && places.count(scheme, content) === 1;
}

/** In one order whatever the database says: a decision must come out the same byte for byte. */
function narrowestFirst(a: WaiverRecord, b: WaiverRecord): number {
  return (
    narrowerFirst(a.waiver.selectors, b.waiver.selectors) ||
    b.waiver.effectiveUntil - a.waiver.effectiveUntil ||
    (a.waiver.waiverId < b.waiver.waiverId ? -1 : 1)
  );
}
