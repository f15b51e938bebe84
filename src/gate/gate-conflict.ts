import { canonicalJson, type JsonValue } from '../kernel/canonical-json.js';
import { DEFAULT_TERMS } from './gate-terms.js';
import type { Gate } from './gate.js';
import type { GateFieldConflict } from './problem.js';

/** What somebody edits of a gate. */
const FIELDS = [
  ...(['projectId', 'title', 'locus', 'chkId', 'checklistVersion', 'ownerRole', 'maxRunMs'] as const),
  ...(Object.keys(DEFAULT_TERMS) as (keyof typeof DEFAULT_TERMS)[]),
];

/** The fields that are not the same on both sides, with what each side had before them. */
export function conflictsOf(sides: {
  readonly base: Gate | undefined;
  readonly theirs: Gate | undefined;
  readonly yours: Gate;
}): readonly GateFieldConflict[] {
  return FIELDS.flatMap((field) => {
    const [base, theirs, yours] = [sides.base, sides.theirs, sides.yours].map(
      (gate) => (gate?.[field] ?? null) as unknown as JsonValue,
    ) as [JsonValue, JsonValue, JsonValue];
    if (same(theirs, yours)) return [];
    const changedBy = same(base, theirs) ? 'yours' : same(base, yours) ? 'theirs' : 'both';
    return [{ field, changedBy, base, theirs, yours }];
  });
}

const same = (a: JsonValue, b: JsonValue): boolean => canonicalJson(a) === canonicalJson(b);
