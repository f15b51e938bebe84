import { z } from 'zod';
import { canonicalJson } from '../kernel/canonical-json.js';
import { parseJson } from '../kernel/strict-json.js';
import { SUPPORTED_FORMATS } from './format.js';

/**
 * The normal form of one evidence file: what rules see in place of SARIF, CycloneDX or a coverage report.
 * Stored as a blob of its own in canonical JSON; derived from the evidence's bytes and derivable again.
 * A change that old readers cannot read gets a new name.
 */
export const DOCUMENT_MODEL = 'assay.evidence/1';

/**
 * COMPLETE: the tool finished and we understood it. INCOMPLETE: the tool says it did not finish. ERROR: it did
 * not run, or the file cannot be read. NOT_MEASURED: 0 of 0. UNKNOWN: present, but nobody understands it.
 * Only COMPLETE can lead to a pass (formats.md §1). The gate adds STALE, which is a matter of time.
 */
export const EVIDENCE_STATES = ['COMPLETE', 'INCOMPLETE', 'ERROR', 'NOT_MEASURED', 'UNKNOWN'] as const;
export type EvidenceState = (typeof EVIDENCE_STATES)[number];

/** The questions a file speaks to. */
export const EVIDENCE_KINDS = ['coverage', 'sast', 'sbom', 'secrets'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** A message code with its facts; rendered in the reader's language elsewhere. */
export type Reason = {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | boolean | null>>;
};

/** `versionFrom: file`: what the file claims, which is often wrong (gitleaks 8.26.0 writes v8.0.0). */
export type ToolFact = {
  readonly name: string;
  readonly version: string | null;
  readonly versionFrom: 'file';
};

export const FINDING_LEVELS = ['error', 'warning', 'note', 'none'] as const;
export type FindingLevel = (typeof FINDING_LEVELS)[number];

/** How the level was found (SARIF §3.27.10); `kind`: the result is not of kind fail, so it has none. */
export const LEVEL_SOURCES = [
  'explicit',
  'kind',
  'override',
  'rule-index',
  'rule-guid',
  'rule-id',
  'default',
] as const;
export type LevelSource = (typeof LEVEL_SOURCES)[number];

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'none', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * The same finding in two runs has the same (scheme, value, occurrence). Strong: it survives a moved line and
 * dies with a changed line. Weak: it rests on the message only. `occurrence` counts equal findings from 0, in
 * the order of the file.
 */
export type FindingIdentity = {
  readonly scheme: string;
  readonly value: string;
  readonly strength: 'strong' | 'weak';
  readonly occurrence: number;
};

export type Finding = {
  readonly kind: 'sast' | 'secret';
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
  /** The tool's own opinion, never a waiver. unknown: it says nothing. none: it says "not suppressed". */
  readonly toolSuppression: 'accepted' | 'underReview' | 'rejected' | 'none' | 'unknown';
  /** RFC 3339 as written (`expiryUtc`, which sarif-sdk honours): the earliest end of that opinion. */
  readonly toolSuppressionExpires: string | null;
  /** absent: was there before and is gone, so it does not count. */
  readonly baseline: 'new' | 'unchanged' | 'updated' | 'absent' | 'unknown';
};

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

export type FileCoverage = { readonly path: string; readonly covered: number; readonly total: number };

/** Integers, compared as integers; a percentage is nobody's input. Never compare two different bases. */
export type Coverage = {
  readonly covered: number;
  readonly total: number;
  readonly basis: 'statement' | 'line' | 'block-statement';
  /** The file's own totals, where it states any; judged by what was recomputed from the files. */
  readonly declared: { readonly covered: number; readonly total: number } | null;
  readonly files: readonly FileCoverage[];
};

/** What the file holds and this document does not, so that nothing is cut in silence. */
export type Dropped = { readonly what: string; readonly count: number; readonly why: string };

export type EvidenceDocument = {
  readonly model: typeof DOCUMENT_MODEL;
  readonly format: (typeof SUPPORTED_FORMATS)[number] | 'unknown';
  readonly formatVersion: string | null;
  readonly kinds: readonly EvidenceKind[];
  readonly state: EvidenceState;
  /** Why the state is what it is, and what else a judge should know. May be non-empty when COMPLETE. */
  readonly reasons: readonly Reason[];
  readonly tools: readonly ToolFact[];
  /**
   * What our reader met, which is information and not a gate: valid = nothing amiss, lenient = harmless
   * departures from the format, invalid = something required is missing or of the wrong type.
   */
  readonly schema: 'valid' | 'lenient' | 'invalid';
  readonly findings: readonly Finding[];
  readonly components: readonly Component[];
  readonly coverage: Coverage | null;
  /** Of the whole file, also where the lists are cut at a limit (the state is then ERROR). */
  readonly counts: { readonly findings: number; readonly components: number };
  readonly dropped: readonly Dropped[];
};

export const MESSAGE_LENGTH = 2000;

/** A document about which nothing is known but what is given; the base every normaliser starts from. */
export function aDocument(
  given: Pick<EvidenceDocument, 'format' | 'kinds' | 'state'> & Partial<EvidenceDocument>,
): EvidenceDocument {
  const findings = given.findings ?? [];
  const components = given.components ?? [];
  return {
    model: DOCUMENT_MODEL,
    formatVersion: null,
    reasons: [],
    tools: [],
    schema: 'valid',
    findings,
    components,
    coverage: null,
    counts: { findings: findings.length, components: components.length },
    dropped: [],
    ...given,
  };
}

const count = z.int().min(0);
const counted = z.strictObject({ covered: count, total: count });

const finding = z.strictObject({
  kind: z.enum(['sast', 'secret']),
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
  identity: z.strictObject({
    scheme: z.string(),
    value: z.string(),
    strength: z.enum(['strong', 'weak']),
    occurrence: count,
  }),
  toolSuppression: z.enum(['accepted', 'underReview', 'rejected', 'none', 'unknown']),
  toolSuppressionExpires: z.string().nullable(),
  baseline: z.enum(['new', 'unchanged', 'updated', 'absent', 'unknown']),
});

const component = z.strictObject({
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

/** The shape of a stored document. */
export const evidenceDocumentSchema: z.ZodType<EvidenceDocument> = z.strictObject({
  model: z.literal(DOCUMENT_MODEL),
  format: z.enum([...SUPPORTED_FORMATS, 'unknown']),
  formatVersion: z.string().nullable(),
  kinds: z.array(z.enum(EVIDENCE_KINDS)),
  state: z.enum(EVIDENCE_STATES),
  reasons: z.array(
    z.strictObject({
      code: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
  tools: z.array(
    z.strictObject({ name: z.string(), version: z.string().nullable(), versionFrom: z.literal('file') }),
  ),
  schema: z.enum(['valid', 'lenient', 'invalid']),
  findings: z.array(finding),
  components: z.array(component),
  coverage: counted
    .extend({
      basis: z.enum(['statement', 'line', 'block-statement']),
      declared: counted.nullable(),
      files: z.array(counted.extend({ path: z.string() })),
    })
    .nullable(),
  counts: z.strictObject({ findings: count, components: count }),
  dropped: z.array(z.strictObject({ what: z.string(), count, why: z.string() })),
});

/** The bytes under which a document is stored and named. */
export const encodeDocument = (document: EvidenceDocument): Uint8Array =>
  Buffer.from(canonicalJson(document));

/** Of bytes that `encodeDocument` wrote; anything else is damage, hence an exception. */
export function decodeDocument(bytes: Uint8Array): EvidenceDocument {
  const parsed = parseJson(bytes);
  if (!parsed.ok) throw new Error(`not an evidence document: ${parsed.problem.detail}`);
  return evidenceDocumentSchema.parse(parsed.value);
}
