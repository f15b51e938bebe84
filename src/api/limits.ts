import {
  GraphQLError,
  isListType,
  isNonNullType,
  type GraphQLOutputType,
  type ValidationRule,
} from 'graphql';
import { createComplexityRule, type ComplexityEstimator } from 'graphql-query-complexity';

/** The standard introspection query is 15 deep; nothing of ours needs more. */
export const MAX_QUERY_DEPTH = 15;
/** A page of 200 decisions with all rules and violations costs about 20,000. */
const MAX_COST = 50_000;
/** What a list is assumed to hold when the query does not say. */
const ASSUMED_LIST_LENGTH = 10;
/** A document longer than this is not a question. Persisted operations are far shorter. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** One per field; a list costs its page size (or the assumed length) times what each item costs. */
const pageCost: ComplexityEstimator = ({ args, childComplexity, field }) => {
  const first: unknown = args['first'];
  if (typeof first === 'number') return 1 + Math.max(first, 0) * Math.max(childComplexity, 1);
  return 1 + (isList(field.type) ? ASSUMED_LIST_LENGTH : 1) * childComplexity;
};

/** Refuses a query before execution when it could cost too much, naming both figures. */
export function costLimit(variables: Record<string, unknown>): ValidationRule {
  return createComplexityRule({
    maximumComplexity: MAX_COST,
    variables,
    estimators: [pageCost],
    createError: (max, actual) =>
      new GraphQLError(`the query could cost ${String(actual)}, more than the ${String(max)} allowed`, {
        extensions: { code: 'QUERY_TOO_COSTLY' },
      }),
  });
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
