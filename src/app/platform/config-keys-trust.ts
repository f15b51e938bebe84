import { z } from 'zod';
import { type ConfigKey, flag, key, text, url } from './config-key.js';

/** What is signed with, who is believed, and whose tokens are taken. */
export const TRUST_KEYS = {
  decisionKeyFile: key(
    'ASSAY_DECISION_KEY_FILE',
    ['P-256 private key that signs statements (API and worker).', 'PEM file', '<data>/keys/decision.pem'],
    text,
  ),
  logKeyFile: key(
    'ASSAY_LOG_KEY_FILE',
    [
      'Ed25519 private key that signs checkpoints. Readable by the integrator alone.',
      'PEM file',
      '<data>/keys/log.pem',
    ],
    text,
  ),
  exportKeyFile: key(
    'ASSAY_EXPORT_KEY_FILE',
    [
      'Ed25519 private key that signs the manifests of evidence packs. Readable by the worker alone.',
      'PEM file',
      '<data>/keys/export.pem',
    ],
    text,
  ),
  pseudonymKeyFile: key(
    'ASSAY_PSEUDONYM_KEY_FILE',
    [
      'Key under which people become pseudonyms in the ledger.',
      'file of 64 hex digits',
      '<data>/keys/pseudonym.key',
    ],
    text,
  ),
  keyEncryptionKeyFile: key(
    'ASSAY_KEY_ENCRYPTION_KEY_FILE',
    ['Key that encrypts the keys of personal fields.', 'file of 64 hex digits', '<data>/keys/kek.key'],
    text,
  ),
  logOrigin: key(
    'ASSAY_LOG_ORIGIN',
    ['Name of this log in its checkpoints, never reused for another log.', 'host name', 'made with the keys'],
    z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, { error: 'expected a host name such as log.example.org' })
      .optional(),
  ),
  logPublic: key(
    'ASSAY_LOG_PUBLIC',
    [
      'Whether anyone may read the log at /log (checkpoint, tiles, leaves: no personal data), or only holders of ledger.read.',
      'true | false',
      'false',
    ],
    flag,
  ),
  witnessPolicyFile: key(
    'ASSAY_WITNESS_POLICY_FILE',
    [
      'Witnesses that cosign checkpoints, and how many must have before one is published (API and integrator).',
      'C2SP tlog-policy file',
      'no witnesses',
    ],
    text,
  ),
  trustedKeysFolder: key(
    'ASSAY_TRUSTED_KEYS_FOLDER',
    [
      'Keys whose signatures on statements (in-toto in DSSE or a Sigstore bundle) count as evidence: one `<name>.pem` each, Ed25519, ECDSA or RSA (API and worker).',
      'folder',
      'no key, so no signed statement counts',
    ],
    text,
  ),
  jwtJwksUrl: key(
    'ASSAY_JWT_JWKS_URL',
    ['Public keys of the token issuer. Either this or ASSAY_JWT_PUBLIC_KEY_FILE.', 'URL', 'the demo issuer'],
    url('https:', 'http:').optional(),
  ),
  jwtPublicKeyFile: key(
    'ASSAY_JWT_PUBLIC_KEY_FILE',
    ['Public key of the token issuer.', 'PEM file', 'the demo issuer'],
    text,
  ),
  jwtIssuer: key(
    'ASSAY_JWT_ISSUER',
    ['Required `iss` of every token.', 'text', 'urn:assay:demo'],
    z.string().default('urn:assay:demo'),
  ),
  jwtAudience: key(
    'ASSAY_JWT_AUDIENCE',
    ['Required `aud` of every token.', 'text', 'assay'],
    z.string().default('assay'),
  ),
  jwtAlgorithm: key(
    'ASSAY_JWT_ALGORITHM',
    ['The one algorithm accepted; the token never chooses.', 'RS256 | ES256', 'ES256'],
    z.enum(['RS256', 'ES256']).default('ES256'),
  ),
} as const satisfies Record<string, ConfigKey>;
