import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../kernel/canonical-json.js';
import { digestFrom, parseDigest, type Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { SEVERITIES } from '../waiver/severity.js';
import type { Message } from '../kernel/message.js';
import { gateMessage } from './messages.js';

/** Above this a decision would be too large to sign, send and read: it is not sampled but left undecided. */
export const MAX_VIOLATIONS = 10_000;

const code = z
  .string()
  .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/)
  .max(200);
const params = z.record(z.string().max(100), z.json());
const digest = z
  .string()
  .refine((text) => parseDigest(text).ok)
  .transform((text): Digest => digestFrom(text));

const violation = z.object({
  code,
  params,
  severity: z.enum(SEVERITIES),
  where: z.object({ path: z.string(), line: z.int().min(0).nullable() }).nullable(),
  identity: z.object({ scheme: z.string(), value: z.string(), occurrence: z.int().min(0) }).nullable(),
  /** purl of the component it is about. */
  subject: z.string().nullable(),
  /** The artefact's own where the rule looked at its header. */
  evidence: digest,
});

const gap = z.object({ code, params, evidence: digest.nullable() });

const shape = z.object({
  ruleId: z.string(),
  applicable: z.boolean(),
  violations: z.array(violation),
  gaps: z.array(gap),
  facts: z.record(z.string(), z.json()),
});

/** What a rule found, as its Rego reported it. */
export type RuleReport = z.infer<typeof shape>;
export type RuleViolation = z.infer<typeof violation>;

/**
 * Reads what an entrypoint returned. Anything but a well-formed report of this very rule is our fault and
 * makes the rule an ERROR: a report that is half understood could hide a violation. Members beyond the
 * contract are ignored; required ones are never defaulted.
 */
export function readRuleReport(ruleId: string, value: JsonValue): Result<RuleReport, Message> {
  const parsed = shape.safeParse(value);
  if (!parsed.success) return malformed(parsed.error.issues[0]?.path.join('.') ?? '');
  const report = parsed.data;
  if (report.ruleId !== ruleId) return malformed('ruleId');
  if (!report.applicable && report.violations.length + report.gaps.length > 0) return malformed('applicable');
  try {
    canonicalJson(report);
  } catch {
    return malformed('a value that JSON cannot carry exactly');
  }
  return ok(report.violations.length <= MAX_VIOLATIONS ? report : tooMany(report));
}

const malformed = (where: string): Result<never, Message> =>
  failed(gateMessage('gate.report-malformed', { where: where || 'not an object' }));

function tooMany(report: RuleReport): RuleReport {
  const count = report.violations.length;
  const gap = { code: 'gate.too-many-violations', params: { count, limit: MAX_VIOLATIONS }, evidence: null };
  return { ...report, violations: [], gaps: [...report.gaps, gap] };
}
