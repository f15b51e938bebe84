import { canonicalJson, type JsonObject } from '../kernel/canonical-json.js';
import { SEVERITIES, type Severity } from '../waiver/severity.js';

/**
 * What a gate says of severities, beside what the rules of its checklist say of themselves. A severity that is not
 * named counts as its rule says; `block` lets it stop the artefact also where its rule only warns, `warn` only
 * reports it. Nothing lets one of unknown severity pass by silently.
 */
export type SeverityRules = Readonly<Partial<Record<Severity, 'block' | 'warn'>>>;

/** What happens to a run that cannot judge for our own fault: so many more attempts, each later than the one before. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly count: number;
  /** Milliseconds before the second attempt; before each later one twice as long. */
  readonly firstBackOffMs: number;
  /** Milliseconds; no wait is longer. */
  readonly maxBackOffMs: number;
}

/** Who hears of a run that is late, and how long after it became so. */
export interface EscalationStep {
  /** Process role. */
  readonly role: string;
  /** Milliseconds. */
  readonly afterMs: number;
}

/** A process role that may approve waivers at this gate, up to a severity, for so many days at most. */
export interface WaiverRight {
  readonly role: string;
  readonly severity: Severity;
  readonly maxDays: number;
}

/** How a gate deals with severities, time and failure. */
export interface GateTerms {
  readonly severityRules: SeverityRules;
  /** Milliseconds from asking to a decision, all attempts together; null: as long as one attempt may take. */
  readonly slaMs: number | null;
  readonly retry: RetryPolicy;
  /** Milliseconds that a run which waits for a person may wait before it is late. */
  readonly pauseMs: number;
  /** In this order, each later than the one before. */
  readonly escalation: readonly EscalationStep[];
  /** Empty: the organisation's access policy alone says who may waive what. */
  readonly waiverRights: readonly WaiverRight[];
}

const HOUR_MS = 3_600_000;

/** Of a gate that says nothing about it. Never changed: definitions on record were read with these. */
export const DEFAULT_TERMS: GateTerms = {
  severityRules: {},
  slaMs: null,
  retry: { count: 0, firstBackOffMs: 1_000, maxBackOffMs: 60_000 },
  pauseMs: 24 * HOUR_MS,
  escalation: [],
  waiverRights: [],
};

/** A person may be asked to wait as long as a quarter; what waits longer was forgotten. */
const MAX_WAIT_MS = 90 * 24 * HOUR_MS;
const MAX_RETRIES = 10;
const MAX_BACK_OFF_MS = 24 * HOUR_MS;
const MAX_STEPS = 10;
const MAX_RIGHTS = 100;
const MAX_WAIVER_DAYS = 3_650;

export const PROCESS_ROLE = /^[A-Z][A-Z0-9_]{0,31}$/;
const A_ROLE = 'a process role such as QA';

/** What of a gate's terms is not as every gate has it: what is stored, and what its digest covers. */
export function ownTerms(gate: GateTerms): Partial<GateTerms> {
  const names = Object.keys(DEFAULT_TERMS) as (keyof GateTerms)[];
  return Object.fromEntries(
    names.flatMap((name) => (asText(gate[name]) === asText(DEFAULT_TERMS[name]) ? [] : [[name, gate[name]]])),
  );
}

const asText = (value: unknown): string => canonicalJson(value as JsonObject);

export interface TermsFault {
  /** `retry.count`, `escalation.1.afterMs` … */
  readonly where: string;
  readonly expected: string;
}

/** The first thing that is wrong with the terms of a gate; undefined when nothing is. */
export const termsFault = (terms: GateTerms): TermsFault | undefined =>
  severityFault(terms) ??
  timeFault(terms) ??
  escalationFault(terms.escalation) ??
  rightsFault(terms.waiverRights);

function severityFault({ severityRules }: GateTerms): TermsFault | undefined {
  for (const [severity, rule] of Object.entries(severityRules)) {
    const where = `severityRules.${severity}`;
    if (!(SEVERITIES as readonly string[]).includes(severity))
      return { where, expected: `one of ${SEVERITIES.join(', ')}` };
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- read from a file
    if (rule !== 'block' && rule !== 'warn') return { where, expected: 'block or warn' };
    if (severity === 'unknown' && rule === 'warn')
      return { where, expected: 'block: what nobody could rate never passes silently' };
  }
  return undefined;
}

function timeFault({ slaMs, retry, pauseMs }: GateTerms): TermsFault | undefined {
  const { count, firstBackOffMs, maxBackOffMs } = retry;
  return (
    (slaMs === null ? undefined : wrong('slaMs', slaMs, [1, MAX_WAIT_MS])) ??
    wrong('retry.count', count, [0, MAX_RETRIES]) ??
    wrong('retry.firstBackOffMs', firstBackOffMs, [1, MAX_BACK_OFF_MS]) ??
    wrong('retry.maxBackOffMs', maxBackOffMs, [firstBackOffMs, MAX_BACK_OFF_MS]) ??
    wrong('pauseMs', pauseMs, [1, MAX_WAIT_MS])
  );
}

function escalationFault(steps: GateTerms['escalation']): TermsFault | undefined {
  if (steps.length > MAX_STEPS) return { where: 'escalation', expected: `at most ${MAX_STEPS} steps` };
  for (const [at, { role, afterMs }] of steps.entries()) {
    const where = `escalation.${String(at)}`;
    if (!PROCESS_ROLE.test(role)) return { where: `${where}.role`, expected: A_ROLE };
    const earliest = at === 0 ? 0 : (steps[at - 1]?.afterMs ?? 0) + 1;
    const fault = wrong(`${where}.afterMs`, afterMs, [earliest, MAX_WAIT_MS]);
    if (fault) return fault;
  }
  return undefined;
}

function rightsFault(rights: GateTerms['waiverRights']): TermsFault | undefined {
  if (rights.length > MAX_RIGHTS) return { where: 'waiverRights', expected: `at most ${MAX_RIGHTS}` };
  const seen = new Set<string>();
  for (const [at, { role, severity, maxDays }] of rights.entries()) {
    const where = `waiverRights.${String(at)}`;
    if (!PROCESS_ROLE.test(role)) return { where: `${where}.role`, expected: A_ROLE };
    if (!SEVERITIES.includes(severity))
      return { where: `${where}.severity`, expected: `one of ${SEVERITIES.join(', ')}` };
    const fault = wrong(`${where}.maxDays`, maxDays, [0, MAX_WAIVER_DAYS]);
    if (fault) return fault;
    if (seen.has(`${role} ${severity}`)) return { where, expected: 'each role and severity once' };
    seen.add(`${role} ${severity}`);
  }
  return undefined;
}

const wrong = (
  where: string,
  value: number,
  [least, most]: readonly [number, number],
): TermsFault | undefined =>
  Number.isInteger(value) && value >= least && value <= most
    ? undefined
    : { where, expected: `${String(least)} to ${String(most)}` };

/** Milliseconds to wait before attempt `next` (the second one is 2). */
export const backOffMs = ({ firstBackOffMs, maxBackOffMs }: RetryPolicy, next: number): number =>
  Math.min(firstBackOffMs * 2 ** Math.max(next - 2, 0), maxBackOffMs);
