/** An integer of one of Go's types. */
export class GoInt {
  constructor(
    readonly value: bigint,
    readonly type: 'int' | 'int64' | 'uint8' = 'int64',
  ) {}
}

/** A `*big.Int`. */
export class GoBigInt {
  constructor(readonly value: bigint) {}
}

/** A `json.Number`: a number that is kept as its text. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** A value as Go's fmt and text/template see it; a `number` is a float64, null a nil. */
export type GoValue =
  | null
  | boolean
  | number
  | string
  | GoInt
  | GoBigInt
  | JsonNumber
  | readonly GoValue[]
  | ReadonlyMap<string, GoValue>;

export const isList = (value: GoValue): value is readonly GoValue[] => Array.isArray(value);
export const isMap = (value: GoValue): value is ReadonlyMap<string, GoValue> => value instanceof Map;

/** What `%T` says. */
export function goType(value: GoValue): string {
  if (value === null) return '<nil>';
  if (value instanceof GoInt) return value.type;
  if (value instanceof GoBigInt) return '*big.Int';
  if (value instanceof JsonNumber) return 'json.Number';
  if (isList(value)) return '[]interface {}';
  if (isMap(value)) return 'map[string]interface {}';
  return typeof value === 'number' ? 'float64' : typeof value === 'boolean' ? 'bool' : 'string';
}

/** Go orders strings by their bytes, which is by code point. */
export const byBytes = (a: string, b: string): number =>
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
