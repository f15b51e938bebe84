import type { JsonValue } from '../kernel/canonical-json.js';
import { recordDigest, type WaiverRecord, type WaiverRef } from '../waiver/waiver.js';
import type { PinnedChecklist } from './checklist.js';
import type { Decision, DecisionDocument } from './decision.js';

/** Whether a decision came out the same again, byte for byte; otherwise where it first differs, by member. */
export type Replay =
  | { readonly same: true; readonly document: string }
  | {
      readonly same: false;
      readonly recorded: string;
      readonly replayed: string;
      readonly differs: readonly string[];
    };

export function compareReplay(decision: Pick<Decision, 'document'>, again: string): Replay {
  if (decision.document === again) return { same: true, document: again };
  const differs = differences(
    JSON.parse(decision.document) as JsonValue,
    JSON.parse(again) as JsonValue,
    '$',
  );
  return { same: false, recorded: decision.document, replayed: again, differs };
}

function differences(a: JsonValue | undefined, b: JsonValue | undefined, path: string): string[] {
  if (!isTree(a) || !isTree(b)) return Object.is(a, b) ? [] : [path];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) =>
    differences(
      (a as Record<string, JsonValue>)[key],
      (b as Record<string, JsonValue>)[key],
      `${path}.${key}`,
    ),
  );
}

const isTree = (
  value: JsonValue | undefined,
): value is Exclude<JsonValue, null | boolean | number | string> =>
  typeof value === 'object' && value !== null;

/**
 * A waiver with the history it had when a decision took it into account: the part of today's whose digest is the
 * recorded one. History is only ever added to, and in an order: so many approvals, then perhaps an ending. Undefined
 * when no part of it fits, which means that what was recorded has been changed.
 */
export function waiverAsRecorded(record: WaiverRecord, { digest }: WaiverRef): WaiverRecord | undefined {
  const approvals = record.approvals.toSorted((a, b) => a.ordinal - b.ordinal);
  for (let count = approvals.length; count >= 0; count--)
    for (const refusal of new Set([record.refusal, null]))
      for (const revocation of new Set([record.revocation, null])) {
        const then = { waiver: record.waiver, approvals: approvals.slice(0, count), refusal, revocation };
        if (recordDigest(then) === digest) return then;
      }
  return undefined;
}

/** The checklist with the module that judged then: which one does for a version may have changed since. */
export function checklistAsRecorded(pinned: PinnedChecklist, document: DecisionDocument): PinnedChecklist {
  const { bundle } = document.checklist;
  const { chkId, version, digest, policies, freshness } = pinned;
  const base = { chkId, version, digest, policies, freshness };
  return bundle === undefined ? base : { ...base, bundle };
}

/** Our own deadline or a lost thread ended it: nothing that was recorded makes that happen again. */
const CUT_SHORT: readonly unknown[] = ['DeadlineExceeded', 'EngineUnavailable', 'BundleNotFound'];

/** Rules of a recorded decision that were not judged to the end. */
export const cutShort = ({ rules }: DecisionDocument): readonly string[] =>
  rules.flatMap(({ ruleId, problem }) =>
    problem?.code === 'gate.engine-failed' && CUT_SHORT.includes(problem.params['problem']) ? [ruleId] : [],
  );

/** Whether evidence could not be read when it was judged: then it need not be readable to replay. */
export const wasUnreadable = ({ rules }: DecisionDocument): boolean =>
  rules.some(({ problem }) => problem?.code === 'gate.evidence-unreadable');
