/** An expected outcome is a value: either what was asked for, or a typed problem with its facts. */
export type Result<T, P> = Ok<T> | Failed<P>;
export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}
export interface Failed<P> {
  readonly ok: false;
  readonly problem: P;
}

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const failed = <P>(problem: P): Failed<P> => ({ ok: false, problem });
