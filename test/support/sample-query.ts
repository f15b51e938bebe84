import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** One field of Query or Mutation. */
export interface RootField {
  readonly operation: 'query' | 'mutation';
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
}

/** Every field through which a caller can enter. */
export const rootFields = (schema: GraphQLSchema): RootField[] => [
  ...fieldsOf('query', schema.getQueryType()),
  ...fieldsOf('mutation', schema.getMutationType()),
];

const fieldsOf = (
  operation: RootField['operation'],
  type: GraphQLObjectType | null | undefined,
): RootField[] =>
  Object.values(type?.getFields() ?? {}).map((field) => ({ operation, name: field.name, field }));

/** A valid request for one root field with nothing but what it requires: for asking who may, not for what. */
export function sampleQuery({ operation, name, field }: RootField): { query: string; variables: object } {
  const required = field.args.filter(isRequiredArgument);
  const declared = required.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const given = required.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  return {
    query: `${operation} ${declared && `(${declared}) `}{ ${name}${given && `(${given})`}${selection} }`,
    variables: Object.fromEntries(required.map((arg) => [arg.name, sampleValue(arg.type)])),
  };
}

const SCALARS: Readonly<Record<string, unknown>> = {
  Digest: `sha256:${'0'.repeat(64)}`,
  DateTime: '2027-01-01T00:00:00Z',
  Int: 1,
  Long: 1,
  Boolean: true,
};

export function sampleValue(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sampleValue(type.ofType);
  if (isListType(type)) return [sampleValue(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return SCALARS[type.name] ?? 'X_1';
  const fields = Object.values(type.getFields());
  const wanted = type.isOneOf ? fields.slice(0, 1) : fields.filter(isRequiredInputField);
  return Object.fromEntries(wanted.map((field) => [field.name, sampleValue(field.type)]));
}
