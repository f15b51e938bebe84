import { z } from 'zod';

/**
 * OK: `expression` is canonical SPDX and `alternatives` its disjunctive normal form: the licensee may choose
 * one inner list and must then honour every atom of it. Any other state has neither, and never passes a gate.
 */
export type LicenceFact = {
  readonly state: 'OK' | 'UNKNOWN' | 'NONE' | 'NOASSERTION';
  readonly expression: string | null;
  readonly alternatives: readonly (readonly string[])[];
  /** Whose word it is; unmarked: the file does not say. */
  readonly from: 'concluded' | 'declared' | 'unmarked';
  /** Everything the file says about it, the declared beside the concluded, as written. */
  readonly raw: readonly string[];
};

export type Component = {
  readonly purl: string | null;
  readonly name: string;
  readonly version: string | null;
  readonly licence: LicenceFact;
};

export const componentSchema = z.strictObject({
  purl: z.string().nullable(),
  name: z.string(),
  version: z.string().nullable(),
  licence: z.strictObject({
    state: z.enum(['OK', 'UNKNOWN', 'NONE', 'NOASSERTION']),
    expression: z.string().nullable(),
    alternatives: z.array(z.array(z.string())),
    from: z.enum(['concluded', 'declared', 'unmarked']),
    raw: z.array(z.string()),
  }),
});
