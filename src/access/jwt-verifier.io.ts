import { createHash, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LruMap } from '../kernel/lru-map.js';
import { failed, type Result } from '../kernel/result.js';
import type { Clock } from '../kernel/clock.js';
import type { IssuerKeys, TokenVerifier } from './token-verifier.port.js';
import { readClaims, type TokenClaims, type TokenProblem } from './token.js';

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  /** The one algorithm accepted. The token's own `alg` header never chooses (RFC 8725 §3.1). */
  readonly algorithm: 'RS256' | 'ES256';
}

/** Clocks of issuer and verifier may differ by this much. */
const CLOCK_TOLERANCE_S = 5;
/** Far above any real token; a longer one is not worth parsing. */
const MAX_TOKEN_CHARACTERS = 8192;
/** Tokens whose signatures need not be checked again, by their hash; about 400 bytes each. */
const MAX_KEPT = 10_000;

/** A token that was found good: what it said, and how long that is so. */
interface Verified {
  readonly keyId: string | undefined;
  readonly key: KeyObject;
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly nbf: number;
  readonly claims: Result<TokenClaims, TokenProblem>;
}

/**
 * A signature is checked once for each token: it stays good as long as the issuer's key of that id is the same one, and
 * the times in it are looked at each time.
 */
export class JwtVerifier implements TokenVerifier {
  private readonly verified = new LruMap<string, Verified>(MAX_KEPT);

  constructor(
    private readonly keys: IssuerKeys,
    private readonly rules: TokenRules,
    private readonly clock: Clock,
  ) {}

  async verify(token: string): Promise<Result<TokenClaims, TokenProblem>> {
    if (token.length > MAX_TOKEN_CHARACTERS)
      return failed({ kind: 'TokenInvalid', reason: 'token too long' });
    const name = createHash('sha256').update(token).digest('base64');
    const known = this.verified.get(name);
    if (known && this.isInTime(known) && (await this.keys.keyFor(known.keyId)) === known.key)
      return known.claims;
    const header = jwt.decode(token, { complete: true })?.header;
    if (!header) return failed({ kind: 'TokenInvalid', reason: 'not a JWT' });
    const key = await this.keys.keyFor(header.kid);
    if (key?.type !== 'public') return failed({ kind: 'TokenInvalid', reason: 'unknown signing key' });
    try {
      const payload = jwt.verify(token, key, {
        algorithms: [this.rules.algorithm],
        issuer: this.rules.issuer,
        audience: this.rules.audience,
        clockTolerance: CLOCK_TOLERANCE_S,
        clockTimestamp: Math.floor(this.clock.now() / 1000),
      });
      if (typeof payload === 'string')
        return failed({ kind: 'TokenInvalid', reason: 'payload is not an object' });
      // jsonwebtoken checks `exp` only where there is one: a token without an end is refused here.
      if (payload.exp === undefined) return failed({ kind: 'TokenInvalid', reason: 'exp is required' });
      const claims = readClaims(payload);
      const { exp, nbf = 0 } = payload;
      if (claims.ok) this.verified.set(name, { keyId: header.kid, key, exp, nbf, claims });
      return claims;
    } catch (error) {
      if (error instanceof jwt.TokenExpiredError) return failed({ kind: 'TokenExpired' });
      if (error instanceof jwt.JsonWebTokenError)
        return failed({ kind: 'TokenInvalid', reason: error.message });
      // The signature's bytes are read by a parser that throws a bare TypeError on a wrong length.
      return failed({ kind: 'TokenInvalid', reason: 'malformed signature' });
    }
  }

  /** As `jwt.verify` compares them; what is not in time is told why by that. */
  private isInTime({ exp, nbf }: Verified): boolean {
    const now = Math.floor(this.clock.now() / 1000);
    return nbf <= now + CLOCK_TOLERANCE_S && now < exp + CLOCK_TOLERANCE_S;
  }
}
