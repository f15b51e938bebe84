import type { Builtin, BuiltinFamily } from './builtin.js';

/**
 * Where each builtin lives that this host adds to those a compiled policy brings along (native-builtins.ts). A
 * family is loaded when a policy needs one of its members, so that a thread starts with none. What may be used in a
 * policy is less: see refused.ts. rego/capabilities.json is generated from both.
 */
export const FAMILIES: readonly { readonly names: readonly string[]; load(): Promise<BuiltinFamily> }[] = [
  {
    names: [
      ...['strings.any_prefix_match', 'strings.any_suffix_match', 'strings.count', 'strings.split_n'],
      ...['glob.quote_meta', 'indexof_n'],
    ],
    load: async () => (await import('./strings.js')).STRINGS,
  },
  {
    names: ['sprintf', 'strings.render_template'],
    load: async () => (await import('./formatting.js')).FORMATTING,
  },
  {
    names: [...['regex.find_n', 'regex.globs_match', 'regex.replace', 'regex.split', 'regex.template_match']],
    load: async () => (await import('./patterns.js')).PATTERNS,
  },
  {
    names: ['base64url.encode_no_pad', 'hex.decode', 'hex.encode'],
    load: async () => (await import('./encodings.js')).ENCODINGS,
  },
  {
    names: [
      ...['uri.is_valid', 'uri.parse', 'urlquery.decode', 'urlquery.decode_object'],
      ...['urlquery.encode', 'urlquery.encode_object'],
    ],
    load: async () => (await import('./urls.js')).URLS,
  },
  {
    names: ['units.parse', 'units.parse_bytes'],
    load: async () => (await import('./units.js')).UNITS,
  },
  {
    names: ['uuid.parse'],
    load: async () => (await import('./uuids.js')).UUIDS,
  },
  {
    names: ['rand.intn', 'uuid.rfc4122'],
    load: async () => (await import('./chance.js')).CHANCE,
  },
  {
    names: ['numbers.range_step'],
    load: async () => (await import('./ranges.js')).RANGES,
  },
  {
    names: ['object.subset'],
    load: async () => (await import('./subset.js')).SUBSET,
  },
  {
    names: ['cast_array', 'cast_boolean', 'cast_null', 'cast_object', 'cast_set', 'cast_string'],
    load: async () => (await import('./casts.js')).CASTS,
  },
  {
    names: ['http.send', 'net.lookup_ip_addr', 'opa.runtime', 'trace'],
    load: async () => (await import('./environment.js')).ENVIRONMENT,
  },
  {
    names: [
      ...['time.add_date', 'time.clock', 'time.date', 'time.diff', 'time.format', 'time.now_ns'],
      ...['time.parse_duration_ns', 'time.parse_ns', 'time.parse_rfc3339_ns', 'time.weekday'],
    ],
    load: async () => (await import('./time.js')).TIME,
  },
  {
    names: [...['net.cidr_contains_matches', 'net.cidr_expand', 'net.cidr_is_valid', 'net.cidr_merge']],
    load: async () => (await import('./net.js')).NET,
  },
  {
    names: ['json.marshal_with_options', 'json.patch'],
    load: async () => (await import('./json.js')).JSON_DOCUMENTS,
  },
  {
    names: ['yaml.is_valid', 'yaml.marshal', 'yaml.unmarshal'],
    load: async () => (await import('./yaml.js')).YAML,
  },
  {
    names: [
      ...['graphql.is_valid', 'graphql.parse', 'graphql.parse_and_verify', 'graphql.parse_query'],
      ...['graphql.parse_schema', 'graphql.schema_is_valid'],
    ],
    load: async () => (await import('./graphql.js')).GRAPHQL,
  },
  {
    names: ['json.match_schema', 'json.verify_schema'],
    load: async () => (await import('./json-schema.js')).JSON_SCHEMA,
  },
  {
    names: ['graph.reachable_paths'],
    load: async () => (await import('./reachable-paths.js')).REACHABLE_PATHS,
  },
  {
    names: ['semver.compare', 'semver.is_valid'],
    load: async () => (await import('./versions.js')).VERSIONS,
  },
  {
    names: [
      ...['crypto.md5', 'crypto.sha1', 'crypto.sha256', 'crypto.hmac.equal', 'crypto.hmac.md5'],
      ...['crypto.hmac.sha1', 'crypto.hmac.sha256', 'crypto.hmac.sha512'],
    ],
    load: async () => (await import('./digests.js')).DIGESTS,
  },
  {
    names: [
      ...['crypto.parse_private_keys', 'crypto.x509.parse_and_verify_certificates'],
      ...['crypto.x509.parse_and_verify_certificates_with_options', 'crypto.x509.parse_certificate_request'],
      ...['crypto.x509.parse_certificates', 'crypto.x509.parse_keypair', 'crypto.x509.parse_rsa_private_key'],
    ],
    load: async () => (await import('./certificates.js')).CERTIFICATES,
  },
  {
    names: [
      ...['io.jwt.decode', 'io.jwt.decode_verify', 'io.jwt.encode_sign', 'io.jwt.encode_sign_raw'],
      ...['io.jwt.verify_eddsa', 'io.jwt.verify_es256', 'io.jwt.verify_es384', 'io.jwt.verify_es512'],
      ...['io.jwt.verify_hs256', 'io.jwt.verify_hs384', 'io.jwt.verify_hs512', 'io.jwt.verify_ps256'],
      ...['io.jwt.verify_ps384', 'io.jwt.verify_ps512', 'io.jwt.verify_rs256', 'io.jwt.verify_rs384'],
      'io.jwt.verify_rs512',
    ],
    load: async () => (await import('./tokens.js')).TOKENS,
  },
  {
    names: ['providers.aws.sign_req'],
    load: async () => (await import('./aws-requests.js')).AWS_REQUESTS,
  },
];

/** Every builtin this host has. */
export const HOST_BUILTINS: ReadonlySet<string> = new Set(FAMILIES.flatMap(({ names }) => names));

/** The named builtins; throws on one that is not in HOST_BUILTINS. */
export async function loadBuiltins(names: readonly string[]): Promise<ReadonlyMap<string, Builtin>> {
  const loaded = new Map<string, Builtin>();
  // One after the other: Jest's module loader loses its way when several import one file at once.
  for (const family of FAMILIES) {
    const wanted = family.names.filter((name) => names.includes(name));
    if (wanted.length === 0) continue;
    const members = await family.load();
    for (const name of wanted) {
      const builtin = members[name];
      if (builtin) loaded.set(name, builtin);
    }
  }
  const missing = names.filter((name) => !loaded.has(name));
  if (missing.length > 0) throw new Error(`no such builtin: ${missing.join(', ')}`);
  return loaded;
}
