import {
  type ASTVisitor,
  GraphQLError,
  type GraphQLSchema,
  recommendedRules,
  specifiedRules,
  validate,
  type ValidationContext,
} from 'graphql';
import { RegoObject, type RegoValue } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { decodeQuery, decodeSchema } from '../graphql/decode.js';
import { queryNodes } from '../graphql/nodes.js';
import { readQuery, readSchema } from '../graphql/read.js';
import { buildSchema } from '../graphql/schema.js';
import { pruned, type Query, type Schema } from '../graphql/tree.js';
import { text, wrongType } from './operands.js';

/** GraphQL: the shapes and the rules for schemas are gqlparser's, queries are validated by graphql-js. */
export const GRAPHQL: BuiltinFamily = {
  'graphql.parse_query': (_, query) => pruned(readQuery(text(query, 1))),
  'graphql.parse_schema': (_, schema) => pruned(readSchema(text(schema, 1))),
  'graphql.parse': (_, query, schema) => verified(query, schema),
  'graphql.parse_and_verify': (_, query, schema) => {
    const answer = unlessRefused(() => verified(query, schema));
    return answer ? [true, ...answer] : [false, new RegoObject([]), new RegoObject([])];
  },
  'graphql.is_valid': (_, query, schema) => unlessRefused(() => verified(query, schema)) !== undefined,
  'graphql.schema_is_valid': (_, schema) => unlessRefused(() => buildSchema(schemaOf(schema))) !== undefined,
};

function verified(query: RegoValue | undefined, schema: RegoValue | undefined): readonly RegoValue[] {
  const queryTree = queryOf(query);
  const schemaTree = schemaOf(schema);
  check(queryTree, buildSchema(schemaTree));
  return [pruned(queryTree), pruned(schemaTree)];
}

function queryOf(given: RegoValue | undefined): Query {
  if (typeof given === 'string') return readQuery(given);
  if (given instanceof RegoObject) return decodeQuery(given);
  throw wrongType(0, given, 'string', 'object');
}

function schemaOf(given: RegoValue | undefined): Schema {
  if (typeof given === 'string') return readSchema(given);
  if (given instanceof RegoObject) return decodeSchema(given);
  throw wrongType(1, given, 'string', 'object');
}

/** gqlparser's: an operation the schema has no root for. */
const KnownRootType = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    if (!context.getSchema().getRootType(node.operation))
      context.reportError(
        new GraphQLError(`Schema does not support operation type "${node.operation}"`, { nodes: node }),
      );
  },
});

const RULES = [...specifiedRules, ...recommendedRules, KnownRootType];

function check(query: Query, schema: GraphQLSchema): void {
  const [error] = validate(schema, queryNodes(query), RULES, { maxErrors: 1 });
  if (error) throw new BuiltinError(`${error.message.replace(/\.$/, '')} in GraphQL string`);
}

function unlessRefused<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof BuiltinError) return undefined;
    throw error;
  }
}
