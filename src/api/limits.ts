import {
  GraphQLError,
  isListType,
  isNonNullType,
  type DocumentNode,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { getComplexity, type ComplexityEstimator } from 'graphql-query-complexity';

/** The standard introspection query is 15 deep; nothing of ours needs more. */
export const MAX_QUERY_DEPTH = 15;
/** A page of 200 decisions with all rules and violations costs about 20,000. */
const MAX_COST = 50_000;
/** What a list is assumed to hold when the query does not say. */
const ASSUMED_LIST_LENGTH = 10;

/** One per field; a list costs its page size (or the assumed length) times what each item costs. */
const pageCost: ComplexityEstimator = ({ args, childComplexity, field, type }) => {
  if (type.name.endsWith('Connection')) return 1 + childComplexity; // `first` of the field above has counted them
  const first: unknown = args['first'];
  if (typeof first === 'number') return 1 + Math.max(first, 0) * Math.max(childComplexity, 1);
  return 1 + (isList(field.type) ? ASSUMED_LIST_LENGTH : 1) * childComplexity;
};

/** What a query costs, and how much one may: told to the caller in `extensions.cost`. */
export interface QueryCost {
  readonly query: number;
  readonly limit: number;
}

/** Costs of documents that are kept, by what of their variables counts; a client varies page sizes, not much. */
const costs = new WeakMap<DocumentNode, Map<string, number>>();
const MAX_COSTS = 100;

/** Only numbers and truth values: page sizes, and whether a part is included. Nothing else of a variable costs. */
const counting = (variables: Record<string, unknown>): string =>
  JSON.stringify(variables, (name, value: unknown) =>
    name === '' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined,
  );

function costOf(schema: GraphQLSchema, query: DocumentNode, variables: Record<string, unknown>): number {
  const known = costs.get(query) ?? new Map<string, number>();
  const key = counting(variables);
  const cost = known.get(key) ?? getComplexity({ schema, query, variables, estimators: [pageCost] });
  if (known.size >= MAX_COSTS) known.clear();
  known.set(key, cost);
  costs.set(query, known);
  return cost;
}

/**
 * What a query could cost. Refuses it before execution when that is too much, naming both figures. A hook and not a
 * validation rule: validated documents are kept, and what one costs depends on its variables.
 */
export function refuseCostly(
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Record<string, unknown> | null | undefined,
): QueryCost {
  const cost = costOf(schema, query, variables ?? {});
  if (cost > MAX_COST)
    throw new GraphQLError(
      `the query could cost ${String(cost)}, more than the ${String(MAX_COST)} allowed`,
      {
        extensions: { cost: { query: cost, limit: MAX_COST } },
      },
    );
  return { query: cost, limit: MAX_COST };
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
