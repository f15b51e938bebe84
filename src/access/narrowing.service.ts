import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Projects – their ids, sorted – outside of which nothing is to be seen or written, because only what somebody holds
 * there permits what is asked. Undefined: the organisation as a whole.
 */
export type Narrowing = readonly string[] | undefined;

/**
 * Carried along, and not passed, because the answer of the access policy stands far above the calls it bounds. Where
 * nothing was entered nothing is carried: who is not narrowed costs nothing.
 */
const current = new AsyncLocalStorage<Narrowing>();

/** To what the work is narrowed that is being done here. */
export const narrowing = (): Narrowing => current.getStore();

/**
 * Does `work`, and whatever that begins, narrowed to these projects – or, for undefined, not narrowed, within whatever
 * it is called. Work that others do on somebody's behalf (a group's transaction, a timer) is not theirs: who hands it over
 * takes `narrowing()` along.
 */
export const narrowed = <T>(to: Narrowing, work: () => T): T =>
  to === current.getStore() ? work() : current.run(to, work);
