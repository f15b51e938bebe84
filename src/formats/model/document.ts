import { z } from 'zod';
import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import { parseJson } from '../../kernel/strict-json.js';
import { componentSchema, type Component } from './component.js';
import { coverageSchema, upgradedCoverage, type Coverage } from './coverage.js';
import {
  EVIDENCE_KINDS,
  EVIDENCE_STATES,
  type Dropped,
  type EvidenceKind,
  type EvidenceState,
  type Reason,
  type ToolFact,
} from './evidence-state.js';
import { findingSchema, type Finding } from './finding.js';
import {
  aggregateSchema,
  findingPageSchema,
  type FindingAggregate,
  type FindingPage,
} from './finding-page.js';
import {
  agentRunSchema,
  attestationSchema,
  criterionSchema,
  type AgentRun,
  type Attestation,
  type Criterion,
} from './people.js';
import { loadTestSchema, type LoadTest } from './performance.js';
import { sourceSchema, type Source } from './source.js';
import { statementSchema, type StatementFact } from './statement.js';
import { testRunSchema, type TestRun } from './test-run.js';
import { vulnerabilitySchema, type Vulnerability } from './vulnerability.js';

/**
 * The normal form of one evidence file: what rules see in place of SARIF, CycloneDX or a coverage report.
 * Stored as a blob of its own in canonical JSON; derived from the evidence's bytes and derivable again.
 * A change that old readers cannot read gets a new name.
 */
export const DOCUMENT_MODEL = 'assay.evidence/2';
/** Stored by earlier releases and quoted by their decisions: a subset of today's fields. */
const FIRST_MODEL = 'assay.evidence/1';

export type EvidenceDocument = {
  readonly model: typeof DOCUMENT_MODEL;
  /** Name of the reader in `formats/registry.ts`, or `unknown`. */
  readonly format: string;
  readonly formatVersion: string | null;
  /** Sorted, each once. */
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
  /** Of the data the tool judged with (its vulnerability database), RFC 3339; null where nobody says. */
  readonly dataDate: string | null;
  /** In the order of the file. Empty where they are too many: then `pages` hold them. */
  readonly findings: readonly Finding[];
  /** The findings in pages, counted; empty where they stand in `findings`. See `aggregatesOf`. */
  readonly aggregates: readonly FindingAggregate[];
  readonly pages: readonly FindingPage[];
  readonly components: readonly Component[];
  readonly vulnerabilities: readonly Vulnerability[];
  readonly coverage: Coverage | null;
  readonly tests: TestRun | null;
  readonly loadTest: LoadTest | null;
  readonly attestations: readonly Attestation[];
  readonly criteria: readonly Criterion[];
  readonly agentRuns: readonly AgentRun[];
  readonly statements: readonly StatementFact[];
  readonly source: Source | null;
  /** Of the whole file, also where the lists are cut at a limit (the state is then ERROR). */
  readonly counts: {
    readonly findings: number;
    readonly components: number;
    readonly vulnerabilities: number;
  };
  readonly dropped: readonly Dropped[];
};

const NOTHING = {
  dataDate: null,
  findings: [],
  aggregates: [],
  pages: [],
  components: [],
  vulnerabilities: [],
  coverage: null,
  tests: null,
  loadTest: null,
  attestations: [],
  criteria: [],
  agentRuns: [],
  statements: [],
  source: null,
} as const;

/** A document about which nothing is known but what is given; the base every reader starts from. */
export function aDocument(
  given: Pick<EvidenceDocument, 'format' | 'kinds' | 'state'> & Partial<EvidenceDocument>,
): EvidenceDocument {
  const { findings = [], components = [], vulnerabilities = [] } = given;
  return {
    model: DOCUMENT_MODEL,
    formatVersion: null,
    reasons: [],
    tools: [],
    schema: 'valid',
    ...NOTHING,
    counts: {
      findings: findings.length,
      components: components.length,
      vulnerabilities: vulnerabilities.length,
    },
    dropped: [],
    ...given,
  };
}

/** A document that says only why there is nothing to say: unreadable input of a format. */
export const unreadable = (
  format: string,
  kinds: readonly EvidenceKind[],
  reason: Reason,
  state: 'ERROR' | 'UNKNOWN' = 'ERROR',
): EvidenceDocument => aDocument({ format, kinds, state, reasons: [reason], schema: 'invalid' });

const count = z.int().min(0);

/** The shape of a stored document. */
export const evidenceDocumentSchema: z.ZodType<EvidenceDocument> = z.strictObject({
  model: z.literal(DOCUMENT_MODEL),
  format: z.string(),
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
    z.strictObject({
      name: z.string(),
      version: z.string().nullable(),
      versionFrom: z.enum(['file', 'worker']),
    }),
  ),
  schema: z.enum(['valid', 'lenient', 'invalid']),
  dataDate: z.string().nullable(),
  findings: z.array(findingSchema),
  aggregates: z.array(aggregateSchema),
  pages: z.array(findingPageSchema),
  components: z.array(componentSchema),
  vulnerabilities: z.array(vulnerabilitySchema),
  coverage: coverageSchema.nullable(),
  tests: testRunSchema.nullable(),
  loadTest: loadTestSchema.nullable(),
  attestations: z.array(attestationSchema),
  criteria: z.array(criterionSchema),
  agentRuns: z.array(agentRunSchema),
  statements: z.array(statementSchema),
  source: sourceSchema.nullable(),
  counts: z.strictObject({ findings: count, components: count, vulnerabilities: count }),
  dropped: z.array(z.strictObject({ what: z.string(), count, why: z.string() })),
});

/** The bytes under which a document is stored and named. */
export const encodeDocument = (document: EvidenceDocument): Uint8Array =>
  Buffer.from(canonicalJson(document));

/** Of bytes that `encodeDocument` wrote, in this release or an earlier one; anything else is damage, hence an exception. */
export function decodeDocument(bytes: Uint8Array): EvidenceDocument {
  const parsed = parseJson(bytes);
  if (!parsed.ok) throw new Error(`not an evidence document: ${parsed.problem.detail}`);
  return evidenceDocumentSchema.parse(upgraded(parsed.value as JsonObject));
}

function upgraded(stored: JsonObject): unknown {
  if (stored['model'] !== FIRST_MODEL) return { aggregates: [], pages: [], source: null, ...stored };
  const counts = { ...(stored['counts'] as JsonObject), vulnerabilities: 0 };
  const findings = (stored['findings'] as readonly JsonObject[]).map((finding) => ({
    ...finding,
    identity: { ...(finding['identity'] as JsonObject), content: null },
  }));
  const coverage = upgradedCoverage(stored['coverage']);
  return { ...NOTHING, ...stored, model: DOCUMENT_MODEL, counts, findings, coverage };
}
