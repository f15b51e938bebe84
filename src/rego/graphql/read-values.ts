import { type ArgumentNode, type DirectiveNode, Kind, type TypeNode, type ValueNode } from 'graphql';
import { commentOf } from './comments.js';
import { type Argument, type ChildValue, type Directive, type Type, type Value, ValueKind } from './tree.js';

export const directive = (node: DirectiveNode): Directive => ({
  Name: node.name.value,
  Arguments: node.arguments?.map(argument),
  Location: '',
});

export const argument = (node: ArgumentNode): Argument => ({
  Name: node.name.value,
  Value: value(node.value),
  Comment: commentOf(node),
});

export function type(node: TypeNode): Type {
  if (node.kind === Kind.NON_NULL_TYPE) return { ...type(node.type), NonNull: true };
  if (node.kind === Kind.LIST_TYPE) return { NamedType: '', Elem: type(node.type), NonNull: false };
  return { NamedType: node.name.value, NonNull: false };
}

export function value(node: ValueNode): Value {
  const made = (Kind: ValueKind, Raw: string, Children?: readonly ChildValue[]): Value => ({
    Raw,
    Kind,
    Children,
    // gqlparser keeps the comment before a collection or a variable and forgets that before a plain value.
    Comment: Children ? commentOf(node) : undefined,
    ExpectedTypeHasDefault: false,
  });
  switch (node.kind) {
    case Kind.VARIABLE:
      return made(ValueKind.Variable, node.name.value);
    case Kind.INT:
      return made(ValueKind.Int, node.value);
    case Kind.FLOAT:
      return made(ValueKind.Float, node.value);
    case Kind.STRING:
      return made(node.block === true ? ValueKind.Block : ValueKind.String, node.value);
    case Kind.BOOLEAN:
      return made(ValueKind.Boolean, String(node.value));
    case Kind.NULL:
      return made(ValueKind.Null, 'null');
    case Kind.ENUM:
      return made(ValueKind.Enum, node.value);
    case Kind.LIST: {
      const children = node.values.map((item) => ({ Name: '', Value: value(item) }));
      return made(ValueKind.List, '', children);
    }
    case Kind.OBJECT: {
      const children = node.fields.map((field) => ({
        Name: field.name.value,
        Value: value(field.value),
        Comment: commentOf(field),
      }));
      return made(ValueKind.Object, '', children);
    }
  }
}
