import type { JsonObject, JsonValue } from '../../kernel/canonical-json.js';
import { countIn, objectIn } from '../read/json-view.js';
import type { Counted } from './measured.js';

/** An integer from 0 in text that a double holds exactly. */
export function countOf(text: string | undefined): number | undefined {
  const number = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * Whether a number of hits is above 0. It may be beyond 2^53 (2^64 - 1 happens), and then arrives as text;
 * undefined when it is no number of hits.
 */
export function isHit(value: JsonValue | undefined): boolean | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value > 0 : undefined;
  return typeof value === 'string' && /^\d{1,40}$/.test(value) ? /[1-9]/.test(value) : undefined;
}

/** Covered and total; undefined when one is missing or they cannot be. */
export function counted(covered: number | undefined, total: number | undefined): Counted | undefined {
  return covered === undefined || total === undefined || covered > total ? undefined : { covered, total };
}

/** `{covered, total}` under a key of a JSON report. */
export function countedIn(parent: JsonObject | undefined, key: string): Counted | undefined {
  const object = objectIn(parent, key);
  return counted(countIn(object, 'covered'), countIn(object, 'total'));
}
