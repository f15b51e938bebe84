import type { KeyObject } from 'node:crypto';
import type { Result } from '../kernel/result.js';
import type { TokenClaims, TokenProblem } from './token.js';

/** Proves that a bearer token was issued to us, by our issuer, and is valid now. */
export interface TokenVerifier {
  verify(token: string): Promise<Result<TokenClaims, TokenProblem>>;
}

/** Public keys of the issuer. Undefined for an unknown key id; never returns a symmetric key. */
export interface IssuerKeys {
  keyFor(keyId: string | undefined): Promise<KeyObject | undefined>;
}
