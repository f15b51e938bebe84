import { z } from 'zod';

/** One number of a load test: `http_req_duration`, `ms`, `p95`, 212.4. Units are those of the tool. */
export type Metric = {
  readonly name: string;
  readonly unit: string | null;
  /** `avg`, `min`, `max`, `p50` …, `rate`, `count`. */
  readonly statistic: string;
  readonly value: number;
};

export type LoadTest = {
  readonly requests: number;
  readonly failures: number;
  readonly durationMs: number | null;
  readonly metrics: readonly Metric[];
  /** The tool's own pass marks (k6 thresholds), as it judged them. */
  readonly thresholds: readonly { readonly name: string; readonly passed: boolean }[];
};

const count = z.int().min(0);

export const loadTestSchema = z.strictObject({
  requests: count,
  failures: count,
  durationMs: z.number().min(0).nullable(),
  metrics: z.array(
    z.strictObject({
      name: z.string(),
      unit: z.string().nullable(),
      statistic: z.string(),
      value: z.number(),
    }),
  ),
  thresholds: z.array(z.strictObject({ name: z.string(), passed: z.boolean() })),
});
