import { digestOf, type JsonObject, type JsonValue } from '../kernel/canonical-json.js';
import { parseRfc3339, toRfc3339, type Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import { JsonText } from '../kernel/json-text.js';
import { inStanding } from '../evidence/evidence-sets.js';
import type { EvidencePart } from '../evidence/part.js';
import type { InputMembers } from '../rego/engine.port.js';
import { findingPlaces } from '../waiver/finding-places.js';
import type { WaiverContext } from '../waiver/match.js';
import { waiverRefs, waiverSetDigest, type WaiverRecord, type WaiverRef } from '../waiver/waiver.js';
import type { PinnedChecklist, PinnedPolicy } from './checklist.js';
import type { Gate } from './gate.js';
import { againstBaseline, type GatheredBaseline } from './baseline.js';
import type { JudgedArtefact, JudgedBaseline, JudgedEvidence, ReadEvidence } from './subject.js';

/** What a verdict depends on of a gate's definition. Decisions of before there were severity rules have none. */
export type JudgingGate = Pick<Gate, 'gateId' | 'locus'> & Partial<Pick<Gate, 'severityRules'>>;

/** What a gate is asked about, as gathered. */
export interface GateFacts {
  readonly orgId: string;
  readonly gate: JudgingGate;
  readonly checklist: PinnedChecklist;
  readonly artefact: JudgedArtefact;
  /** In canonical order: `orderEvidence`. */
  readonly evidence: readonly JudgedEvidence[];
  /** Candidates, by id; whatever their state at as-of. */
  readonly waivers: readonly WaiverRecord[];
  /** What the checklist or the question names; absent when neither does. */
  readonly baseline?: JudgedBaseline | undefined;
}

/** Everything a decision is a function of, except as-of, under one digest. Made by `asInputs` only. */
export interface GateInputs extends GateFacts {
  /** The candidates, each with the digest of its history. */
  readonly waiverRefs: readonly WaiverRef[];
  readonly waiverSet: Digest;
  /** Over all of it: equal digests may share a decision, as long as that is valid. */
  readonly digest: Digest;
}

const DAY_MS = 86_400_000;

/** By digest; the same bytes handed in twice are one piece of evidence, as fresh as their latest collection. */
export function orderEvidence(evidence: readonly JudgedEvidence[]): readonly JudgedEvidence[] {
  const byDigest = new Map<string, JudgedEvidence>();
  for (const item of evidence) {
    const key = `${item.storedDigest} ${item.documentDigest}${partKey(item)}`;
    const known = byDigest.get(key);
    if (!known || known.collectedAt < item.collectedAt) byDigest.set(key, item);
  }
  return [...byDigest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

const partKey = ({ part }: JudgedEvidence): string => (part ? ` ${JSON.stringify(part)}` : '');

export function asInputs(facts: GateFacts): GateInputs {
  const { gate, artefact, checklist, evidence } = facts;
  const refs = waiverRefs(facts.waivers);
  const waiverSet = waiverSetDigest(refs);
  const digest = digestOf({
    model: 'assay.inputs/1',
    gate: gateRef(gate),
    artefact: artefactRef(artefact),
    checklist: checklistRef(checklist),
    policies: checklist.policies.map(policyRef),
    evidence: evidence.map(evidenceRef),
    ...(facts.baseline && { baseline: baselineRef(facts.baseline) }),
    waiverSet,
  });
  return { ...facts, waiverRefs: refs, waiverSet, digest };
}

/** Severity rules only where there are any: without them a decision is what it was before there were. */
export const gateRef = ({ gateId, locus, severityRules = {} }: JudgingGate): JudgingGate & JsonObject => ({
  gateId,
  locus,
  ...(Object.keys(severityRules).length > 0 && { severityRules: { ...severityRules } }),
});

/** Field by field: what is recorded beside it must not change what decisions are a function of. */
const artefactRef = (artefact: JudgedArtefact): JsonObject => ({
  artId: artefact.artId,
  digest: artefact.digest,
  registeredAt: artefact.registeredAt,
  authorId: artefact.authorId,
  agent: agentOf(artefact),
});

export const checklistRef = ({
  chkId,
  version,
  digest,
  bundle,
}: PinnedChecklist): { chkId: string; version: number; digest: Digest; bundle?: Digest } => ({
  chkId,
  version,
  digest,
  ...(bundle && { bundle }),
});

export const policyRef = ({ policyId, version, digest, bundle }: PinnedPolicy): Record<string, string> => ({
  policyId,
  version,
  digest,
  bundle,
});

export const evidenceRef = (
  item: JudgedEvidence,
): { digest: Digest; document: Digest; collectedAt: string; part?: EvidencePart } => ({
  digest: item.storedDigest,
  document: item.documentDigest,
  collectedAt: toRfc3339(item.collectedAt),
  ...(item.part && { part: item.part }),
});

export const baselineRef = ({ artId, digest, evidence }: JudgedBaseline) => ({
  artId,
  digest,
  evidence: evidence.map(evidenceRef),
});

export const waiverContext = (
  { orgId, gate, artefact, waivers }: GateInputs,
  evidence: readonly ReadEvidence[],
): WaiverContext => ({
  // Only a waiver that may follow a finding asks where all of them stand.
  ...(waivers.some(({ waiver }) => waiver.selectors.some((one) => one.type === 'finding' && one.content)) && {
    places: findingPlaces(evidence.map(({ document }) => document)),
  }),
  orgId,
  gateId: gate.gateId,
  artId: artefact.artId,
  digest: artefact.digest,
  authorId: artefact.authorId,
});

/** What a judgement is made of, beside its inputs: what they name, as read. */
export interface SeenEvidence {
  readonly evidence: readonly ReadEvidence[];
  readonly baseline?: GatheredBaseline | undefined;
}

/**
 * What the rules of every policy see alike, in parts that are parsed once. No clock and no waivers in it; only
 * staleness depends on as-of.
 */
export function sharedInput(inputs: GateInputs, seen: SeenEvidence, asOf: Instant): InputMembers {
  const { gate, artefact, checklist } = inputs;
  const documents = inStanding(seen.evidence, (item) => asSeen(item, checklist.freshness, asOf));
  const baseline =
    inputs.baseline &&
    againstBaseline(
      inputs.baseline,
      documents,
      // A baseline is of another day: how old it is says nothing against it.
      seen.baseline && { ...seen.baseline, documents: inStanding(seen.baseline.evidence, withDigest) },
    );
  return {
    artefact: JsonText.of({ artId: artefact.artId, digest: artefact.digest, agent: agentOf(artefact) }),
    gate: JsonText.of({ gateId: gate.gateId, locus: gate.locus }),
    evidence: JsonText.of(documents),
    ...(baseline && { baseline: JsonText.of(baseline) }),
  };
}

const withDigest = (item: ReadEvidence): JsonObject => ({ ...item.document, digest: item.storedDigest });

/** What the rules of one policy see besides. */
export const ownInput = (policy: PinnedPolicy): InputMembers => ({
  parameters: JsonText.of(policy.parameters),
});

/**
 * When evidence turns stale: the first instant beyond the shortest age that the checklist allows for any of its
 * kinds, or for the data its tool judged with (`freshness: { "vulnerabilities-data": 7 }`), whichever comes first.
 * Data of unknown age has always been stale: minus infinity. Undefined when it never turns, or when it cannot
 * pass anyway.
 */
export function staleFrom(item: ReadEvidence, freshness: PinnedChecklist['freshness']): Instant | undefined {
  if (item.document['state'] !== 'COMPLETE') return undefined; // its own state says more than its age would
  return staleness(item, freshness)?.from;
}

interface Staleness {
  readonly from: Instant;
  readonly reason: JsonObject;
}

function staleness(item: ReadEvidence, freshness: PinnedChecklist['freshness']): Staleness | undefined {
  const { kinds, dataDate } = item.document;
  const ages: Staleness[] = [];
  const days = maxAgeDays(kinds, freshness);
  if (days !== undefined)
    ages.push({
      from: item.collectedAt + days * DAY_MS + 1,
      reason: {
        code: 'evidence.stale',
        params: { collectedAt: toRfc3339(item.collectedAt), maxAgeDays: days },
      },
    });
  const dataDays = maxAgeDays(kinds, freshness, DATA_SUFFIX);
  if (dataDays !== undefined) ages.push(dataStaleness(dataDate, dataDays));
  return ages.sort((a, b) => a.from - b.from)[0];
}

/** Freshness of what a tool judged with has the kind's name with this behind it. */
const DATA_SUFFIX = '-data';

function dataStaleness(dataDate: JsonValue | undefined, maxAgeDays: number): Staleness {
  const madeAt = typeof dataDate === 'string' ? parseRfc3339(dataDate) : undefined;
  return madeAt === undefined
    ? {
        from: Number.NEGATIVE_INFINITY,
        reason: { code: 'evidence.data-age-unknown', params: { maxAgeDays } },
      }
    : {
        from: madeAt + maxAgeDays * DAY_MS + 1,
        reason: { code: 'evidence.data-stale', params: { dataDate: toRfc3339(madeAt), maxAgeDays } },
      };
}

function asSeen(item: ReadEvidence, freshness: PinnedChecklist['freshness'], asOf: Instant): JsonObject {
  const document = withDigest(item);
  const stale = staleFrom(item, freshness);
  if (stale === undefined || asOf < stale) return document;
  const reason = staleness(item, freshness)?.reason ?? {};
  const { reasons } = item.document;
  return { ...document, state: 'STALE', reasons: [...listOf(reasons), reason] };
}

const listOf = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]) : [];

function maxAgeDays(
  kinds: JsonValue | undefined,
  freshness: PinnedChecklist['freshness'],
  suffix = '',
): number | undefined {
  const ages = listOf(kinds).flatMap((kind) =>
    typeof kind === 'string' && Object.hasOwn(freshness, kind + suffix)
      ? [freshness[kind + suffix] ?? 0]
      : [],
  );
  return ages.length > 0 ? Math.min(...ages) : undefined;
}

/** Field by field: what is stored beside the header is none of a policy's business. */
function agentOf({ agent }: JudgedArtefact): JsonObject | null {
  if (!agent) return null;
  const { agentId, modelName, modelVersion, temperature, presetId, promptHash } = agent;
  return { agentId, modelName, modelVersion, temperature, presetId, promptHash };
}
