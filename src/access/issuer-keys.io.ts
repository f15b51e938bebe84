import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../kernel/clock.js';
import type { IssuerKeys } from './token-verifier.port.js';

/** One configured public key (PEM); the token's key id plays no part. */
export class ConfiguredKey implements IssuerKeys {
  private readonly key: KeyObject;

  constructor(pem: string) {
    this.key = createPublicKey(pem);
  }

  keyFor(): Promise<KeyObject> {
    return Promise.resolve(this.key);
  }
}

/** An unknown key id may ask the issuer again at most this often, so that forged ids cannot make us a flood. */
const REFRESH_MS = 30_000;
const FETCH_TIMEOUT_MS = 5_000;

/** The issuer's JSON Web Key Set (RFC 7517), fetched when needed and kept. */
export class JwksKeys implements IssuerKeys {
  private keys = new Map<string, KeyObject>();
  private fetchedAt = Number.NEGATIVE_INFINITY;
  private fetching: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly clock: Clock,
  ) {}

  async keyFor(keyId: string | undefined): Promise<KeyObject | undefined> {
    if (keyId === undefined) return undefined;
    if (!this.keys.has(keyId)) {
      if (this.clock.now() - this.fetchedAt > REFRESH_MS)
        this.fetching ??= this.refresh().finally(() => (this.fetching = undefined));
      await this.fetching; // also for whoever comes while another's question is under way
    }
    return this.keys.get(keyId);
  }

  private async refresh(): Promise<void> {
    this.fetchedAt = this.clock.now();
    const response = await fetch(this.url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`JWKS endpoint answered ${String(response.status)}`);
    const { keys } = (await response.json()) as { keys: (JsonWebKey & { kid?: string; use?: string })[] };
    this.keys = new Map(
      keys
        .filter((key) => key.kid !== undefined && key.kty !== 'oct' && key.use !== 'enc')
        .map((key) => [key.kid ?? '', createPublicKey({ key, format: 'jwk' })]),
    );
  }
}
