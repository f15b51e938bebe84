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

type Read<T> = (given: RegoValue) => T;
type Member<T> = (fields: Fields, name: string) => T;
/** How each member is read, by its Go name. What has no line here gqlparser's JSON has not either. */
type Shape<T> = { readonly [Name in keyof T]: Member<T[Name]> };

/** Members are read in the order of the shape: the first that is of another kind is the error. */
function tree<T>(shape: Shape<T>): Read<T> {
  const members = Object.entries<Member<unknown>>(shape);
  return (given) => {
    const fields = new Fields(given);
    const made: Record<string, unknown> = {};
    for (const [name, member] of members) made[name] = member(fields, name);
    return made as T;
  };
}

const text: Member<string> = (fields, name) => fields.text(name);
const texts: Member<readonly string[] | undefined> = (fields, name) => fields.texts(name);
const flag: Member<boolean> = (fields, name) => fields.flag(name);
const integer: Member<number> = (fields, name) => fields.integer(name);
/** Trees are inside each other, so which one is only looked up when it is read. */
const one =
  <T>(read: () => Read<T>): Member<T | undefined> =>
  (fields, name) =>
    fields.one(name, read());
const list =
  <T>(read: () => Read<T>): Member<readonly T[] | undefined> =>
  (fields, name) =>
    fields.list(name, read());

const line = tree<Comment['List'][number]>({ Value: text });
const comment = tree<Comment>({ List: (fields, name) => fields.list(name, line) ?? [] });
const remark = one(() => comment);

const type: Read<Type> = tree<Type>({ NamedType: text, Elem: one(() => type), NonNull: flag });

const value: Read<Value> = tree<Value>({
  Raw: text,
  Kind: integer,
  Children: list(() => argument),
  Comment: remark,
  ExpectedTypeHasDefault: flag,
});

const argument: Read<Argument> = tree<Argument>({ Name: text, Value: one(() => value), Comment: remark });

const directive = tree<Directive>({ Name: text, Arguments: list(() => argument), Location: text });
const directives = list(() => directive);

const variable = tree<Variable>({
  Variable: text,
  Type: one(() => type),
  DefaultValue: one(() => value),
  Directives: directives,
  Comment: remark,
  Used: flag,
});
const variables = list(() => variable);

/** gqlparser tries a field first, which fits always: fragments become fields without a name. */
const selection: Read<Selection> = tree<Selection>({
  Alias: text,
  Name: text,
  Arguments: list(() => argument),
  Directives: directives,
  SelectionSet: list(() => selection),
});
const selections = list(() => selection);

const operation = tree<Operation>({
  Operation: text,
  Name: text,
  VariableDefinitions: variables,
  Directives: directives,
  SelectionSet: selections,
});

const fragment = tree<Fragment>({
  Name: text,
  VariableDefinition: variables,
  TypeCondition: text,
  Directives: directives,
  SelectionSet: selections,
});

const DESCRIBED = { Description: text, BeforeDescriptionComment: remark, AfterDescriptionComment: remark };

const field: Read<Field> = tree<Field>({
  ...DESCRIBED,
  Name: text,
  Arguments: list(() => field),
  DefaultValue: one(() => value),
  Type: one(() => type),
  Directives: directives,
});

const enumValue = tree<EnumValue>({ ...DESCRIBED, Name: text, Directives: directives });

const definition = tree<Definition>({
  ...DESCRIBED,
  Kind: text,
  Name: text,
  Directives: directives,
  Interfaces: texts,
  Fields: list(() => field),
  Types: texts,
  EnumValues: list(() => enumValue),
  BuiltIn: flag,
  EndOfDefinitionComment: remark,
});
const definitions = list(() => definition);

const directiveDefinition = tree<DirectiveDefinition>({
  ...DESCRIBED,
  Name: text,
  Arguments: list(() => field),
  Locations: texts,
  IsRepeatable: flag,
});

const root = tree<Root>({ Operation: text, Type: text, Comment: remark });

const schemaDefinition = tree<SchemaDefinition>({
  ...DESCRIBED,
  Directives: directives,
  OperationTypes: list(() => root),
  EndOfDefinitionComment: remark,
});
const schemaDefinitions = list(() => schemaDefinition);

/** A query given as a tree instead of text. */
export const decodeQuery = tree<Query>({
  Operations: list(() => operation),
  Fragments: list(() => fragment),
});

/** A schema given as a tree instead of text. */
export const decodeSchema = tree<Schema>({
  Schema: schemaDefinitions,
  SchemaExtension: schemaDefinitions,
  Directives: list(() => directiveDefinition),
  Definitions: definitions,
  Extensions: definitions,
  Comment: remark,
});
