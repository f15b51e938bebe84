/**
 * The builtins that `opa build -t wasm` compiles into the module itself, at OPA 1.22.0: OPA's
 * internal/compiler/wasm/wasm.go, checked by test/engine/capabilities.spec.ts. Grouped as OPA's manual groups them.
 */
export const NATIVE_BUILTINS: ReadonlySet<string> = new Set(
  `
  equal neq lt lte gt gte internal.member_2 internal.member_3 internal.template_string
  plus minus mul div rem abs ceil floor round numbers.range
  count sum product max min sort all any
  array.concat array.flatten array.reverse array.slice
  and or set_diff intersection union
  object.filter object.get object.keys object.remove object.union object.union_n
  concat contains endswith startswith format_int indexof lower upper replace split substring
  strings.replace_n strings.reverse trim trim_left trim_prefix trim_right trim_space trim_suffix
  glob.match re_match regex.find_all_string_submatch_n regex.is_valid regex.match
  bits.and bits.lsh bits.negate bits.or bits.rsh bits.xor
  to_number is_array is_boolean is_null is_number is_object is_set is_string type_name
  base64.decode base64.encode base64.is_valid base64url.decode base64url.encode
  json.filter json.is_valid json.marshal json.remove json.unmarshal
  graph.reachable walk
  net.cidr_contains net.cidr_intersects net.cidr_overlap
  `
    .trim()
    .split(/\s+/),
);

/** Builtins that never reach the module: the compiler resolves them (`print` is dropped from builds). */
export const COMPILER_BUILTINS: ReadonlySet<string> = new Set([
  'assign',
  'eq',
  'internal.print',
  'internal.test_case',
  'print',
  'rego.metadata.chain',
  'rego.metadata.rule',
]);
