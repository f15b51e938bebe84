import { z } from 'zod';

/**
 * verified: a configured key signed it. unsigned: a bare statement, which anyone can write. unknown-key: signed,
 * but by nobody we were told to trust; a broken signature of a trusted key looks the same, since the hint that
 * names the key is authenticated by nothing.
 */
export const SIGNATURE_STATES = ['verified', 'unsigned', 'unknown-key'] as const;

/** An in-toto statement about the artefact, matched purely by digest. Only a verified one shows anything. */
export type StatementFact = {
  readonly predicateType: string;
  readonly subjects: readonly { readonly name: string | null; readonly digest: string }[];
  readonly signature: (typeof SIGNATURE_STATES)[number];
  /** Names of the trusted keys that signed it, as configured, sorted. */
  readonly signedBy: readonly string[];
  /** Of a SLSA verification summary: its verifier and result. */
  readonly summary: {
    readonly verifier: string;
    readonly result: 'PASSED' | 'FAILED';
    readonly levels: readonly string[];
  } | null;
};

export const statementSchema = z.strictObject({
  predicateType: z.string(),
  subjects: z.array(z.strictObject({ name: z.string().nullable(), digest: z.string() })),
  signature: z.enum(SIGNATURE_STATES),
  signedBy: z.array(z.string()),
  summary: z
    .strictObject({ verifier: z.string(), result: z.enum(['PASSED', 'FAILED']), levels: z.array(z.string()) })
    .nullable(),
});
