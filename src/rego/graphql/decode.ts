import type { RegoValue } from '../value/rego-value.js';
import {
  type Argument,
  type Comment,
  type Definition,
  type Directive,
  type DirectiveDefinition,
  type EnumValue,
  type Field,
  Fields,
  type Fragment,
  type Operation,
  type Query,
  type Root,
  type Schema,
  type SchemaDefinition,
  type Selection,
  type Type,
  type Value,
  type Variable,
} from './tree.js';

/** A query given as a tree instead of text. */
export function decodeQuery(given: RegoValue): Query {
  const fields = new Fields(given);
  return {
    Operations: fields.list('Operations', operation),
    Fragments: fields.list('Fragments', fragment),
  };
}

/** A schema given as a tree instead of text. */
export function decodeSchema(given: RegoValue): Schema {
  const fields = new Fields(given);
  return {
    Schema: fields.list('Schema', schemaDefinition),
    SchemaExtension: fields.list('SchemaExtension', schemaDefinition),
    Directives: fields.list('Directives', directiveDefinition),
    Definitions: fields.list('Definitions', definition),
    Extensions: fields.list('Extensions', definition),
    Comment: fields.one('Comment', comment),
  };
}

function operation(given: RegoValue): Operation {
  const fields = new Fields(given);
  return {
    Operation: fields.text('Operation'),
    Name: fields.text('Name'),
    VariableDefinitions: fields.list('VariableDefinitions', variable),
    Directives: fields.list('Directives', directive),
    SelectionSet: fields.list('SelectionSet', selection),
  };
}

function fragment(given: RegoValue): Fragment {
  const fields = new Fields(given);
  return {
    Name: fields.text('Name'),
    VariableDefinition: fields.list('VariableDefinition', variable),
    TypeCondition: fields.text('TypeCondition'),
    Directives: fields.list('Directives', directive),
    SelectionSet: fields.list('SelectionSet', selection),
  };
}

/** gqlparser tries a field first, which fits always: fragments become fields without a name. */
function selection(given: RegoValue): Selection {
  const fields = new Fields(given);
  return {
    Alias: fields.text('Alias'),
    Name: fields.text('Name'),
    Arguments: fields.list('Arguments', argument),
    Directives: fields.list('Directives', directive),
    SelectionSet: fields.list('SelectionSet', selection),
  };
}

function variable(given: RegoValue): Variable {
  const fields = new Fields(given);
  return {
    Variable: fields.text('Variable'),
    Type: fields.one('Type', type),
    DefaultValue: fields.one('DefaultValue', value),
    Directives: fields.list('Directives', directive),
    Comment: fields.one('Comment', comment),
    Used: fields.flag('Used'),
  };
}

function directive(given: RegoValue): Directive {
  const fields = new Fields(given);
  return {
    Name: fields.text('Name'),
    Arguments: fields.list('Arguments', argument),
    Location: fields.text('Location'),
  };
}

function argument(given: RegoValue): Argument {
  const fields = new Fields(given);
  return {
    Name: fields.text('Name'),
    Value: fields.one('Value', value),
    Comment: fields.one('Comment', comment),
  };
}

function value(given: RegoValue): Value {
  const fields = new Fields(given);
  return {
    Raw: fields.text('Raw'),
    Kind: fields.integer('Kind'),
    Children: fields.list('Children', argument),
    Comment: fields.one('Comment', comment),
    ExpectedTypeHasDefault: fields.flag('ExpectedTypeHasDefault'),
  };
}

function type(given: RegoValue): Type {
  const fields = new Fields(given);
  return {
    NamedType: fields.text('NamedType'),
    Elem: fields.one('Elem', type),
    NonNull: fields.flag('NonNull'),
  };
}

function comment(given: RegoValue): Comment {
  const read = (item: RegoValue): { Value: string } => ({ Value: new Fields(item).text('Value') });
  return { List: new Fields(given).list('List', read) ?? [] };
}

function described(fields: Fields): Pick<Definition, 'Description' | 'AfterDescriptionComment'> {
  const both = {
    Description: fields.text('Description'),
    BeforeDescriptionComment: fields.one('BeforeDescriptionComment', comment),
    AfterDescriptionComment: fields.one('AfterDescriptionComment', comment),
  };
  return both;
}

function field(given: RegoValue): Field {
  const fields = new Fields(given);
  return {
    ...described(fields),
    Name: fields.text('Name'),
    Arguments: fields.list('Arguments', field),
    DefaultValue: fields.one('DefaultValue', value),
    Type: fields.one('Type', type),
    Directives: fields.list('Directives', directive),
  };
}

function enumValue(given: RegoValue): EnumValue {
  const fields = new Fields(given);
  return {
    ...described(fields),
    Name: fields.text('Name'),
    Directives: fields.list('Directives', directive),
  };
}

function definition(given: RegoValue): Definition {
  const fields = new Fields(given);
  return {
    ...described(fields),
    Kind: fields.text('Kind'),
    Name: fields.text('Name'),
    Directives: fields.list('Directives', directive),
    Interfaces: fields.texts('Interfaces'),
    Fields: fields.list('Fields', field),
    Types: fields.texts('Types'),
    EnumValues: fields.list('EnumValues', enumValue),
    BuiltIn: fields.flag('BuiltIn'),
    EndOfDefinitionComment: fields.one('EndOfDefinitionComment', comment),
  };
}

function directiveDefinition(given: RegoValue): DirectiveDefinition {
  const fields = new Fields(given);
  return {
    ...described(fields),
    Name: fields.text('Name'),
    Arguments: fields.list('Arguments', field),
    Locations: fields.texts('Locations'),
    IsRepeatable: fields.flag('IsRepeatable'),
  };
}

function root(given: RegoValue): Root {
  const fields = new Fields(given);
  return {
    Operation: fields.text('Operation'),
    Type: fields.text('Type'),
    Comment: fields.one('Comment', comment),
  };
}

function schemaDefinition(given: RegoValue): SchemaDefinition {
  const fields = new Fields(given);
  return {
    ...described(fields),
    Directives: fields.list('Directives', directive),
    OperationTypes: fields.list('OperationTypes', root),
    EndOfDefinitionComment: fields.one('EndOfDefinitionComment', comment),
  };
}
