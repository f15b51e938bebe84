import { z } from 'zod';
import type { AgentHeader } from '../../kernel/actor.js';

/** One item of a checklist that a person vouches for. `by` is what the file says; custody says who sent it. */
export type Attestation = {
  readonly checklistId: string;
  readonly itemId: string;
  readonly answer: 'yes' | 'no' | 'not-applicable';
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly note: string | null;
  /** Digests of what it rests on. */
  readonly evidence: readonly string[];
};

/** An acceptance criterion and the tests that show it. */
export type Criterion = {
  readonly id: string;
  readonly title: string;
  /** The story it belongs to, an id of the customer's. */
  readonly storyId: string | null;
  readonly tests: readonly {
    readonly suite: string | null;
    readonly classname: string | null;
    readonly name: string;
  }[];
};

/** The header of one run of an AI agent (customer.md): what model governance judges. */
export type AgentRun = Pick<AgentHeader, keyof AgentHeader>;

export const attestationSchema = z.strictObject({
  checklistId: z.string(),
  itemId: z.string(),
  answer: z.enum(['yes', 'no', 'not-applicable']),
  by: z.string(),
  at: z.string(),
  note: z.string().nullable(),
  evidence: z.array(z.string()),
});

export const criterionSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  storyId: z.string().nullable(),
  tests: z.array(
    z.strictObject({ suite: z.string().nullable(), classname: z.string().nullable(), name: z.string() }),
  ),
});

export const agentRunSchema = z.strictObject({
  agentId: z.string(),
  modelName: z.string(),
  modelVersion: z.string(),
  temperature: z.string(),
  presetId: z.string(),
  promptHash: z.string(),
});
