import { z } from 'zod';

export const TEST_OUTCOMES = ['passed', 'failed', 'error', 'skipped', 'flaky'] as const;

/** One test. (suite, classname, name, occurrence) tells tests of one file apart (formats.md §11). */
export type TestCase = {
  readonly suite: string;
  readonly classname: string | null;
  readonly name: string;
  readonly occurrence: number;
  /** flaky: failed and passed in the same run. */
  readonly outcome: (typeof TEST_OUTCOMES)[number];
  /** Why it did not pass; empty for a pass. At most `MESSAGE_LENGTH` code units. */
  readonly message: string;
  /** Ids of the acceptance criteria it shows, from its properties. */
  readonly criteria: readonly string[];
};

/** Counted from the tests themselves; what the file says of itself is `declared`. */
export type TestRun = {
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
  readonly skipped: number;
  readonly flaky: number;
  readonly declared: { readonly tests: number; readonly failures: number; readonly errors: number } | null;
  /** Every test that did not pass, and every test that shows a criterion. */
  readonly cases: readonly TestCase[];
};

const count = z.int().min(0);

export const testRunSchema = z.strictObject({
  passed: count,
  failed: count,
  errors: count,
  skipped: count,
  flaky: count,
  declared: z.strictObject({ tests: count, failures: count, errors: count }).nullable(),
  cases: z.array(
    z.strictObject({
      suite: z.string(),
      classname: z.string().nullable(),
      name: z.string(),
      occurrence: count,
      outcome: z.enum(TEST_OUTCOMES),
      message: z.string(),
      criteria: z.array(z.string()),
    }),
  ),
});
