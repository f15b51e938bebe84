import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import { parseRfc3339, type Instant } from '../../kernel/clock.js';
import type { RecordedEntry } from '../../ledger/recorded-entry.js';
import type { StandingDecision } from './standing.js';

/** What entry `seq`, a `decision.recorded`, makes of the decision that stands; `stale` is later entries' business. */
type Told = Omit<StandingDecision, 'staleSeq'>;

/** Where a decision is the one that stands: of two, the one that is later by these. */
export interface Standing {
  readonly asOf: Instant;
  readonly seq: number;
}

/** Whether `one` stands rather than `other`. */
export const standsBefore = (one: Standing, other: Standing): boolean =>
  one.asOf > other.asOf || (one.asOf === other.asOf && one.seq > other.seq);

/** Members of the row that are not what the entry says; none when it was made from that entry. */
export function notAsTold(row: StandingDecision, seq: number, entry: RecordedEntry): readonly string[] {
  const told = toldBy(seq, entry);
  return (Object.keys(told) as (keyof Told)[]).filter((name) => same(row[name]) !== same(told[name]));
}

const same = (value: unknown): string | undefined => canonicalJson({ value: value ?? null } as JsonObject);

/** As the statement in drift.store.pg.ts reads it in SQL; where an entry lacks something, the row had better too. */
function toldBy(seq: number, { orgId, facts }: RecordedEntry): { readonly [K in keyof Told]: unknown } {
  const [chkId, version] = facts.checklistVersion?.split('@') ?? [];
  const { details } = facts;
  const validUntil = details['validUntil'];
  return {
    ...{ orgId, seq, gateId: facts.gateId, artId: facts.artId, artefactDigest: facts.artefactDigest },
    ...{ decisionId: facts.decisionId, projectId: facts.projectId, locus: details['locus'] },
    ...{ chkId, checklistVersion: Number(version), checklistDigest: details['checklistDigest'] },
    ...{ inputsDigest: details['inputsDigest'], documentDigest: details['documentDigest'] },
    ...{ verdict: facts.result, verdictWithoutWaivers: details['verdictWithoutWaivers'], asOf: facts.asOf },
    validUntil: typeof validUntil === 'string' ? parseRfc3339(validUntil) : null,
  };
}
