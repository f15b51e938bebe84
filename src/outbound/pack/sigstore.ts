import { createHash, type KeyObject } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { toRfc3339 } from '../../kernel/clock.js';
import { IN_TOTO_PAYLOAD } from '../../ledger/pae.js';
import { logId } from '../../ledger/signed-note.js';
import type { CheckedDecision } from './decision-row.js';
import type { PackKeys } from './pack.js';

export interface ProvenDecision extends CheckedDecision {
  /** The leaf's sibling first. */
  readonly proof: readonly Buffer[];
}

export interface SignedTree {
  readonly size: number;
  readonly root: Buffer;
  /** The checkpoint as signed, verbatim. */
  readonly note: string;
  /** SHA-256(origin, LF, 0x01, key), all 32 bytes. */
  readonly logId: Buffer;
}

/**
 * Sigstore bundle v0.3 (protobuf-specs `sigstore_bundle.proto`), canonical JSON. Integers are strings; `keyid` is
 * empty, for a verifier skips a signature whose key id it does not know; `integratedTime` "0" means none.
 */
export function sigstoreBundle(decision: ProvenDecision, tree: SignedTree): string {
  const { row, signed, proof } = decision;
  const { seq, leaf, statement } = row;
  return canonicalJson({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      publicKey: { hint: createHash('sha256').update(signed.publicKey).digest('base64') },
      tlogEntries: [
        {
          logIndex: String(seq),
          logId: { keyId: tree.logId.toString('base64') },
          kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
          integratedTime: '0',
          inclusionProof: {
            logIndex: String(seq),
            rootHash: tree.root.toString('base64'),
            treeSize: String(tree.size),
            hashes: proof.map((hash) => hash.toString('base64')),
            checkpoint: { envelope: tree.note },
          },
          canonicalizedBody: Buffer.from(leaf).toString('base64'),
        },
      ],
      timestampVerificationData: { rfc3161Timestamps: [] },
    },
    dsseEnvelope: {
      payload: Buffer.from(statement).toString('base64'),
      payloadType: IN_TOTO_PAYLOAD,
      signatures: [{ sig: signed.signature.toString('base64'), keyid: '' }],
    },
  });
}

/**
 * Sigstore trusted root that trusts one log, canonical JSON. `baseUrl` carries the origin as its bare host: verifiers
 * look for the checkpoint's signature under that name.
 */
export function trustedRoot({ origin, publicKey, since }: PackKeys['log']): string {
  return canonicalJson({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      {
        baseUrl: `https://${origin}`,
        hashAlgorithm: 'SHA2_256',
        publicKey: {
          rawBytes: spki(publicKey).toString('base64'),
          keyDetails: 'PKIX_ED25519',
          validFor: { start: toRfc3339(since) },
        },
        logId: { keyId: logId(origin, publicKey).toString('base64') },
      },
    ],
    certificateAuthorities: [],
    ctlogs: [],
    timestampAuthorities: [],
  });
}

export const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
