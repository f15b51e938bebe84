import { z } from 'zod';
import { canonicalJson, type JsonObject, type JsonValue } from '../kernel/canonical-json.js';
import { parseRfc3339, toRfc3339, type Instant } from '../kernel/clock.js';
import { parseDigest, type Digest } from '../kernel/digest.js';
import { failed, ok, type Result } from '../kernel/result.js';
import { ENTRY_KINDS, type EntryFacts, type EntryKind, type EntrySubject } from './entry.js';
import type { Pseudonym } from './pseudonym.js';
import { FACTS, predicateTypeOf, STATEMENT_TYPE, type PersonalCommitment } from './statement.js';

/** An entry as its statement tells it: what readers, KPIs and replay work from. */
export interface RecordedEntry {
  readonly orgId: string;
  readonly kind: EntryKind;
  readonly actor: Pseudonym | 'system';
  /** Whom it concerns beside the actor, by the part they play. */
  readonly persons: Readonly<Record<string, Pseudonym>>;
  readonly subjects: readonly EntrySubject[];
  readonly facts: EntryFacts;
  /** The other members of the predicate: of a decision, its verification summary. */
  readonly verdictSummary: JsonObject;
  readonly personal: readonly PersonalCommitment[];
  /** 32 hex digits. */
  readonly idempotencyKey: string;
  /** 64 hex digits. */
  readonly contentDigest: string;
}

export interface StatementInvalid {
  readonly kind: 'StatementInvalid';
  readonly detail: string;
}

const digest = z
  .string()
  .refine((text) => parseDigest(text).ok, 'not a digest')
  .transform((text) => text as Digest);
const instant = z.string().transform((text, context): Instant => {
  const parsed = parseRfc3339(text);
  if (parsed !== undefined && toRfc3339(parsed) === text) return parsed;
  context.addIssue({ code: 'custom', message: 'not a UTC time in milliseconds' });
  return z.NEVER;
});
const text = z.string();
const pseudonym = z
  .string()
  .regex(/^p_[0-9a-f]{32}$/)
  .transform((given) => given as Pseudonym);
const texts = z.array(text);
const json = z.record(text, z.json());

const agentHeader = z.strictObject({
  agentId: text,
  modelName: text,
  modelVersion: text,
  temperature: text,
  presetId: text,
  promptHash: text,
});

const FACTS_SHAPE = z.strictObject({
  orgId: text,
  kind: z.enum(ENTRY_KINDS),
  actor: z.union([z.literal('system'), pseudonym]),
  persons: z.record(text, pseudonym).optional(),
  idempotencyKey: z.string().regex(/^[0-9a-f]{32}$/),
  contentDigest: z.string().regex(/^[0-9a-f]{64}$/),
  personal: z.array(z.strictObject({ subject: pseudonym, commitment: digest, ciphertext: digest })),
  tsStart: instant,
  tsEnd: instant,
  projectId: text.optional(),
  caseId: text.optional(),
  actId: text.optional(),
  gateId: text.optional(),
  role: text.optional(),
  artId: text.optional(),
  result: text.optional(),
  severity: text.optional(),
  artefactDigest: digest.optional(),
  checklistVersion: text.optional(),
  waiverIds: texts.optional(),
  stateBefore: text.optional(),
  stateAfter: text.optional(),
  policyDigests: z.array(digest).optional(),
  evidenceDigests: z.array(digest).optional(),
  waiverSetDigest: digest.optional(),
  asOf: instant.optional(),
  decisionId: text.optional(),
  authTime: z.number().optional(),
  amr: texts.optional(),
  agent: agentHeader.optional(),
  actingAgent: agentHeader.optional(),
  details: json,
});

const STATEMENT = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.strictObject({ name: text, digest: z.record(text, text) })).min(1),
  predicateType: text,
  predicate: z.looseObject({ [FACTS]: FACTS_SHAPE }),
});

/** Reads a statement back. Strict: unknown members, another predicate type or text that is not canonical are refused. */
export function readStatement(statement: string): Result<RecordedEntry, StatementInvalid> {
  const value = parseJson(statement);
  if (value === undefined) return invalid('not canonical JSON');
  const parsed = STATEMENT.safeParse(value);
  if (!parsed.success) return invalid(z.prettifyError(parsed.error));
  const { subject, predicateType, predicate } = parsed.data;
  const { [FACTS]: own, ...verdictSummary } = predicate;
  const { orgId, kind, actor, persons = {}, personal, idempotencyKey, contentDigest, ...facts } = own;
  if (predicateType !== predicateTypeOf(kind))
    return invalid(`${predicateType} is not the predicate of ${kind}`);
  const subjects: EntrySubject[] = [];
  for (const { name, digest: byAlgorithm } of subject) {
    const [named, ...more] = Object.entries(byAlgorithm).map(([algorithm, hex]) =>
      parseDigest(`${algorithm}:${hex}`),
    );
    if (!named?.ok || more.length > 0) return invalid(`subject ${name} needs exactly one digest`);
    subjects.push({ name, digest: named.value });
  }
  return ok({
    orgId,
    kind,
    actor,
    persons,
    subjects,
    facts: facts as EntryFacts, // zod types an absent member as possibly undefined; it leaves absent members absent
    verdictSummary: verdictSummary as JsonObject,
    personal,
    idempotencyKey,
    contentDigest,
  });
}

/** Undefined unless the text is JSON in its canonical form (which also means: no key twice). */
function parseJson(canonical: string): JsonValue | undefined {
  try {
    const value = JSON.parse(canonical) as JsonValue;
    return canonicalJson(value) === canonical ? value : undefined;
  } catch {
    return undefined;
  }
}

const invalid = (detail: string) => failed({ kind: 'StatementInvalid', detail } as const);
