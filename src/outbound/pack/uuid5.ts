import { createHash } from 'node:crypto';

/** Namespace of ours: UUIDv5 of `urn:assay:evidence-pack:v1` in the URL namespace of RFC 9562. */
const NAMESPACE = v5(Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex'), 'urn:assay:evidence-pack:v1');

/** Version-5 UUID (RFC 9562 §5.5): same parts, same UUID, in every pack. Parts hold no newline. */
export const uuid5 = (...parts: readonly string[]): string => format(v5(NAMESPACE, parts.join('\n')));

function v5(namespace: Buffer, name: string): Buffer {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes;
}

function format(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
