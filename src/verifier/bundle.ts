import { fromBase64, toBase64, tryUtf8 } from './bytes.js';
import type { Checkpoint } from './checkpoint.js';
import { Refusal, shown, type Code } from './finding.js';
import { firstDifferingMember, memberOf, parseCanonical, type Json } from './json.js';
import type { Leaf } from './leaf.js';

/** All that bundle and proof of a decision may say, from what was recomputed. */
export interface Proven {
  readonly seq: number;
  readonly leafBytes: Uint8Array;
  readonly leaf: Leaf;
  /** SHA-256 of the SPKI: the bundle's hint. */
  readonly keyDigest: Uint8Array;
  readonly statement: Uint8Array;
  /** The leaf's sibling first. */
  readonly path: readonly Uint8Array[];
  readonly checkpoint: Checkpoint;
  /** 32 bytes. */
  readonly logId: Uint8Array;
}

/** The one Sigstore bundle v0.3 that a decision has in canonical JSON, members in their order. */
export function bundleText(proven: Proven): string {
  const { seq, leaf, checkpoint, logId } = proven;
  const hashes = proven.path.map((hash) => `"${toBase64(hash)}"`).join(',');
  const proof =
    `{"checkpoint":{"envelope":${JSON.stringify(checkpoint.note)}},"hashes":[${hashes}],"logIndex":"${seq}",` +
    `"rootHash":"${toBase64(checkpoint.root)}","treeSize":"${checkpoint.size}"}`;
  const entry =
    `{"canonicalizedBody":"${toBase64(proven.leafBytes)}","inclusionProof":${proof},"integratedTime":"0",` +
    `"kindVersion":{"kind":"hashedrekord","version":"0.0.2"},"logId":{"keyId":"${toBase64(logId)}"},"logIndex":"${seq}"}`;
  return (
    `{"dsseEnvelope":{"payload":"${toBase64(proven.statement)}","payloadType":"application/vnd.in-toto+json",` +
    `"signatures":[{"keyid":"","sig":"${leaf.signature64}"}]},` +
    `"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":` +
    `{"hint":"${toBase64(proven.keyDigest)}"},"timestampVerificationData":{"rfc3161Timestamps":[]},"tlogEntries":[${entry}]}}`
  );
}

const PARTS: readonly (readonly [RegExp, Code])[] = [
  [/^\$\.dsseEnvelope\.payload$/, 'bundle-statement'],
  [/^\$\.dsseEnvelope\.signatures\[0\]\.sig$/, 'bundle-signature'],
  [/\.canonicalizedBody$/, 'bundle-leaf'],
  [/\.logIndex$/, 'bundle-index'],
  [/\.inclusionProof\.(rootHash|treeSize|checkpoint\.envelope)$/, 'bundle-tree'],
  [/\.inclusionProof\.hashes/, 'bundle-path'],
];

/** Why a bundle is not the one it has to be: by its first member that differs. Called only when they differ. */
export function bundleProblem(actual: string, expected: string, path: string): Refusal {
  let value: Json;
  try {
    value = parseCanonical(actual, path);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  const where = firstDifferingMember(value, parseCanonical(expected, path)) ?? '$';
  const code = PARTS.find(([pattern]) => pattern.test(where))?.[1] ?? 'bundle-form';
  return new Refusal(code, path, 'not what was recomputed', where);
}

/** The statement in a bundle, when it can be had; for telling which of two copies was changed. */
export function statementIn(bundle: string): string | undefined {
  try {
    const payload = memberOf(memberOf(JSON.parse(bundle) as Json, 'dsseEnvelope'), 'payload');
    const bytes = typeof payload === 'string' ? fromBase64(payload) : undefined;
    return bytes && tryUtf8(bytes);
  } catch {
    return undefined;
  }
}

/** The one C2SP tlog-proof of a leaf, without `extra` line: nothing would authenticate it. */
export function proofText({ seq, path, checkpoint }: Proven): string {
  const hashes = path.map((hash) => `${toBase64(hash)}\n`).join('');
  return `c2sp.org/tlog-proof@v1\nindex ${seq}\n${hashes}\n${checkpoint.note}`;
}

export function proofProblem(actual: string, expected: string, path: string): Refusal {
  const [lines, wanted] = [actual.split('\n'), expected.split('\n')];
  const index = lines.findIndex((line, i) => line !== wanted[i]);
  const line = index < 0 ? lines.length : index;
  const detail = lines[line]?.startsWith('extra ')
    ? 'an extra line, which nothing authenticates'
    : `${shown(lines[line] ?? '')} instead of ${shown(wanted[line] ?? '')}`;
  return new Refusal('proof-form', path, detail, `line ${line + 1}`);
}
