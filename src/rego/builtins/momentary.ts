/**
 * Builtins that answer from the instant or the seed of an evaluation: what a policy says with them holds for that
 * one decision, and no later one may reuse it. OPA's capabilities mark most of them as nondeterministic; that a
 * certificate has expired is asked of the clock, too.
 */
export const MOMENTARY_BUILTINS: ReadonlySet<string> = new Set([
  ...['time.now_ns', 'rand.intn', 'uuid.rfc4122', 'io.jwt.decode_verify'],
  ...['crypto.x509.parse_and_verify_certificates', 'crypto.x509.parse_and_verify_certificates_with_options'],
]);
