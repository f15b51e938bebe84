import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrustedKey } from '../../formats/reader.js';
import { isUsableKey } from '../../formats/statement/signature.js';
import type { Config } from './config.js';

/**
 * The configured keys, by file name without `.pem`, sorted. Throws on a file that is no public key we can use: a
 * mistake must not silently leave a signature without effect. Other files are not looked at.
 */
export function trustedKeys({ trustedKeysFolder }: Pick<Config, 'trustedKeysFolder'>): readonly TrustedKey[] {
  if (trustedKeysFolder === undefined) return [];
  const files = readdirSync(trustedKeysFolder).filter((file) => file.endsWith('.pem'));
  return files.sort().map((file) => {
    const publicKeyPem = readFileSync(join(trustedKeysFolder, file), 'utf8');
    const isPublic = publicKeyPem.includes('-----BEGIN PUBLIC KEY-----');
    if (!isPublic || !isUsableKey(publicKeyPem))
      throw new Error(`${join(trustedKeysFolder, file)} is not an Ed25519, ECDSA or RSA public key in PEM`);
    return { name: file.slice(0, -'.pem'.length), publicKeyPem };
  });
}
