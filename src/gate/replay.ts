import type { JsonValue } from '../kernel/canonical-json.js';
import type { Decision } from './decision.js';

/** Whether a decision came out the same again, byte for byte; otherwise where it first differs, by member. */
export type Replay =
  | { readonly same: true }
  | {
      readonly same: false;
      readonly recorded: string;
      readonly replayed: string;
      readonly differs: readonly string[];
    };

export function compareReplay(decision: Pick<Decision, 'document'>, again: string): Replay {
  if (decision.document === again) return { same: true };
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
