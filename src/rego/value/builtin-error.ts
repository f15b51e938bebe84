/**
 * What OPA reports as `eval_builtin_error` or `eval_type_error`: the call is undefined, or, in a strict
 * evaluation, fails it. The message is OPA's where OPA's is known.
 */
export class BuiltinError extends Error {}
