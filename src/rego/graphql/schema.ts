import { buildASTSchema, type GraphQLSchema } from 'graphql';
import { BuiltinError } from '../value/builtin-error.js';
import { schemaNodes } from './nodes.js';
import {
  type Definition,
  type Directive,
  type DirectiveDefinition,
  type Field,
  type Schema,
  type Type,
  ValueKind,
} from './tree.js';
import { readSchema } from './read.js';

/** What gqlparser adds to every schema, as far as its checks look at it. */
const PRELUDE = readSchema(`
  scalar Int scalar Float scalar String scalar Boolean scalar ID
  directive @defer(if: Boolean = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
  directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
  directive @deprecated(reason: String = "No longer supported")
    on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
  directive @specifiedBy(url: String!) on SCALAR
  directive @oneOf on INPUT_OBJECT
`);
const INTROSPECTION = [
  ...['__Schema', '__Type', '__Field', '__InputValue', '__EnumValue', '__Directive'],
  ...['__TypeKind', '__DirectiveLocation'],
];

/** gqlparser's `ValidateSchemaDocument`, which asks less than graphql-js does. Throws `BuiltinError`. */
export function buildSchema(document: Schema): GraphQLSchema {
  const check = new SchemaCheck(document);
  const schema = check.run();
  return buildASTSchema(schemaNodes(schema), { assumeValid: true, assumeValidSDL: true });
}

type Mutable = { -readonly [K in keyof Definition]: Definition[K] };

class SchemaCheck {
  private readonly types = new Map<string, Mutable>();
  private readonly builtIn = new Map<string, string>();
  private readonly directives = new Map<string, DirectiveDefinition>();
  private readonly possible = new Map<string, Set<string>>();
  private readonly roots = new Map<string, string>();

  constructor(private readonly document: Schema) {
    for (const { Name, Kind } of PRELUDE.Definitions ?? []) this.builtIn.set(Name, Kind);
    for (const name of INTROSPECTION)
      this.builtIn.set(name, name.endsWith('Kind') || name.endsWith('Location') ? 'ENUM' : 'OBJECT');
    for (const directive of PRELUDE.Directives ?? []) this.directives.set(directive.Name, directive);
  }

  run(): Parameters<typeof schemaNodes>[0] {
    this.declareTypes();
    this.extendTypes();
    for (const [name, definition] of this.types) this.notePossible(name, definition);
    this.declareDirectives();
    this.findRoots();
    for (const definition of this.types.values()) this.checkDefinition(definition);
    this.checkInputCycles();
    for (const directive of this.document.Directives ?? []) {
      this.checkName(directive.Name);
      this.checkArguments(directive.Arguments, directive.Name);
    }
    if ((this.document.Schema ?? []).length === 0) this.inferRoots();
    return {
      definitions: [...this.types.values()],
      directives: [...this.directives.values()],
      roots: this.roots,
    };
  }

  private declareTypes(): void {
    for (const definition of this.document.Definitions ?? []) {
      const { Name } = definition;
      if (this.types.has(Name) || this.builtIn.has(Name)) throw invalid(`Cannot redeclare type ${Name}.`);
      this.types.set(Name, { ...definition });
    }
  }

  private extendTypes(): void {
    for (const extension of this.document.Extensions ?? []) {
      const { Name, Kind } = extension;
      const known = this.types.get(Name);
      const kind = known?.Kind ?? this.builtIn.get(Name) ?? Kind;
      if (kind !== Kind)
        throw invalid(`Cannot extend type ${Name} because the base type is a ${kind}, not ${Kind}.`);
      const base: Mutable = known ?? { Kind, Name, Description: '', BuiltIn: false };
      if (!this.builtIn.has(Name)) this.types.set(Name, base);
      base.Directives = [...(base.Directives ?? []), ...(extension.Directives ?? [])];
      base.Interfaces = [...(base.Interfaces ?? []), ...(extension.Interfaces ?? [])];
      base.Fields = [...(base.Fields ?? []), ...(extension.Fields ?? [])];
      base.Types = [...(base.Types ?? []), ...(extension.Types ?? [])];
      base.EnumValues = [...(base.EnumValues ?? []), ...(extension.EnumValues ?? [])];
    }
  }

  private notePossible(name: string, { Kind, Interfaces = [], Types = [] }: Definition): void {
    const note = (of: string, type: string): void => {
      this.possible.set(of, (this.possible.get(of) ?? new Set()).add(type));
    };
    if (Kind === 'UNION') for (const type of Types) note(name, type);
    else for (const type of Interfaces) note(type, name);
    if (Kind === 'OBJECT' || Kind === 'INPUT_OBJECT') note(name, name);
  }

  /** Of a directive that is built in, the first definition stays. */
  private declareDirectives(): void {
    const builtIn = new Set(PRELUDE.Directives?.map(({ Name }) => Name));
    for (const directive of this.document.Directives ?? []) {
      if (!this.directives.has(directive.Name)) this.directives.set(directive.Name, directive);
      else if (!builtIn.has(directive.Name)) throw invalid(`Cannot redeclare directive ${directive.Name}.`);
    }
  }

  private findRoots(): void {
    const { Schema: schemas = [], SchemaExtension: extensions = [] } = this.document;
    if (schemas.length > 1)
      throw invalid('Cannot have multiple schema entry points, consider schema extensions instead.');
    for (const { OperationTypes = [], Directives } of [...schemas, ...extensions]) {
      for (const { Operation, Type } of OperationTypes) {
        if (this.kindOf(Type) === undefined)
          throw invalid(`Schema root ${Operation} refers to a type ${Type} that does not exist.`);
        this.roots.set(Operation, Type);
      }
      this.checkDirectives(Directives, 'SCHEMA');
    }
  }

  private inferRoots(): void {
    for (const [operation, type] of [['query', 'Query'] as const, ['mutation', 'Mutation'] as const])
      if (!this.roots.has(operation) && this.types.has(type)) this.roots.set(operation, type);
    if (!this.roots.has('subscription') && this.types.has('Subscription'))
      this.roots.set('subscription', 'Subscription');
  }

  private kindOf(name: string): string | undefined {
    return this.types.get(name)?.Kind ?? this.builtIn.get(name);
  }

  private checkDefinition(definition: Definition): void {
    const { Kind, Name, Fields = [], Types = [], Interfaces = [], EnumValues = [] } = definition;
    for (const field of Fields) this.checkField(field, Kind);
    for (const type of Types) {
      const kind = this.kindOf(type);
      if (kind === undefined) throw invalid(`Undefined type "${type}".`);
      if (kind !== 'OBJECT') throw invalid(`${Kind} type "${type}" must be OBJECT.`);
    }
    for (const type of Interfaces) this.checkImplements(definition, type);
    this.checkMembers(definition);
    for (const { Directives } of EnumValues) this.checkDirectives(Directives, 'ENUM_VALUE');
    const twice =
      repeated(Fields.map((field) => field.Name)) ??
      repeated(EnumValues.map((value) => value.Name)) ??
      repeated(Types);
    if (twice !== undefined) throw invalid(`${Name}.${twice} can only be defined once.`);
    if (!definition.BuiltIn) this.checkName(Name);
    this.checkDirectives(definition.Directives, Kind, { manyPlaces: true });
  }

  private checkField(field: Field, kind: string): void {
    this.checkName(field.Name);
    this.checkType(field.Type);
    this.checkArguments(field.Arguments);
    this.checkDirectives(
      field.Directives,
      kind === 'INPUT_OBJECT' ? 'INPUT_FIELD_DEFINITION' : 'FIELD_DEFINITION',
    );
  }

  private checkMembers({ Kind, Name, Fields = [], EnumValues = [] }: Definition): void {
    if (Kind === 'ENUM') {
      if (EnumValues.length === 0)
        throw invalid(`${Kind} ${Name}: must define one or more unique enum values.`);
      const reserved = EnumValues.find((value) => ['true', 'false', 'null'].includes(value.Name));
      if (reserved) throw invalid(`${Kind} ${Name}: non-enum value ${reserved.Name}.`);
    }
    if (Kind !== 'OBJECT' && Kind !== 'INTERFACE' && Kind !== 'INPUT_OBJECT') return;
    if (Fields.length === 0) throw invalid(`${Kind} ${Name}: must define one or more fields.`);
    const refused = Kind === 'INPUT_OBJECT' ? ['OBJECT', 'INTERFACE', 'UNION'] : ['INPUT_OBJECT'];
    const wrong = Fields.find((field) => refused.includes(this.kindOf(nameOf(field.Type)) ?? ''));
    if (wrong) throw invalid(`${Kind} ${Name}: field ${wrong.Name} cannot be of that kind.`);
  }

  private checkName(name: string): void {
    if (name.startsWith('__'))
      throw invalid(`Name "${name}" must not begin with "__", which is reserved by GraphQL introspection.`);
  }

  private checkType(type: Type | undefined): void {
    const name = nameOf(type);
    if (this.kindOf(name) === undefined) throw invalid(`Undefined type ${name}.`);
  }

  private checkArguments(given: readonly Field[] = [], ofDirective?: string): void {
    for (const argument of given) {
      this.checkName(argument.Name);
      this.checkType(argument.Type);
      if (!['SCALAR', 'ENUM', 'INPUT_OBJECT'].includes(this.kindOf(nameOf(argument.Type)) ?? ''))
        throw invalid(`${nameOf(argument.Type)} is not a valid input type of argument ${argument.Name}`);
      this.checkDirectives(argument.Directives, 'ARGUMENT_DEFINITION', { ofDirective });
    }
  }

  private checkDirectives(
    given: readonly Directive[] = [],
    location: string,
    { manyPlaces = false, ofDirective }: { manyPlaces?: boolean; ofDirective?: string | undefined } = {},
  ): void {
    const seen = new Set<string>();
    for (const directive of given) {
      const { Name, Arguments = [] } = directive;
      this.checkName(Name);
      if (Name === ofDirective) throw invalid(`Directive ${Name} cannot refer to itself.`);
      const definition = this.directives.get(Name);
      if (!definition) throw invalid(`Undefined directive ${Name}.`);
      if (!manyPlaces && seen.has(Name) && !definition.IsRepeatable)
        throw invalid(`The directive ${Name} can only be used once at this location.`);
      seen.add(Name);
      if (definition.Locations?.includes(location) !== true)
        throw invalid(`Directive ${Name} is not applicable on ${location}.`);
      const known = new Set(definition.Arguments?.map((argument) => argument.Name));
      const unknown = Arguments.find((argument) => !known.has(argument.Name));
      if (unknown) throw invalid(`Undefined argument ${unknown.Name} for directive ${Name}.`);
      for (const { Name: name, Type: type, DefaultValue } of definition.Arguments ?? []) {
        if (type?.NonNull !== true || DefaultValue) continue;
        const value = Arguments.find((argument) => argument.Name === name)?.Value;
        if (!value || value.Kind === ValueKind.Null)
          throw invalid(`Argument ${name} for directive ${Name} cannot be null.`);
      }
    }
  }

  private checkImplements(definition: Definition, name: string): void {
    const kind = this.kindOf(name);
    if (kind === undefined) throw invalid(`Undefined type "${name}".`);
    if (kind !== 'INTERFACE') throw invalid(`"${name}" is a non interface type ${kind}.`);
    const { Fields = [], Interfaces = [] } = this.types.get(name) ?? {};
    const own = new Map((definition.Fields ?? []).map((field) => [field.Name, field]));
    for (const required of Fields) {
      const found = own.get(required.Name);
      if (!found) throw invalid(`${definition.Name} must have ${required.Name} to implement ${name}.`);
      if (!this.isCovariant(required.Type, found.Type))
        throw invalid(`${definition.Name}.${required.Name} has another type than ${name} requires.`);
      checkArgumentsAgree(required, found);
    }
    const missing = Interfaces.find((each) => definition.Interfaces?.includes(each) !== true);
    if (missing !== undefined)
      throw invalid(
        `Type ${definition.Name} must implement ${missing} because it is implemented by ${name}.`,
      );
  }

  private isCovariant(required: Type | undefined, actual: Type | undefined): boolean {
    if (!required || !actual) return false;
    if (required.NonNull && !actual.NonNull) return false;
    if (required.NamedType !== '')
      return (
        required.NamedType === actual.NamedType ||
        this.possible.get(required.NamedType)?.has(actual.NamedType) === true
      );
    return this.isCovariant(required.Elem, actual.Elem);
  }

  /** Input objects that contain themselves through fields that cannot be null. */
  private checkInputCycles(): void {
    const done = new Set<string>();
    const open = new Set<string>();
    const visit = (name: string): void => {
      if (done.has(name)) return;
      done.add(name);
      open.add(name);
      for (const { Type: type } of this.types.get(name)?.Fields ?? []) {
        if (type?.NonNull !== true || this.kindOf(type.NamedType) !== 'INPUT_OBJECT') continue;
        if (open.has(type.NamedType))
          throw invalid(`Cannot reference Input Object "${type.NamedType}" within itself.`);
        visit(type.NamedType);
      }
      open.delete(name);
    };
    for (const [name, { Kind }] of this.types) if (Kind === 'INPUT_OBJECT') visit(name);
  }
}

function checkArgumentsAgree(required: Field, found: Field): void {
  const own = new Map((found.Arguments ?? []).map((argument) => [argument.Name, argument]));
  for (const argument of required.Arguments ?? [])
    if (!isCompatible(argument.Type, own.get(argument.Name)?.Type))
      throw invalid(`The field ${found.Name} must have the argument ${argument.Name} of the same type.`);
  const asked = new Set(required.Arguments?.map((argument) => argument.Name));
  for (const [name, { Type: type, DefaultValue }] of own)
    if (!asked.has(name) && type?.NonNull === true && !DefaultValue)
      throw invalid(`Any additional argument on ${found.Name} must be optional, but ${name} is required.`);
}

/** gqlparser's `Type.IsCompatible`. */
function isCompatible(type: Type | undefined, other: Type | undefined): boolean {
  if (!type || !other) return false;
  if (type.NamedType !== other.NamedType) return false;
  if (type.Elem && !isCompatible(type.Elem, other.Elem)) return false;
  return !other.NonNull || type.NonNull;
}

const nameOf = (type: Type | undefined): string =>
  type === undefined ? '' : type.NamedType !== '' ? type.NamedType : nameOf(type.Elem);

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

const invalid = (message: string): BuiltinError =>
  new BuiltinError(`Error in gqlparser SchemaDocument to Schema conversion: ${message}`);
