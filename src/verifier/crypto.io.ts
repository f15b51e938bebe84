import { createHash, createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import type { Crypto } from './crypto.port.js';
import { ed25519Spki } from './keys.js';

/** Keys of leaves in a hostile pack could be as many as its decisions. */
const MOST_KEYS = 100;

/** Node's own cryptography. P-256 signatures are verified on its thread pool, beside the reading. */
export function nodeCrypto(): Crypto {
  const keys = new Map<string, KeyObject | undefined>();
  const keyOf = (spki: Uint8Array): KeyObject | undefined => {
    const id = Buffer.from(spki.buffer, spki.byteOffset, spki.length).toString('latin1');
    if (!keys.has(id)) {
      if (keys.size >= MOST_KEYS) keys.clear();
      keys.set(id, publicKey(spki));
    }
    return keys.get(id);
  };
  return {
    sha256: (bytes) => hash('sha256', bytes, 'buffer'),
    startSha256: () => {
      const running = createHash('sha256');
      return { update: (bytes) => void running.update(bytes), digest: () => running.digest() };
    },
    verifyEd25519: (key, message, signature) => {
      const known = key.length === 32 ? keyOf(ed25519Spki(key)) : undefined;
      return Promise.resolve(
        known?.asymmetricKeyType === 'ed25519' && verify(null, message, known, signature),
      );
    },
    verifyP256: (spki, message, signature) => {
      const known = keyOf(spki);
      if (known?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return Promise.resolve(false);
      return new Promise((resolve) => {
        verify('sha256', message, known, signature, (error, good) => {
          resolve(!error && good);
        });
      });
    },
  };
}

function publicKey(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
