import { canonicalJson, type JsonValue } from './canonical-json.js';
import { ok, type Result } from './result.js';
import { parseJson, STRICT_JSON, type JsonLimits, type JsonProblem } from './strict-json.js';

/**
 * A text that is known to be one strict JSON document: it was written by us or has been read strictly. Cannot
 * be made in any other way, so whoever is handed one need not read it again.
 */
export class JsonText {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** The canonical text of a value; throws as `canonicalJson` does. */
  static of(value: JsonValue): JsonText {
    return new JsonText(canonicalJson(value));
  }

  /** A text or bytes from outside, kept as written (without a byte order mark). */
  static read(source: Uint8Array | string, limits: JsonLimits = STRICT_JSON): Result<JsonText, JsonProblem> {
    const parsed = parseJson(source, limits);
    if (!parsed.ok) return parsed;
    const text = typeof source === 'string' ? source : Buffer.from(source).toString('utf8');
    return ok(new JsonText(text.startsWith('\uFEFF') ? text.slice(1) : text));
  }
}
