import type { Attributes } from './attributes.js';
import type { Tracing } from './tracing.js';

type Asynchronous = (...given: never[]) => Promise<unknown>;
/** Names of the methods of `Target` that answer a promise. */
export type MethodOf<Target> = {
  [Name in keyof Target]: Target[Name] extends Asynchronous ? Name : never;
}[keyof Target];
type Given<Method> = Method extends (...given: infer All) => unknown ? All : never;
type Answered<Method> = Method extends (...given: never[]) => Promise<infer Answer> ? Answer : never;

/** How one method shows in traces. */
export interface Shown<Method> {
  readonly name: string;
  /** What is told of the question. */
  readonly asked?: (...given: Given<Method>) => Attributes;
  /** What is told of the answer. */
  readonly answered?: (answer: Answered<Method>) => Attributes;
}

/**
 * From now on each call of `target`'s method is a part of the trace it is called in, if it is called in one. The object
 * itself is changed, so that its own calls are seen, too; where tracing is off nothing is changed and nothing is paid.
 */
export function traced<Target extends object, Name extends MethodOf<Target>>(
  tracing: Tracing,
  target: Target,
  method: Name,
  { name, asked, answered }: Shown<Target[Name]>,
): void {
  const original = target[method] as (...given: unknown[]) => Promise<unknown>;
  const value = (...given: unknown[]): Promise<unknown> => {
    if (!tracing.current) return original.apply(target, given);
    const attributes = asked?.(...(given as Given<Target[Name]>)) ?? {};
    return tracing.part(name, { attributes }, async (span) => {
      const answer: unknown = await original.apply(target, given);
      if (answered) tracing.tell(span, answered(answer as Answered<Target[Name]>));
      return answer;
    });
  };
  Object.defineProperty(target, method, { value, configurable: true });
}
