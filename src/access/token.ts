import { failed, ok, type Result } from '../kernel/result.js';

/** What a verified token says of its bearer. */
export interface TokenClaims {
  readonly issuer: string;
  readonly subject: string;
  /** Slug of the organisation the bearer acts in. */
  readonly org: string;
  /** Seconds since the epoch at which the person last authenticated (OIDC core §2). */
  readonly authTime?: number;
  /** How (RFC 8176). */
  readonly amr?: readonly string[];
}

export type TokenProblem =
  | { readonly kind: 'TokenMissing' }
  | { readonly kind: 'TokenExpired' }
  | { readonly kind: 'TokenInvalid'; readonly reason: string };

/** Reads our claims out of a payload whose signature, issuer, audience and times have been verified. */
export function readClaims(payload: Readonly<Record<string, unknown>>): Result<TokenClaims, TokenProblem> {
  const { iss, sub, org, auth_time: authTime, amr } = payload;
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '')
    return invalid('iss and sub are required');
  if (typeof org !== 'string' || org === '') return invalid('the org claim is required');
  if (authTime !== undefined && !(typeof authTime === 'number' && Number.isSafeInteger(authTime)))
    return invalid('auth_time is not a number of seconds');
  if (amr !== undefined && !(Array.isArray(amr) && amr.every((item) => typeof item === 'string')))
    return invalid('amr is not a list of texts');
  return ok({
    issuer: iss,
    subject: sub,
    org,
    ...(authTime === undefined ? {} : { authTime }),
    ...(amr === undefined ? {} : { amr: amr }),
  });
}

const invalid = (reason: string): Result<never, TokenProblem> => failed({ kind: 'TokenInvalid', reason });
