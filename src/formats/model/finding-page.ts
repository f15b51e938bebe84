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

interface TraitRow {
  readonly number: number;
  readonly traits: FindingTraits;
  count: number;
}

const areSame = (a: FindingTraits, b: FindingTraits): boolean =>
  a.level === b.level &&
  a.severity === b.severity &&
  a.kind === b.kind &&
  a.baseline === b.baseline &&
  a.toolSuppression === b.toolSuppression;

/** Rows that are looked through one by one, because that is faster than to write their name: most files have fewer. */
const FEW = 8;

/** Counts findings by their traits; `aggregates` is in the order of their names, each once. */
export class TraitCounter {
  private readonly rows = new Map<string, TraitRow>();
  private readonly first: TraitRow[] = [];

  /** Answers the number of its traits: from 0, by first appearance. */
  add(finding: FindingTraits): number {
    for (const row of this.first)
      if (areSame(row.traits, finding)) {
        row.count += 1;
        return row.number;
      }
    const key = traitsKey(finding);
    let row = this.rows.get(key);
    if (!row) {
      row = { number: this.rows.size, traits: traitsOf(finding), count: 0 };
      this.rows.set(key, row);
      if (this.first.length < FEW) this.first.push(row);
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

/** What stands before and behind the findings of a page, which are in canonical JSON, with commas between them. */
export const PAGE_START = '{"findings":[';
export const PAGE_END = `],"model":${canonicalJson(PAGE_MODEL)}}`;

const pageShape = z.strictObject({ findings: z.array(findingSchema), model: z.literal(PAGE_MODEL) });

/** Of bytes that `PageCutter` wrote; anything else is damage, hence an exception. */
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
