import type { RegoNumber } from '../value/rego-number.js';
import { RegoObject, type RegoValue } from '../value/rego-value.js';
import type { Draft } from './references.js';

/** A schema with its keywords checked: OPA's internal/gojsonschema, schema.go. */
export interface SubSchema {
  readonly draft: Draft;
  /** What a boolean schema says. */
  pass?: boolean;
  reference?: SubSchema;
  types: readonly string[];
  properties: readonly (readonly [string, SubSchema])[];
  patternProperties: readonly (readonly [string, SubSchema])[];
  additionalProperties?: boolean | SubSchema;
  propertyNames?: SubSchema;
  dependencies: ReadonlyMap<string, readonly string[] | SubSchema>;
  items?: SubSchema | readonly SubSchema[];
  additionalItems?: boolean | SubSchema;
  contains?: SubSchema;
  multipleOf?: RegoNumber;
  minimum?: RegoNumber;
  maximum?: RegoNumber;
  exclusiveMinimum?: RegoNumber;
  exclusiveMaximum?: RegoNumber;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  pattern?: string;
  format?: string;
  required: readonly string[];
  uniqueItems: boolean;
  /** As JSON text, numbers in one spelling. */
  constant?: string;
  enumeration?: readonly string[];
  oneOf: readonly SubSchema[];
  anyOf: readonly SubSchema[];
  allOf: readonly SubSchema[];
  not?: SubSchema;
  condition?: SubSchema;
  then?: SubSchema;
  otherwise?: SubSchema;
}

export const blank = (draft: Draft): SubSchema => ({
  draft,
  types: [],
  properties: [],
  patternProperties: [],
  dependencies: new Map(),
  required: [],
  uniqueItems: false,
  oneOf: [],
  anyOf: [],
  allOf: [],
});

export const hasDraft = (draft: Draft, least: number): boolean => draft === 'hybrid' || draft >= least;

export const isSchema = (value: RegoValue): value is boolean | RegoObject =>
  typeof value === 'boolean' || value instanceof RegoObject;

/** Parses a schema inside another one. */
export type Parse = (child: RegoValue) => SubSchema;
