import type { Instant } from '../../kernel/clock.js';
import type { RegoValue } from '../value/rego-value.js';

/** What a builtin may know besides its arguments: the same for the whole evaluation, and recorded. */
export interface BuiltinContext {
  readonly instant: Instant;
  /** Where whatever looks random comes from. */
  readonly seed: string;
}

/**
 * One Rego builtin with OPA's semantics. Pure in context and arguments, synchronous. Sets, objects with keys of
 * any kind and numbers of any size arrive and are returned as what they are. Throws `BuiltinError` where OPA
 * reports an error; returns undefined where OPA's answer is undefined without one. Anything else that is thrown is
 * a fault of ours and fails the evaluation.
 */
export type Builtin = (context: BuiltinContext, ...args: readonly RegoValue[]) => RegoValue | undefined;

/** Builtins by OPA's name for them. One family is one file, loaded when a policy needs one of its members. */
export type BuiltinFamily = Readonly<Record<string, Builtin>>;
