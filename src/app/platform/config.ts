import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { CONFIG_KEYS } from './config-keys.js';

type Settings = {
  readonly [Key in keyof typeof CONFIG_KEYS]: z.output<(typeof CONFIG_KEYS)[Key]['schema']>;
};
type Resolved =
  | 'dataDir'
  | 'demo'
  | 'scannersDir'
  | 'scannerDataDir'
  | 'decisionKeyFile'
  | 'logKeyFile'
  | 'exportKeyFile'
  | 'pseudonymKeyFile'
  | 'keyEncryptionKeyFile';

/** Read once at boot, then only handed on. Paths are absolute. */
export type Config = Settings & {
  readonly [Key in Resolved]: NonNullable<Settings[Key]>;
} & {
  /** Folder of package.json. */
  readonly root: string;
  /** Whether the database is our own. */
  readonly embedded: boolean;
};

/** Where the API listens when ASSAY_PORT does not say; `npm start` goes upwards from here until one is free. */
export const DEFAULT_PORT = 8080;

/** Every variable that is wrong, not only the first: the operator fixes them in one round. */
export class ConfigInvalid extends Error {
  constructor(readonly problems: readonly string[]) {
    super(['the configuration is not usable:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.name = 'ConfigInvalid';
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as absent, as compose files write it. Throws `ConfigInvalid`. */
export function loadConfig(environment: Environment = process.env, root: string = packageRoot()): Config {
  const problems: string[] = [];
  const entries = Object.entries(CONFIG_KEYS).map(([field, key]) => {
    const parsed = key.schema.safeParse(environment[key.name] === '' ? undefined : environment[key.name]);
    if (parsed.success) return [field, parsed.data] as const;
    problems.push(`${key.name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
    return [field, undefined] as const;
  });
  const settings = Object.fromEntries(entries) as Settings;
  if (problems.length === 0) problems.push(...contradictions(settings));
  if (problems.length > 0) throw new ConfigInvalid(problems);

  const dataDir = resolve(root, settings.dataDir ?? '.assay');
  const keyFile = (path: string | undefined, name: string): string =>
    resolve(root, path ?? join(dataDir, 'keys', name));
  return Object.freeze({
    ...settings,
    root,
    dataDir,
    embedded: settings.databaseUrl === undefined,
    demo: isDemo(settings),
    decisionKeyFile: keyFile(settings.decisionKeyFile, 'decision.pem'),
    logKeyFile: keyFile(settings.logKeyFile, 'log.pem'),
    witnessPolicyFile: settings.witnessPolicyFile && resolve(root, settings.witnessPolicyFile),
    scannersDir: resolve(root, settings.scannersDir ?? join(dataDir, 'cache', 'scanners')),
    scannerDataDir: resolve(root, settings.scannerDataDir ?? join(dataDir, 'scanner-data')),
    checkoutsFolder: settings.checkoutsFolder && resolve(root, settings.checkoutsFolder),
    exportKeyFile: keyFile(settings.exportKeyFile, 'export.pem'),
    pseudonymKeyFile: keyFile(settings.pseudonymKeyFile, 'pseudonym.key'),
    keyEncryptionKeyFile: keyFile(settings.keyEncryptionKeyFile, 'kek.key'),
  });
}

const isDemo = (settings: Settings): boolean => settings.demo ?? settings.databaseUrl === undefined;

function contradictions(settings: Settings): string[] {
  const problems: string[] = [];
  const issuers = [settings.jwtJwksUrl, settings.jwtPublicKeyFile].filter((value) => value !== undefined);
  if (issuers.length > 1)
    problems.push('ASSAY_JWT_JWKS_URL, ASSAY_JWT_PUBLIC_KEY_FILE: only one of the two can be the issuer');
  if (isDemo(settings)) {
    if (issuers.length === 0 && settings.jwtAlgorithm !== 'ES256')
      problems.push('ASSAY_JWT_ALGORITHM: the demo issuer signs with ES256');
    return problems;
  }
  if (issuers.length === 0)
    problems.push('ASSAY_JWT_JWKS_URL or ASSAY_JWT_PUBLIC_KEY_FILE: required, for there is no demo issuer');
  if (settings.logOrigin === undefined) problems.push('ASSAY_LOG_ORIGIN: required, for no key is made here');
  return problems;
}

/** The nearest folder above with a package.json: the same from src/ and from dist/. */
export function packageRoot(from: string = import.meta.dirname): string {
  if (existsSync(join(from, 'package.json'))) return from;
  if (dirname(from) === from) throw new Error('no package.json above the program');
  return packageRoot(dirname(from));
}
