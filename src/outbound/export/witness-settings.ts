import { rawEd25519 } from '../../ledger/signed-note.js';
import type { WitnessPolicy } from '../../ledger/witness-policy.js';
import type { ExportSettings } from './export.js';

/** C2SP tlog-cosignature with Ed25519: the algorithm byte in a witness's vkey. */
const COSIGNATURE_V1 = 0x04;
/** Subsets are counted out: of so many witnesses there are 65,536. */
const MOST = 16;

/**
 * What a pack says of the configured witnesses. It can say "k of n", which is what nearly every policy is. One that
 * asks for more than a number of them (two groups, say) is given by the smallest number that can satisfy it: a reader
 * of the pack then asks for less than we did before we published, never for more than there is.
 */
export function witnessSettings(policy: WitnessPolicy): ExportSettings['witnesses'] {
  const { witnesses, hasQuorum } = policy;
  if (witnesses.length === 0) return undefined;
  return {
    quorum: hasQuorum ? smallestQuorum(policy) : 0,
    members: witnesses.map(({ name, key, url }) => ({
      name,
      vkey: `${key.name}+${key.keyId.toString('hex')}+${Buffer.concat([
        Buffer.of(COSIGNATURE_V1),
        rawEd25519(key.publicKey),
      ]).toString('base64')}`,
      ...(url !== undefined && { url }),
    })),
  };
}

function smallestQuorum(policy: WitnessPolicy): number {
  const { witnesses } = policy;
  if (witnesses.length > MOST) throw new RangeError(`more than ${String(MOST)} witnesses`);
  let smallest = witnesses.length;
  for (let picks = 0; picks < 2 ** witnesses.length; picks += 1) {
    const picked = witnesses.filter((_, bit) => (picks >> bit) & 1).map(({ name }) => name);
    if (picked.length < smallest && policy.isMetBy(new Set(picked))) smallest = picked.length;
  }
  return smallest;
}
