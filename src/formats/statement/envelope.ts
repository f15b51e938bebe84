import type { JsonObject } from '../../kernel/canonical-json.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { Reason } from '../model/evidence-state.js';
import { listIn, objectsIn, textIn } from '../read/json-view.js';

/** A DSSE envelope with its base64 undone (secure-systems-lab/dsse 1.0.2). */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signatures: readonly Buffer[];
}

const MAX_SIGNATURES = 100;

/** `keyid` is a hint that nobody authenticated, so it is not even read. */
export function readEnvelope(value: JsonObject): Result<Envelope, Reason> {
  const payloadType = textIn(value, 'payloadType');
  const payload = fromBase64(textIn(value, 'payload'));
  if (payloadType === undefined || payload === undefined)
    return failed({ code: 'statement.envelope-malformed', params: { where: '$.payload' } });
  const listed = objectsIn(value, 'signatures');
  const signatures = listed.flatMap((one) => fromBase64(textIn(one, 'sig')) ?? []);
  if (signatures.length !== (listIn(value, 'signatures')?.length ?? -1) || signatures.length > MAX_SIGNATURES)
    return failed({ code: 'statement.envelope-malformed', params: { where: '$.signatures' } });
  return ok({ payloadType, payload, signatures });
}

/**
 * What is signed: `DSSEv1 <length> <type> <length> <payload>`, lengths in bytes and decimal, one space between
 * (dsse `protocol.md`, PAE).
 */
export function preAuthenticationEncoding({ payloadType, payload }: Envelope): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${String(type.length)} `),
    type,
    Buffer.from(` ${String(payload.length)} `),
    payload,
  ]);
}

/**
 * Standard or URL-safe base64, as DSSE allows, with or without padding. Node's decoder skips what it does not
 * know, so two texts would have one meaning: what does not encode back to itself is refused.
 */
function fromBase64(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const bare = text.replace(/={1,2}$/, '');
  const fits = (encoding: 'base64' | 'base64url') => bytes.toString(encoding).replace(/=+$/, '') === bare;
  return fits('base64') || fits('base64url') ? bytes : undefined;
}
