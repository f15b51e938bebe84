/** Payload type of every statement: what DSSE signs besides the payload. */
export const IN_TOTO_PAYLOAD = 'application/vnd.in-toto+json';

/** DSSE pre-authentication encoding: the bytes that are signed. Lengths are in bytes. */
export function pae(payloadType: string, payload: string): Buffer {
  const length = (text: string): string => String(Buffer.byteLength(text));
  return Buffer.from(`DSSEv1 ${length(payloadType)} ${payloadType} ${length(payload)} ${payload}`);
}
