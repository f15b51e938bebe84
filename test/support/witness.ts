import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { rawEd25519 } from '../../src/ledger/signed-note.js';

export interface TestWitness {
  readonly vkey: string;
  /** A signature line over a note text, in Unix seconds of the witness's clock. */
  cosign(text: string, time?: number): string;
}

/** By the words of C2SP tlog-cosignature, not by our reader's. */
export function aWitness(
  name: string,
  key: KeyObject = generateKeyPairSync('ed25519').privateKey,
): TestWitness {
  const bytes = Buffer.concat([Buffer.of(4), rawEd25519(key)]);
  const id = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4);
  return {
    vkey: `${name}+${id.toString('hex')}+${bytes.toString('base64')}`,
    cosign: (text, time = 1_790_000_000) => {
      const at = Buffer.alloc(8);
      at.writeBigUInt64BE(BigInt(time));
      const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${String(time)}\n${text}`), key);
      return `— ${name} ${Buffer.concat([id, at, signature]).toString('base64')}`;
    },
  };
}
