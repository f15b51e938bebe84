import jwt from 'jsonwebtoken';
import type { Instant } from '../kernel/clock.js';
import type { TokenRules } from './jwt-verifier.io.js';

/** A day: long enough to try things, short enough to be worthless when found later. */
const LIFETIME_S = 24 * 60 * 60;

/**
 * Signs a token as an identity provider would. Only the embedded mode calls it, with a key made for this
 * installation: anywhere else tokens come from the organisation's own provider.
 */
export function signDemoToken(
  bearer: { readonly subject: string; readonly org: string },
  key: { readonly pem: string; readonly keyId: string },
  rules: TokenRules,
  now: Instant,
): string {
  const issuedAt = Math.floor(now / 1000);
  return jwt.sign({ org: bearer.org, auth_time: issuedAt, amr: ['demo'], iat: issuedAt }, key.pem, {
    algorithm: rules.algorithm,
    issuer: rules.issuer,
    audience: rules.audience,
    subject: bearer.subject,
    keyid: key.keyId,
    expiresIn: LIFETIME_S,
  });
}
