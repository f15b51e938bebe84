import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.js';
import { writeFileDurably } from './durable-file.io.js';

/** The processes of the service. Each gets only the keys it needs. */
export type Door = 'api' | 'worker' | 'integrator' | 'cli';

/** Key id in the header of demo tokens. */
export const DEMO_KEY_ID = 'demo';

/**
 * The keys of one door, each read when it is asked for. The log key is the integrator's alone and the export key
 * the worker's: whoever breaks into the API can then sign neither a tree nor a pack of his own.
 */
export interface Keys {
  /** P-256, private: signs statements. */
  decision(): KeyObject;
  /** Ed25519, private: signs checkpoints. */
  log(): KeyObject;
  /** Ed25519, public: what auditors check checkpoints with. */
  logPublic(): KeyObject;
  /** Ed25519, private: signs the manifests of evidence packs. */
  export(): KeyObject;
  /** Ed25519, public: what auditors check manifests with. */
  exportPublic(): KeyObject;
  /** 32 bytes. */
  pseudonym(): Buffer;
  /** 32 bytes. */
  keyEncryption(): Buffer;
  /** Public key of the configured or demo token issuer, as PEM; undefined when a JWKS address is configured. */
  tokenIssuerPem(): string | undefined;
  /** Private key of the demo issuer, as PEM; throws where there is none. */
  demoIssuerPem(): string;
  /** Name of the log in its checkpoints. */
  logOrigin(): string;
}

export function openKeys(config: Config, door: Door): Keys {
  const files = keyFiles(config);
  return {
    decision: () => createPrivateKey(read(files.decision)),
    log: () => {
      if (door !== 'integrator') throw new Error(`the log key is the integrator's, not for ${door}`);
      return createPrivateKey(read(files.log));
    },
    logPublic: () => createPublicKey(read(files.logPublic)),
    export: () => {
      if (door !== 'worker') throw new Error(`the export key is the worker's, not for ${door}`);
      return createPrivateKey(read(files.export));
    },
    exportPublic: () => createPublicKey(read(files.exportPublic)),
    pseudonym: () => readHex(files.pseudonym),
    keyEncryption: () => readHex(files.keyEncryption),
    tokenIssuerPem: () => (config.jwtJwksUrl === undefined ? read(files.tokenIssuer) : undefined),
    demoIssuerPem: () => {
      if (!config.demo) throw new Error('there is no demo issuer: ASSAY_DEMO is not true');
      return read(files.demoIssuer);
    },
    logOrigin: () => config.logOrigin ?? read(files.origin).trim(),
  };
}

/**
 * Makes every key that is missing when this is a demo; otherwise names every missing file. Existing keys are
 * never touched: what they signed must stay verifiable.
 */
export function ensureKeys(config: Config): void {
  const files = keyFiles(config);
  if (!config.demo) {
    const wanted = [files.decision, files.log, files.export, files.pseudonym, files.keyEncryption];
    const missing = wanted.filter((path) => !existsSync(path));
    if (missing.length > 0)
      throw new Error(
        `key files are missing (docs/OPERATING.md says how to make them): ${missing.join(', ')}`,
      );
    derivePublicKey(files.log, files.logPublic);
    derivePublicKey(files.export, files.exportPublic);
    return;
  }
  const make = (path: string, content: () => string): void => {
    if (!existsSync(path)) writeFileDurably(path, content());
  };
  make(files.decision, () => pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey));
  make(files.log, () => pem(generateKeyPairSync('ed25519').privateKey));
  derivePublicKey(files.log, files.logPublic);
  make(files.export, () => pem(generateKeyPairSync('ed25519').privateKey));
  derivePublicKey(files.export, files.exportPublic);
  make(files.pseudonym, () => `${randomBytes(32).toString('hex')}\n`);
  make(files.keyEncryption, () => `${randomBytes(32).toString('hex')}\n`);
  make(files.demoIssuer, () => pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey));
  if (config.jwtPublicKeyFile === undefined)
    make(files.tokenIssuer, () => publicPem(createPrivateKey(read(files.demoIssuer))));
  make(files.origin, () => `log-${randomBytes(6).toString('hex')}.assay.localhost\n`);
}

function keyFiles(config: Config) {
  const own = (name: string): string => join(config.dataDir, 'keys', name);
  return {
    decision: config.decisionKeyFile,
    log: config.logKeyFile,
    logPublic: own('log.pub.pem'),
    export: config.exportKeyFile,
    exportPublic: own('export.pub.pem'),
    pseudonym: config.pseudonymKeyFile,
    keyEncryption: config.keyEncryptionKeyFile,
    demoIssuer: own('demo-issuer.pem'),
    tokenIssuer: config.jwtPublicKeyFile ?? own('demo-issuer.pub.pem'),
    origin: own('log-origin'),
  };
}

/** Beside the other keys, so that a door that may not read the private one still knows how to check its signatures. */
function derivePublicKey(privateFile: string, publicFile: string): void {
  const expected = publicPem(createPrivateKey(read(privateFile)));
  if (!existsSync(publicFile) || read(publicFile) !== expected) writeFileDurably(publicFile, expected);
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`cannot read the key file ${path}`, { cause });
  }
}

function readHex(path: string): Buffer {
  const text = read(path).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${path} must hold 64 hex digits`);
  return Buffer.from(text, 'hex');
}
