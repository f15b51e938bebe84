import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type NamedTypeNode,
  type NameNode,
  OperationTypeNode,
  type SelectionSetNode,
  type TypeDefinitionNode,
  type TypeNode,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import { BuiltinError } from '../value/builtin-error.js';
import {
  type Argument,
  type ChildValue,
  type Definition,
  type Directive,
  type DirectiveDefinition,
  type Field,
  type Query,
  type Selection,
  type Type,
  type Value,
  ValueKind,
  type Variable,
} from './tree.js';

/** gqlparser's trees as graphql-js has them, for its validation. Positions get lost: no answer shows them. */
export function queryNodes(query: Query): DocumentNode {
  const operations = (query.Operations ?? []).map((operation) => ({
    kind: Kind.OPERATION_DEFINITION as const,
    operation: operationType(operation.Operation),
    ...(operation.Name === '' ? {} : { name: name(operation.Name) }),
    variableDefinitions: (operation.VariableDefinitions ?? []).map(variable),
    directives: directives(operation.Directives),
    selectionSet: selectionSet(operation.SelectionSet),
  }));
  const fragments = (query.Fragments ?? []).map((fragment) => ({
    kind: Kind.FRAGMENT_DEFINITION as const,
    name: name(fragment.Name),
    variableDefinitions: (fragment.VariableDefinition ?? []).map(variable),
    typeCondition: named(fragment.TypeCondition),
    directives: directives(fragment.Directives),
    selectionSet: selectionSet(fragment.SelectionSet),
  }));
  return { kind: Kind.DOCUMENT, definitions: [...operations, ...fragments] };
}

/** Definitions as a document: extensions are part of what they extend by now. */
export function schemaNodes(schema: {
  readonly definitions: readonly Definition[];
  readonly directives: readonly DirectiveDefinition[];
  readonly roots: ReadonlyMap<string, string>;
}): DocumentNode {
  const roots = [...schema.roots].map(([operation, typeName]) => ({
    kind: Kind.OPERATION_TYPE_DEFINITION as const,
    operation: operationType(operation),
    type: named(typeName),
  }));
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      { kind: Kind.SCHEMA_DEFINITION, operationTypes: roots },
      ...schema.directives.map((definition) => ({
        kind: Kind.DIRECTIVE_DEFINITION as const,
        name: name(definition.Name),
        arguments: (definition.Arguments ?? []).map(inputValue),
        repeatable: definition.IsRepeatable,
        locations: (definition.Locations ?? []).map(name),
      })),
      ...schema.definitions.map(typeDefinition),
    ],
  };
}

function operationType(name: string): OperationTypeNode {
  if (name === 'mutation') return OperationTypeNode.MUTATION;
  if (name === 'subscription') return OperationTypeNode.SUBSCRIPTION;
  if (name === 'query' || name === '') return OperationTypeNode.QUERY;
  throw new BuiltinError(`got unknown operation type "${name}"`);
}

const name = (value: string): NameNode => ({ kind: Kind.NAME, value });

const named = (value: string): NamedTypeNode => ({ kind: Kind.NAMED_TYPE, name: name(value) });

function typeNode(type: Type | undefined): TypeNode {
  const inner = type?.Elem
    ? { kind: Kind.LIST_TYPE as const, type: typeNode(type.Elem) }
    : named(type?.NamedType ?? '');
  return type?.NonNull === true ? { kind: Kind.NON_NULL_TYPE, type: inner } : inner;
}

const variable = (given: Variable): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: name(given.Variable) },
  type: typeNode(given.Type),
  ...(given.DefaultValue ? { defaultValue: valueNode(given.DefaultValue) as ConstValueNode } : {}),
  directives: directives(given.Directives) as readonly ConstDirectiveNode[],
});

const directives = (given: readonly Directive[] = []): readonly DirectiveNode[] =>
  given.map((directive) => ({
    kind: Kind.DIRECTIVE,
    name: name(directive.Name),
    arguments: (directive.Arguments ?? []).map(argument),
  }));

const argument = (given: Argument): { kind: Kind.ARGUMENT; name: NameNode; value: ValueNode } => ({
  kind: Kind.ARGUMENT,
  name: name(given.Name),
  value: valueNode(given.Value),
});

const selectionSet = (given: readonly Selection[] = []): SelectionSetNode => ({
  kind: Kind.SELECTION_SET,
  selections: given.map((selection) => {
    const shared = { directives: directives(selection.Directives) };
    if (selection.TypeCondition !== undefined)
      return {
        kind: Kind.INLINE_FRAGMENT,
        ...(selection.TypeCondition === '' ? {} : { typeCondition: named(selection.TypeCondition) }),
        selectionSet: selectionSet(selection.SelectionSet),
        ...shared,
      };
    if (selection.Alias === undefined)
      return { kind: Kind.FRAGMENT_SPREAD, name: name(selection.Name ?? ''), ...shared };
    return {
      kind: Kind.FIELD,
      ...(selection.Alias === selection.Name ? {} : { alias: name(selection.Alias) }),
      name: name(selection.Name ?? ''),
      arguments: (selection.Arguments ?? []).map(argument),
      ...((selection.SelectionSet?.length ?? 0) > 0
        ? { selectionSet: selectionSet(selection.SelectionSet) }
        : {}),
      ...shared,
    };
  }),
});

function valueNode(given: Value | undefined): ValueNode {
  const { Kind: kind = ValueKind.Null, Raw: raw = '', Children: children = [] } = given ?? {};
  switch (kind) {
    case ValueKind.Variable:
      return { kind: Kind.VARIABLE, name: name(raw) };
    case ValueKind.Int:
      return { kind: Kind.INT, value: raw };
    case ValueKind.Float:
      return { kind: Kind.FLOAT, value: raw };
    case ValueKind.String:
    case ValueKind.Block:
      return { kind: Kind.STRING, value: raw, block: kind === ValueKind.Block };
    case ValueKind.Boolean:
      return { kind: Kind.BOOLEAN, value: raw === 'true' };
    case ValueKind.Enum:
      return { kind: Kind.ENUM, value: raw };
    case ValueKind.List:
      return { kind: Kind.LIST, values: children.map(({ Value: item }) => valueNode(item)) };
    case ValueKind.Object:
      return { kind: Kind.OBJECT, fields: children.map(objectField) };
    default:
      return { kind: Kind.NULL };
  }
}

const objectField = (child: ChildValue): { kind: Kind.OBJECT_FIELD; name: NameNode; value: ValueNode } => ({
  kind: Kind.OBJECT_FIELD,
  name: name(child.Name),
  value: valueNode(child.Value),
});

const inputValue = (given: Field): InputValueDefinitionNode => ({
  kind: Kind.INPUT_VALUE_DEFINITION,
  name: name(given.Name),
  type: typeNode(given.Type),
  ...(given.DefaultValue ? { defaultValue: valueNode(given.DefaultValue) as ConstValueNode } : {}),
  directives: directives(given.Directives) as readonly ConstDirectiveNode[],
});

const fieldDefinition = (given: Field): FieldDefinitionNode => ({
  kind: Kind.FIELD_DEFINITION,
  name: name(given.Name),
  arguments: (given.Arguments ?? []).map(inputValue),
  type: typeNode(given.Type),
  directives: directives(given.Directives) as readonly ConstDirectiveNode[],
});

function typeDefinition(given: Definition): TypeDefinitionNode {
  const shared = {
    name: name(given.Name),
    directives: directives(given.Directives) as readonly ConstDirectiveNode[],
  };
  const interfaces = (given.Interfaces ?? []).map(named);
  const fields = (): readonly FieldDefinitionNode[] => (given.Fields ?? []).map(fieldDefinition);
  switch (given.Kind) {
    case 'OBJECT':
      return { kind: Kind.OBJECT_TYPE_DEFINITION, ...shared, interfaces, fields: fields() };
    case 'INTERFACE':
      return { kind: Kind.INTERFACE_TYPE_DEFINITION, ...shared, interfaces, fields: fields() };
    case 'UNION':
      return { kind: Kind.UNION_TYPE_DEFINITION, ...shared, types: (given.Types ?? []).map(named) };
    case 'ENUM': {
      const values = (given.EnumValues ?? []).map((each) => ({
        kind: Kind.ENUM_VALUE_DEFINITION as const,
        name: name(each.Name),
      }));
      return { kind: Kind.ENUM_TYPE_DEFINITION, ...shared, values };
    }
    case 'INPUT_OBJECT':
      return {
        kind: Kind.INPUT_OBJECT_TYPE_DEFINITION,
        ...shared,
        fields: (given.Fields ?? []).map(inputValue),
      };
    default:
      return { kind: Kind.SCALAR_TYPE_DEFINITION, ...shared };
  }
}
