import { z } from 'zod';

export const FINDING_KINDS = ['sast', 'secret', 'misconfiguration', 'dast', 'quality', 'licence'] as const;
/** What it is about. Known vulnerabilities of components are not findings but a list of their own. */
export type FindingKind = (typeof FINDING_KINDS)[number];

export const FINDING_LEVELS = ['error', 'warning', 'note', 'none'] as const;
export type FindingLevel = (typeof FINDING_LEVELS)[number];

/**
 * How the level was found (SARIF §3.27.10); `kind`: the result is not of kind fail, so it has none; `tool`: a
 * format without levels, derived from the tool's severity.
 */
export const LEVEL_SOURCES = [
  'explicit',
  'kind',
  'override',
  'rule-index',
  'rule-guid',
  'rule-id',
  'default',
  'tool',
] as const;
export type LevelSource = (typeof LEVEL_SOURCES)[number];

/** One scale for all tools (formats.md §1); `unknown` is a value of its own, and a policy must name it. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'none', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * The same finding in two runs has the same (scheme, value, occurrence). Strong: it survives a moved line and
 * dies with a changed line. Weak: it rests on the message only. `occurrence` counts equal findings from 0, in
 * the order of the file. `content` is the same in a renamed file too; null where nothing but the place and the
 * message is known.
 */
export type FindingIdentity = {
  readonly scheme: string;
  readonly value: string;
  readonly strength: 'strong' | 'weak';
  readonly occurrence: number;
  readonly content: string | null;
};

/** The tool's own opinion, never a waiver. unknown: it says nothing. none: it says "not suppressed". */
export const TOOL_SUPPRESSIONS = ['accepted', 'underReview', 'rejected', 'none', 'unknown'] as const;
export type ToolSuppression = (typeof TOOL_SUPPRESSIONS)[number];

export type Finding = {
  readonly kind: FindingKind;
  readonly tool: string;
  readonly rule: string;
  readonly level: FindingLevel;
  readonly levelFrom: LevelSource;
  readonly severity: Severity;
  readonly severityFrom: 'cvss' | 'tool' | 'level';
  /** At most `MESSAGE_LENGTH` code units; the identity rests on the whole message. */
  readonly message: string;
  /** Repository-relative with forward slashes; null where the file names none or only an absolute one. */
  readonly path: string | null;
  readonly startLine: number | null;
  readonly startColumn: number | null;
  readonly identity: FindingIdentity;
  readonly toolSuppression: ToolSuppression;
  /** RFC 3339 as written (`expiryUtc`, which sarif-sdk honours): the earliest end of that opinion. */
  readonly toolSuppressionExpires: string | null;
  /** absent: was there before and is gone, so it does not count. */
  readonly baseline: 'new' | 'unchanged' | 'updated' | 'absent' | 'unknown';
};

export const MESSAGE_LENGTH = 2000;

const count = z.int().min(0);

export const identitySchema = z.strictObject({
  scheme: z.string(),
  value: z.string(),
  strength: z.enum(['strong', 'weak']),
  occurrence: count,
  content: z.string().nullable(),
});

export const findingSchema = z.strictObject({
  kind: z.enum(FINDING_KINDS),
  tool: z.string(),
  rule: z.string(),
  level: z.enum(FINDING_LEVELS),
  levelFrom: z.enum(LEVEL_SOURCES),
  severity: z.enum(SEVERITIES),
  severityFrom: z.enum(['cvss', 'tool', 'level']),
  message: z.string(),
  path: z.string().nullable(),
  startLine: count.nullable(),
  startColumn: count.nullable(),
  identity: identitySchema,
  toolSuppression: z.enum(TOOL_SUPPRESSIONS),
  toolSuppressionExpires: z.string().nullable(),
  baseline: z.enum(['new', 'unchanged', 'updated', 'absent', 'unknown']),
});
