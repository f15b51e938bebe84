import { z } from 'zod';
import { Secret } from './secret.js';

/** One environment variable: what the table in docs/OPERATING.md says about it, and how it is read. */
export interface ConfigKey<Value = unknown> {
  readonly name: string;
  readonly description: string;
  /** Of the number or text: bytes, path, URL … */
  readonly unit: string;
  /** As documented; the value itself is in `schema`. */
  readonly default: string;
  readonly schema: z.ZodType<Value, string | undefined>;
}

/** One row; the three texts are description, unit and default. */
export const key = <Value>(
  name: string,
  [description, unit, byDefault]: readonly [string, string, string],
  schema: z.ZodType<Value, string | undefined>,
): ConfigKey<Value> => ({ name, description, unit, default: byDefault, schema });

export const text = z.string().optional();
export const flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .optional();
export const url = (...protocols: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
export const secretUrl = (...protocols: readonly string[]) =>
  url(...protocols)
    .transform((value) => new Secret(value))
    .optional();
/** Refuses what is not a whole number in the range; both ends are in it. */
export const integer = (from: number, to: number) =>
  z
    .string()
    .refine((value) => /^\d{1,15}$/.test(value) && Number(value) >= from && Number(value) <= to, {
      error: `expected a whole number from ${from} to ${to}`,
    })
    .transform(Number);
export const bytes = (byDefault: number) => integer(1024, 2 ** 34).default(byDefault);

export const MIB = 2 ** 20;
