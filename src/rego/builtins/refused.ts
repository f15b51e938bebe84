/**
 * Builtins that no policy may use, with the reason: they are left out of rego/capabilities.json, so that a policy
 * which tries does not compile. Those that the host has nevertheless are there for OPA's conformance suite.
 */
export const REFUSED_BUILTINS: ReadonlyMap<string, string> = new Map([
  ['http.send', 'facts come in as evidence or data with a digest, never over the network'],
  ['net.lookup_ip_addr', 'facts come in as evidence or data with a digest, never over the network'],
  ['opa.runtime', 'a decision does not depend on where it is made'],
  ['io.jwt.encode_sign', 'a policy holds no private key'],
  ['io.jwt.encode_sign_raw', 'a policy holds no private key'],
  ['providers.aws.sign_req', 'a policy holds no private key'],
  [
    'rego.parse_module',
    'policies are parsed by the official compiler when they are written, not when they judge',
  ],
]);
