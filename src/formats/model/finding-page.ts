import { z } from 'zod';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { parseJson } from '../../kernel/strict-json.js';
import {
  FINDING_KINDS,
  FINDING_LEVELS,
  findingSchema,
  SEVERITIES,
  TOOL_SUPPRESSIONS,
  type Finding,
} from './finding.js';

/** What findings are counted by, and chosen by without reading them. */
export type FindingTraits = Pick<Finding, 'kind' | 'level' | 'severity' | 'baseline' | 'toolSuppression'>;

/** How many findings of a document have these traits. Exact. */
export type FindingAggregate = FindingTraits & { readonly count: number };

/**
 * Some findings of a document that has too many to hold them: a blob of its own, named by its digest, so that
 * the document's digest stands for all of them.
 */
export type FindingPage = {
  readonly digest: string;
  readonly sizeBytes: number;
  /** How many there are of each aggregate of the document, in its order. */
  readonly counts: readonly number[];
};

const PAGE_MODEL = 'assay.findings/1';
const count = z.int().min(0);

export const aggregateSchema: z.ZodType<FindingAggregate> = z.strictObject({
  kind: z.enum(FINDING_KINDS),
  level: z.enum(FINDING_LEVELS),
  severity: z.enum(SEVERITIES),
  baseline: findingSchema.shape.baseline,
  toolSuppression: z.enum(TOOL_SUPPRESSIONS),
  count,
});

export const findingPageSchema: z.ZodType<FindingPage> = z.strictObject({
  digest: z.string(),
  sizeBytes: count,
  counts: z.array(count),
});

const traitsKey = ({ kind, level, severity, baseline, toolSuppression }: FindingTraits): string =>
  `${kind} ${level} ${severity} ${baseline} ${toolSuppression}`;

/** Counts findings by their traits; `aggregates` is in the order of their names, each once. */
export class TraitCounter {
  private readonly rows = new Map<
    string,
    { readonly number: number; readonly traits: FindingTraits; count: number }
  >();

  /** Answers the number of its traits: from 0, by first appearance. */
  add(finding: FindingTraits): number {
    const key = traitsKey(finding);
    const row = this.rows.get(key);
    if (!row) {
      const number = this.rows.size;
      this.rows.set(key, { number, traits: traitsOf(finding), count: 1 });
      return number;
    }
    row.count += 1;
    return row.number;
  }

  /** The number that `add` answered for these traits. */
  numberOf(traits: FindingTraits): number {
    return this.rows.get(traitsKey(traits))?.number ?? 0;
  }

  aggregates(): readonly FindingAggregate[] {
    return [...this.rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { traits, count }]) => ({ ...traits, count }));
  }
}

/** Exact, whether a document holds its findings or refers to them. */
export function aggregatesOf(document: {
  readonly findings: readonly FindingTraits[];
  readonly aggregates: readonly FindingAggregate[];
  readonly pages: readonly FindingPage[];
}): readonly FindingAggregate[] {
  if (document.pages.length > 0) return document.aggregates;
  const counter = new TraitCounter();
  for (const finding of document.findings) counter.add(finding);
  return counter.aggregates();
}

/** The bytes of a page, from the canonical JSON of its findings. */
export const encodePage = (findings: readonly string[]): Buffer =>
  Buffer.from(`{"findings":[${findings.join(',')}],"model":${canonicalJson(PAGE_MODEL)}}`);

const pageShape = z.strictObject({ findings: z.array(findingSchema), model: z.literal(PAGE_MODEL) });

/** Of bytes that `encodePage` wrote; anything else is damage, hence an exception. */
export function decodePage(bytes: Uint8Array): readonly Finding[] {
  const parsed = parseJson(bytes);
  if (!parsed.ok) throw new Error(`not a page of findings: ${parsed.problem.detail}`);
  return pageShape.parse(parsed.value).findings;
}

const traitsOf = ({ kind, level, severity, baseline, toolSuppression }: FindingTraits): FindingTraits => ({
  kind,
  level,
  severity,
  baseline,
  toolSuppression,
});
