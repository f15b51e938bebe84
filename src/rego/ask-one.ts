import { digestOf, type JsonObject, type JsonValue } from '../kernel/canonical-json.js';
import type { Instant } from '../kernel/clock.js';
import { hexOf, type Digest } from '../kernel/digest.js';
import { JsonText } from '../kernel/json-text.js';
import type { Engine } from './engine.port.js';

/** A question about who or where to is small: what takes longer than this is broken. */
const DEADLINE_MS = 5_000;

/** A policy as a checklist pins it. */
interface Pinned {
  readonly bundle: Digest;
  readonly parameters: JsonObject;
}

/**
 * Puts one small question to a policy, with the policy's parameters beside it as `parameters`. Undefined when it cannot
 * be answered, for whatever reason: whoever asks must take that for no.
 */
export async function askOne(
  engine: Engine,
  { bundle, parameters }: Pinned,
  { entrypoint, question }: { readonly entrypoint: string; readonly question: JsonObject },
  instant: Instant,
): Promise<JsonValue | undefined> {
  const input = { ...question, parameters };
  const answered = await engine.evaluate({
    bundle,
    input: { kind: 'document', text: JsonText.of(input) },
    questions: [{ entrypoint }],
    instant,
    seed: hexOf(digestOf(input)),
    deadlineMs: DEADLINE_MS,
  });
  const [answer] = answered.ok ? answered.value : [];
  return answer?.ok ? answer.value : undefined;
}
