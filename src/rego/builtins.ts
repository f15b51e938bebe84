import type { JsonValue } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import { parseRfc3339Nanos } from './rfc3339-nanos.js';
import { compareSemver, isSemver } from './semver.js';

/** What a builtin may know besides its arguments: the same for the whole evaluation, and recorded. */
export interface EvaluationContext {
  readonly instant: Instant;
  readonly seed: string;
}

/**
 * One Rego builtin. Pure. Sets arrive as arrays; a bigint is returned where a double would round. Undefined
 * where OPA reports an error: WebAssembly has no strict mode, so the expression is undefined there too.
 */
export type Builtin = (
  context: EvaluationContext,
  ...args: readonly JsonValue[]
) => JsonValue | bigint | undefined;

/**
 * What this host adds to the builtins a compiled policy brings along (native-builtins.ts). Nothing may be
 * called that is neither there nor here; rego/capabilities.json is generated from both, so that a policy which
 * tries does not compile. Deliberately short: each is checked against `opa eval` (test/engine/builtins.spec.ts).
 * `sprintf`, `regex.split` and `yaml.*` stay out, because the SDK's own versions cannot be replaced and do not
 * follow Go; string interpolation (`$"…{x}"`) is native and does what `sprintf` is for.
 */
export const HOST_BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['time.now_ns', ({ instant }) => BigInt(instant) * 1_000_000n],
  ['time.parse_rfc3339_ns', (_, text) => (typeof text === 'string' ? parseRfc3339Nanos(text) : undefined)],
  ['semver.is_valid', (_, text) => typeof text === 'string' && isSemver(text)],
  [
    'semver.compare',
    (_, a, b) => (typeof a === 'string' && typeof b === 'string' ? compareSemver(a, b) : undefined),
  ],
  [
    'strings.any_prefix_match',
    (_, texts, affixes) => anyMatch(texts, affixes, (text, affix) => text.startsWith(affix)),
  ],
  [
    'strings.any_suffix_match',
    (_, texts, affixes) => anyMatch(texts, affixes, (text, affix) => text.endsWith(affix)),
  ],
]);

type Matches = (text: string, affix: string) => boolean;

function anyMatch(
  texts: JsonValue | undefined,
  affixes: JsonValue | undefined,
  matches: Matches,
): boolean | undefined {
  const all = strings(texts);
  const wanted = strings(affixes);
  if (!all || !wanted) return undefined;
  return all.some((text) => wanted.some((affix) => matches(text, affix)));
}

/** One string or a collection of them. */
function strings(value: JsonValue | undefined): readonly string[] | undefined {
  const list: unknown = typeof value === 'string' ? [value] : value;
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
}
