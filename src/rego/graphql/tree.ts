import { asInteger } from '../value/rego-number.js';
import { isArray, isNumber, RegoObject, type RegoValue } from '../value/rego-value.js';
import { BuiltinError } from '../value/builtin-error.js';

/**
 * GraphQL documents as OPA shows them: the Go structures of vektah/gqlparser as JSON, with the fields' Go names.
 * Absent members are what Go leaves at null or empty, which OPA prunes.
 */
export interface Comment {
  readonly List: readonly { readonly Value: string }[];
}

/** Index in gqlparser's list of kinds. */
export const enum ValueKind {
  Variable,
  Int,
  Float,
  String,
  Block,
  Boolean,
  Null,
  Enum,
  List,
  Object,
}

export interface Value {
  readonly Raw: string;
  readonly Kind: number;
  readonly Children?: readonly ChildValue[] | undefined;
  readonly Comment?: Comment | undefined;
  readonly ExpectedTypeHasDefault: boolean;
}

export interface ChildValue {
  readonly Name: string;
  readonly Value?: Value | undefined;
  readonly Comment?: Comment | undefined;
}

export interface Argument {
  readonly Name: string;
  readonly Value?: Value | undefined;
  readonly Comment?: Comment | undefined;
}

export interface Directive {
  readonly Name: string;
  readonly Arguments?: readonly Argument[] | undefined;
  readonly Location: string;
}

export interface Type {
  readonly NamedType: string;
  readonly Elem?: Type | undefined;
  readonly NonNull: boolean;
}

export interface Selection {
  readonly Alias?: string;
  readonly Name?: string;
  readonly TypeCondition?: string;
  readonly Arguments?: readonly Argument[] | undefined;
  readonly Directives?: readonly Directive[] | undefined;
  readonly SelectionSet?: readonly Selection[] | undefined;
  readonly Comment?: Comment | undefined;
}

export interface Variable {
  readonly Variable: string;
  readonly Type?: Type | undefined;
  readonly DefaultValue?: Value | undefined;
  readonly Directives?: readonly Directive[] | undefined;
  readonly Comment?: Comment | undefined;
  readonly Used: boolean;
}

export interface Operation {
  readonly Operation: string;
  readonly Name: string;
  readonly VariableDefinitions?: readonly Variable[] | undefined;
  readonly Directives?: readonly Directive[] | undefined;
  readonly SelectionSet?: readonly Selection[] | undefined;
  readonly Comment?: Comment | undefined;
}

export interface Fragment {
  readonly Name: string;
  readonly VariableDefinition?: readonly Variable[] | undefined;
  readonly TypeCondition: string;
  readonly Directives?: readonly Directive[] | undefined;
  readonly SelectionSet?: readonly Selection[] | undefined;
  readonly Comment?: Comment | undefined;
}

export interface Query {
  readonly Operations?: readonly Operation[] | undefined;
  readonly Fragments?: readonly Fragment[] | undefined;
}

interface Described {
  readonly Description: string;
  readonly BeforeDescriptionComment?: Comment | undefined;
  readonly AfterDescriptionComment?: Comment | undefined;
}

/** An argument, or a field of an object, an interface or an input object. */
export interface Field extends Described {
  readonly Name: string;
  readonly Arguments?: readonly Field[] | undefined;
  readonly DefaultValue?: Value | undefined;
  readonly Type?: Type | undefined;
  readonly Directives?: readonly Directive[] | undefined;
}

export interface EnumValue extends Described {
  readonly Name: string;
  readonly Directives?: readonly Directive[] | undefined;
}

/** Also an extension. */
export interface Definition extends Described {
  readonly Kind: string;
  readonly Name: string;
  readonly Directives?: readonly Directive[] | undefined;
  readonly Interfaces?: readonly string[] | undefined;
  readonly Fields?: readonly Field[] | undefined;
  readonly Types?: readonly string[] | undefined;
  readonly EnumValues?: readonly EnumValue[] | undefined;
  readonly BuiltIn: boolean;
  readonly EndOfDefinitionComment?: Comment | undefined;
}

export interface DirectiveDefinition extends Described {
  readonly Name: string;
  readonly Arguments?: readonly Field[] | undefined;
  readonly Locations?: readonly string[] | undefined;
  readonly IsRepeatable: boolean;
}

export interface Root {
  readonly Operation: string;
  readonly Type: string;
  readonly Comment?: Comment | undefined;
}

export interface SchemaDefinition extends Described {
  readonly Directives?: readonly Directive[] | undefined;
  readonly OperationTypes?: readonly Root[] | undefined;
  readonly EndOfDefinitionComment?: Comment | undefined;
}

export interface Schema {
  readonly Schema?: readonly SchemaDefinition[] | undefined;
  readonly SchemaExtension?: readonly SchemaDefinition[] | undefined;
  readonly Directives?: readonly DirectiveDefinition[] | undefined;
  readonly Definitions?: readonly Definition[] | undefined;
  readonly Extensions?: readonly Definition[] | undefined;
  readonly Comment?: Comment | undefined;
}

/** As Rego has it, without what is null or empty: OPA's `pruneIrrelevantGraphQLASTNodes`. */
export function pruned(tree: object): RegoObject {
  return (valueOf(tree) as RegoObject | undefined) ?? new RegoObject([]);
}

function valueOf(tree: unknown): RegoValue | undefined {
  if (Array.isArray(tree)) {
    const items = tree.map(valueOf).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof tree !== 'object' || tree === null) return tree as RegoValue | undefined;
  const entries = Object.entries(tree).flatMap(([key, item]) => {
    const value = valueOf(item);
    return value === undefined ? [] : [[key, value] as const];
  });
  return entries.length === 0 ? undefined : new RegoObject(entries);
}

/** Reads an object as Go's `json.Unmarshal` does: what is missing is its zero, what is of another kind an error. */
export class Fields {
  constructor(private readonly value: RegoValue) {
    if (!(value instanceof RegoObject) && value !== null) throw new BuiltinError('json: cannot unmarshal');
  }

  text(name: string): string {
    const value = this.get(name);
    if (value === undefined) return '';
    if (typeof value !== 'string') throw new BuiltinError(`json: cannot unmarshal ${name}`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.get(name);
    if (value === undefined) return false;
    if (typeof value !== 'boolean') throw new BuiltinError(`json: cannot unmarshal ${name}`);
    return value;
  }

  integer(name: string): number {
    const value = this.get(name);
    if (value === undefined) return 0;
    const whole = isNumber(value) ? asInteger(value) : undefined;
    if (whole === undefined) throw new BuiltinError(`json: cannot unmarshal ${name}`);
    return Number(whole);
  }

  texts(name: string): readonly string[] | undefined {
    return this.list(name, (item) => {
      if (typeof item !== 'string') throw new BuiltinError(`json: cannot unmarshal ${name}`);
      return item;
    });
  }

  one<T>(name: string, read: (value: RegoValue) => T): T | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : read(value);
  }

  list<T>(name: string, read: (value: RegoValue) => T): readonly T[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (!isArray(value)) throw new BuiltinError(`json: cannot unmarshal ${name}`);
    return value.map(read);
  }

  private get(name: string): RegoValue | undefined {
    return this.value instanceof RegoObject ? (this.value.get(name) ?? undefined) : undefined;
  }
}
