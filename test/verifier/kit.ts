import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { nodeCrypto } from '../../src/verifier/crypto.io.js';
import type { PackSource } from '../../src/verifier/source.port.js';
import type { Pins, Verdict } from '../../src/verifier/verdict.js';
import { verifyPack } from '../../src/verifier/verify-pack.js';
import { formatVkey } from '../../src/ledger/signed-note.js';
import { ledgerOf, packInMemory, packWorld, type MemoryLedger, type PackWorld } from '../support/pack.js';
import type { PackRequest } from '../../src/outbound/pack/pack.js';

export type Files = ReadonlyMap<string, Uint8Array>;

export const MANIFEST = 'manifest.intoto.json';

const crypto = nodeCrypto();

/** A pack in memory, as a folder is: without an order. */
export const memorySource = (files: Files): PackSource => ({
  files: [...files].map(([name, { length: size }]) => ({ name, size })),
  ordered: false,
  problems: [],
  read: (name) => Promise.resolve(files.get(name) ?? new Uint8Array()),
  stream: async function* (name) {
    const bytes = files.get(name) ?? new Uint8Array();
    // Odd pieces, so that lines and characters are cut anywhere.
    for (let at = 0; at < bytes.length; at += 997) yield await Promise.resolve(bytes.subarray(at, at + 997));
  },
  close: () => undefined,
});

export const judge = (files: Files, pins?: Pins): Promise<Verdict> =>
  verifyPack(memorySource(files), crypto, pins);

export interface Sample {
  readonly world: PackWorld;
  readonly ledger: MemoryLedger;
  readonly files: Files;
  readonly pins: Pins;
}

/** A real pack of the generator's, with what an auditor would have from elsewhere. */
export async function sample(
  decisions: number,
  name?: string,
  given?: Partial<PackRequest>,
): Promise<Sample> {
  const world = packWorld(name);
  const ledger = ledgerOf(decisions, world);
  return { world, ledger, files: await packInMemory(ledger, world, given), pins: pinsOf(world) };
}

export function pinsOf(world: PackWorld): Pins {
  return {
    vkey: formatVkey(world.log.name, world.keys.log.publicKey),
    exportKey: createPublicKey(world.keys.export).export({ type: 'spki', format: 'pem' }).toString(),
  };
}

interface Statement {
  predicate: Record<string, never>;
  subject: { name: string; digest: { sha256: string } }[];
}

/**
 * What an insider with the export key does after a change: lists the files as they are now and signs again. Written
 * here from the specification, not with the maker's code.
 */
export function resigned(
  files: Files,
  { world }: Sample,
  claim: (predicate: never) => void = () => undefined,
): Files {
  const envelope = JSON.parse(text(files.get(MANIFEST))) as { payload: string };
  const old = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as Statement;
  claim(old.predicate as never);
  const subject = [...files]
    .filter(([name]) => name !== MANIFEST)
    .map(([name, bytes]) => ({ digest: { sha256: sha256(bytes).toString('hex') }, name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const payload = Buffer.from(
    `{"_type":"https://in-toto.io/Statement/v1","predicate":${sorted(old.predicate)},` +
      `"predicateType":"urn:assay:evidence-pack:v1","subject":${JSON.stringify(subject)}}`,
  );
  return new Map([...files, [MANIFEST, signedEnvelope(payload, world.keys.export)]]);
}

export function signedEnvelope(payload: Buffer, key: KeyObject): Buffer {
  const type = 'application/vnd.in-toto+json';
  const signed = Buffer.concat([Buffer.from(`DSSEv1 28 ${type} ${String(payload.length)} `), payload]);
  const sig = sign(null, signed, key).toString('base64');
  return Buffer.from(
    `{"payload":"${payload.toString('base64')}","payloadType":"${type}","signatures":[{"keyid":"","sig":"${sig}"}]}`,
  );
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

export const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** The pack with one file replaced, or without it. */
export function changed(files: Files, name: string, bytes: Uint8Array | string | undefined): Files {
  const next = new Map(files);
  if (bytes === undefined) next.delete(name);
  else next.set(name, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  return next;
}

export const edited = (files: Files, name: string, edit: (content: string) => string): Files => {
  const before = text(files.get(name));
  const after = edit(before);
  if (after === before) throw new Error(`the edit of ${name} changed nothing`);
  return changed(files, name, after);
};

export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** mulberry32: numbers below `n` from a seed that the test prints. */
export function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

export const strangeKey = (): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      sha256(Buffer.from('stranger')),
    ]),
    format: 'der',
    type: 'pkcs8',
  });
