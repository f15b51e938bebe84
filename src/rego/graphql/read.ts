import {
  type DefinitionNode,
  type DirectiveDefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type InputValueDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeDefinitionNode,
  parse,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
  type SelectionSetNode,
  TokenKind,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { commentBefore, commentOf, described, endOf, onlyComments } from './comments.js';
import { argument, directive, type, value } from './read-values.js';
import { BuiltinError } from '../value/builtin-error.js';
import {
  type Definition,
  type DirectiveDefinition,
  type EnumValue,
  type Field,
  type Fragment,
  type Operation,
  type Query,
  type Root,
  type Schema,
  type SchemaDefinition,
  type Selection,
  type Variable,
} from './tree.js';

/** A query's text as gqlparser reads it. Throws `BuiltinError`. */
export function readQuery(text: string): Query {
  const { definitions } = documentOf(text);
  const operations: Operation[] = [];
  const fragments: Fragment[] = [];
  for (const node of definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) operations.push(operation(node));
    else if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.push(fragment(node));
    else throw unexpected(node);
  return { Operations: operations, Fragments: fragments };
}

/** A schema's text as gqlparser reads it: it need not be a valid one. Throws `BuiltinError`. */
export function readSchema(text: string): Schema {
  const { definitions, loc } = documentOf(text);
  const schema = {
    Schema: [] as SchemaDefinition[],
    SchemaExtension: [] as SchemaDefinition[],
    Directives: [] as DirectiveDefinition[],
    Definitions: [] as Definition[],
    Extensions: [] as Definition[],
    Comment: commentBefore(loc?.endToken) ?? onlyComments(definitions, text),
  };
  for (const node of definitions) addTo(schema, node);
  return schema;
}

function addTo(
  schema: {
    readonly Schema: SchemaDefinition[];
    readonly SchemaExtension: SchemaDefinition[];
    readonly Directives: DirectiveDefinition[];
    readonly Definitions: Definition[];
    readonly Extensions: Definition[];
  },
  node: DefinitionNode,
): void {
  switch (node.kind) {
    case Kind.SCHEMA_DEFINITION:
      schema.Schema.push(schemaDefinition(node));
      return;
    case Kind.SCHEMA_EXTENSION:
      schema.SchemaExtension.push(schemaDefinition(node));
      return;
    case Kind.DIRECTIVE_DEFINITION:
      schema.Directives.push(directiveDefinition(node));
      return;
    case Kind.OPERATION_DEFINITION:
    case Kind.FRAGMENT_DEFINITION:
      throw unexpected(node);
    case Kind.SCALAR_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.UNION_TYPE_DEFINITION:
    case Kind.ENUM_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      schema.Definitions.push(definition(node));
      return;
    case Kind.SCALAR_TYPE_EXTENSION:
    case Kind.OBJECT_TYPE_EXTENSION:
    case Kind.INTERFACE_TYPE_EXTENSION:
    case Kind.UNION_TYPE_EXTENSION:
    case Kind.ENUM_TYPE_EXTENSION:
    case Kind.INPUT_OBJECT_TYPE_EXTENSION:
      schema.Extensions.push(definition(node));
      return;
    default:
      throw unexpected(node);
  }
}

/** gqlparser takes an empty document for one. */
const EMPTY = /^(?:[\s,\ufeff]|#[^\n\r]*)*$/;

function documentOf(text: string): Pick<DocumentNode, 'definitions' | 'loc'> {
  if (EMPTY.test(text)) return { definitions: [] };
  try {
    return parse(text, { allowLegacyFragmentVariables: true });
  } catch (cause) {
    if (cause instanceof RangeError) throw new BuiltinError('GraphQL is nested too deeply', { cause });
    if (!(cause instanceof GraphQLError)) throw cause;
    const [{ line, column } = { line: 0, column: 0 }] = cause.locations ?? [];
    const message = cause.message.replace(/^Syntax Error: /, '').replace(/\.$/, '');
    throw new BuiltinError(`${message} in GraphQL string at location ${line}:${column}`, { cause });
  }
}

function unexpected(node: DefinitionNode): BuiltinError {
  const { value = '', line = 0, column = 0 } = node.loc?.startToken ?? {};
  return new BuiltinError(`Unexpected Name "${value}" in GraphQL string at location ${line}:${column}`);
}

function operation(node: OperationDefinitionNode): Operation {
  return {
    Operation: node.operation,
    Name: node.name?.value ?? '',
    VariableDefinitions: node.variableDefinitions?.map(variable),
    Directives: node.directives?.map(directive),
    SelectionSet: selections(node.selectionSet),
    // gqlparser loses what stands before an operation without a keyword.
    Comment: node.loc?.startToken.kind === TokenKind.BRACE_L ? undefined : commentOf(node),
  };
}

function fragment(node: FragmentDefinitionNode): Fragment {
  return {
    Name: node.name.value,
    // What graphql-js drops in its next major, gqlparser still reads.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    VariableDefinition: node.variableDefinitions?.map(variable),
    TypeCondition: node.typeCondition.name.value,
    Directives: node.directives?.map(directive),
    SelectionSet: selections(node.selectionSet),
    Comment: commentOf(node),
  };
}

const selections = (set: SelectionSetNode | undefined): readonly Selection[] | undefined =>
  set?.selections.map((node) => {
    const shared = { Directives: node.directives?.map(directive), Comment: commentOf(node) };
    if (node.kind === Kind.FRAGMENT_SPREAD) return { Name: node.name.value, ...shared };
    const SelectionSet = selections(node.selectionSet);
    if (node.kind === Kind.INLINE_FRAGMENT)
      return { TypeCondition: node.typeCondition?.name.value ?? '', SelectionSet, ...shared };
    return {
      Alias: node.alias?.value ?? node.name.value,
      Name: node.name.value,
      Arguments: node.arguments?.map(argument),
      SelectionSet,
      ...shared,
    };
  });

function variable(node: VariableDefinitionNode): Variable {
  return {
    Variable: node.variable.name.value,
    Type: type(node.type),
    DefaultValue: node.defaultValue && value(node.defaultValue),
    Directives: node.directives?.map(directive),
    Comment: commentOf(node),
    Used: false,
  };
}

const field = (node: FieldDefinitionNode | InputValueDefinitionNode): Field => ({
  ...described(node),
  Name: node.name.value,
  Arguments: node.kind === Kind.FIELD_DEFINITION ? node.arguments?.map(field) : undefined,
  DefaultValue:
    node.kind === Kind.INPUT_VALUE_DEFINITION && node.defaultValue ? value(node.defaultValue) : undefined,
  Type: type(node.type),
  Directives: node.directives?.map(directive),
});

const enumValue = (node: EnumValueDefinitionNode): EnumValue => ({
  ...described(node),
  Name: node.name.value,
  Directives: node.directives?.map(directive),
});

const KINDS: readonly (readonly [prefix: string, kind: string])[] = [
  ['Scalar', 'SCALAR'],
  ['ObjectType', 'OBJECT'],
  ['Interface', 'INTERFACE'],
  ['Union', 'UNION'],
  ['Enum', 'ENUM'],
  ['InputObject', 'INPUT_OBJECT'],
];

function definition(node: TypeDefinitionNode | TypeExtensionNode): Definition {
  return {
    ...described(node),
    ...endOf(node),
    Kind: KINDS.find(([prefix]) => node.kind.startsWith(prefix))?.[1] ?? '',
    Name: node.name.value,
    Directives: node.directives?.map(directive),
    Interfaces: 'interfaces' in node ? node.interfaces.map(({ name }) => name.value) : undefined,
    Fields: 'fields' in node ? node.fields.map(field) : undefined,
    Types: 'types' in node ? node.types.map(({ name }) => name.value) : undefined,
    EnumValues: 'values' in node ? node.values.map(enumValue) : undefined,
    BuiltIn: false,
  };
}

const directiveDefinition = (node: DirectiveDefinitionNode): DirectiveDefinition => ({
  ...described(node),
  Name: node.name.value,
  Arguments: node.arguments?.map(field),
  Locations: node.locations.map(({ value: location }) => location),
  IsRepeatable: node.repeatable,
});

const root = (node: OperationTypeDefinitionNode): Root => ({
  Operation: node.operation,
  Type: node.type.name.value,
  Comment: commentOf(node),
});

const schemaDefinition = (node: SchemaDefinitionNode | SchemaExtensionNode): SchemaDefinition => ({
  ...described(node),
  ...endOf(node),
  Directives: node.directives?.map(directive),
  OperationTypes: node.operationTypes?.map(root),
});
