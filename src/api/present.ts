import { GraphQLError } from 'graphql';

/** An expected outcome as the SDL shows it: the union member's name, its stable code, English text, its facts. */
export type Presented<P extends { kind: string }> = Omit<P, 'kind'> & {
  readonly __typename: P['kind'];
  readonly code: string;
  readonly message: string;
};

/** One English sentence per problem; a new kind without one does not compile. */
export type ProblemMessages<P extends { kind: string }> = {
  readonly [K in P['kind']]: (problem: Extract<P, { kind: K }>) => string;
};

/** `ArtefactNotFound` → `ARTEFACT_NOT_FOUND`: the codes listed in graphql/problem-codes.txt. */
export const problemCode = (kind: string): string => kind.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

export function present<P extends { kind: string }>(problem: P, messages: ProblemMessages<P>): Presented<P> {
  const { kind, ...facts } = problem;
  const say = messages[kind as P['kind']] as (problem: P) => string;
  return { ...facts, __typename: kind, code: problemCode(kind), message: say(problem) };
}

/** Names the union member of a success; with and without jit, Mercurius resolves it from `__typename`. */
export const as = <N extends string, T extends object>(
  name: N,
  value: T,
): T & { readonly __typename: N } => ({
  ...value,
  __typename: name,
});

/** The same message under a more general name of the SDL, with that type's facts. */
export const renamed = (shown: { readonly message: string }, typename: string, facts: object): object => ({
  ...facts,
  __typename: typename,
  code: problemCode(typename),
  message: shown.message,
});

/** For an argument of a query that no union can refuse: thrown by a resolver, shown as it is. */
export const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
