import type { BlobStore } from '../kernel/blob.js';
import { canonicalJson, type JsonObject } from '../kernel/canonical-json.js';
import { digestFrom, sha256, type Digest } from '../kernel/digest.js';
import { LruMap } from '../kernel/lru-map.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { Finding } from '../formats/model/finding.js';
import type { FindingAggregate, FindingPage } from '../formats/model/finding-page.js';
import { orderKey } from '../formats/stream/finding-order.js';
import type { GatheredBaseline } from './baseline.js';
import type { GateInputs } from './decision-input.js';
import {
  admitted,
  aggregatesIn,
  countOf,
  listOf,
  mostNeeding,
  MAX_FINDING_BYTES,
  MAX_FINDINGS,
  needingRules,
  type NeedingRule,
  type TooMany,
  type Wanted,
} from './finding-selection.js';
import type { JudgedEvidence, ReadEvidence } from './subject.js';

/** What the rules of a checklist see, and which of them cannot be asked. */
export interface GatheredEvidence {
  readonly evidence: readonly ReadEvidence[];
  /** Over a limit; by rule. */
  readonly left: ReadonlyMap<NeedingRule, TooMany>;
  /** Where the decision has one. */
  readonly baseline?: GatheredBaseline;
}

/** With what the rules that can be asked look at. */
interface Selected extends Omit<GatheredEvidence, 'baseline'> {
  readonly wants: Wanted;
}

/** A blob is not there, or is not what its digest says. */
export interface EvidenceUnreadable {
  readonly kind: 'EvidenceUnreadable';
  /** The evidence it belongs to. */
  readonly evidence: Digest;
  readonly blob: Digest;
  readonly state: 'MISSING' | 'CHANGED';
}

/** A blob, checked and parsed, with its size as stored. */
interface Parsed {
  readonly value: JsonObject;
  readonly sizeBytes: number;
}
type Reading = Promise<Result<Parsed, EvidenceUnreadable>>;

/** Documents that were checked and parsed before, by organisation and digest: what a digest names does not change. */
export type KeptDocuments = Pick<LruMap<string, Parsed>, 'get' | 'set'>;

/** As many bytes of stored documents; parsed they are some five times that. */
const KEPT_BYTES = 8 * 1024 * 1024;
/** One that is larger would push out many. */
const LARGEST_KEPT = 512 * 1024;

/** For a process that judges much: bills of materials and reports are judged at several gates, and again. */
export const keptDocuments = (): KeptDocuments => new LruMap<string, Parsed>(KEPT_BYTES);

/** A document with its counts. */
interface Opened {
  readonly item: JudgedEvidence;
  readonly document: JsonObject;
  readonly sizeBytes: number;
  readonly aggregates: readonly FindingAggregate[];
}

/**
 * Reads the evidence of a decision as far as its rules look at it: every document, and of their findings those
 * that some rule needs, wherever they are kept. A rule sees the same whether a document holds its findings or
 * refers to pages of them: the exact counts of all, and in one order those that are needed. Pure in its inputs
 * and the blobs they name.
 */
export class EvidenceGatherer {
  constructor(
    private readonly blobs: BlobStore,
    /** Absent: every question reads for itself. */
    private readonly kept?: KeptDocuments,
    /** What is read for questions that are asked together. */
    private readonly read?: Map<string, Reading>,
  ) {}

  /** One that reads and parses each blob once, for questions that are asked together. It is thrown away with them. */
  sharing(): EvidenceGatherer {
    return new EvidenceGatherer(this.blobs, this.kept, new Map());
  }

  async gather(inputs: GateInputs): Promise<Result<GatheredEvidence, EvidenceUnreadable>> {
    const { orgId, checklist, baseline } = inputs;
    const opened = await this.open(orgId, inputs.evidence);
    if (!opened.ok) return opened;
    const selected = await this.select(orgId, opened.value, needingRules(checklist.policies));
    if (!selected.ok) return selected;
    const { wants, evidence, left } = selected.value;
    if (!baseline) return ok({ evidence, left });
    const before = await this.baseline(orgId, baseline.evidence, wants);
    return before.ok ? ok({ evidence, left, baseline: before.value }) : before;
  }

  private async open(
    orgId: string,
    evidence: readonly JudgedEvidence[],
  ): Promise<Result<readonly Opened[], EvidenceUnreadable>> {
    const opened: Opened[] = [];
    for (const item of evidence) {
      const parsed = await this.parsed(orgId, item.documentDigest, item.storedDigest);
      if (!parsed.ok) return parsed;
      const { value: document, sizeBytes } = parsed.value;
      opened.push({ item, document, sizeBytes, aggregates: aggregatesIn(document) });
    }
    return ok(opened);
  }

  /** Held to the same floor as what it is compared with, and to the same limit. */
  private async baseline(
    orgId: string,
    items: readonly JudgedEvidence[],
    wants: Wanted,
  ): Promise<Result<GatheredBaseline, EvidenceUnreadable>> {
    const opened = await this.open(orgId, items);
    if (!opened.ok) return opened;
    const count = countOf(
      opened.value.flatMap(({ aggregates }) => aggregates),
      wants,
    );
    if (count > MAX_FINDINGS)
      return ok({ evidence: [], left: { code: 'gate.too-many-findings', count, limit: MAX_FINDINGS } });
    const evidence: ReadEvidence[] = [];
    for (const each of opened.value) {
      const findings = await this.findings(orgId, each, wants);
      if (!findings.ok) return findings;
      evidence.push(asGathered(each, findings.value));
    }
    return ok({ evidence, left: null });
  }

  /** Leaves out the rule that needs most until what is left fits. */
  private async select(
    orgId: string,
    opened: readonly Opened[],
    rules: readonly NeedingRule[],
  ): Promise<Result<Selected, EvidenceUnreadable>> {
    const aggregates = opened.flatMap((each) => each.aggregates);
    const { wants, left } = admitted(rules, aggregates);
    const evidence: ReadEvidence[] = [];
    // Findings are part of their document: where all documents together are small, nobody need count.
    const mayBeLarge =
      opened.some(({ document }) => 'pages' in document) ||
      2 * opened.reduce((sum, each) => sum + each.sizeBytes, 0) > MAX_FINDING_BYTES;
    let sizeBytes = 0;
    for (const each of opened) {
      const findings = await this.findings(orgId, each, wants);
      if (!findings.ok) return findings;
      if (mayBeLarge) sizeBytes += Buffer.byteLength(canonicalJson(findings.value));
      evidence.push(asGathered(each, findings.value));
    }
    const asked = rules.filter((rule) => !left.has(rule));
    const largest = mostNeeding(asked, aggregates);
    if (sizeBytes <= MAX_FINDING_BYTES || !largest) return ok({ wants, evidence, left });
    const others = rules.filter((rule) => rule !== largest.rule);
    const fewer = await this.select(orgId, opened, others);
    if (!fewer.ok) return fewer;
    const tooMany: TooMany = {
      code: 'gate.too-large-findings',
      count: largest.count,
      limit: MAX_FINDING_BYTES,
    };
    return ok({ ...fewer.value, left: new Map([...fewer.value.left, [largest.rule, tooMany]]) });
  }

  private async findings(
    orgId: string,
    { item, document, aggregates }: Opened,
    wants: Wanted,
  ): Promise<Result<readonly JsonObject[], EvidenceUnreadable>> {
    const found: JsonObject[] = [];
    const take = (findings: readonly JsonObject[]): void => {
      for (const finding of findings) if (wants(finding as unknown as Finding)) found.push(finding);
    };
    take(listOf(document['findings']));
    const wanted = aggregates.map(wants);
    for (const page of listOf(document['pages']) as readonly FindingPage[]) {
      if (!page.counts.some((count, row) => count > 0 && wanted[row])) continue;
      const parsed = await this.parsed(orgId, digestFrom(page.digest), item.storedDigest);
      if (!parsed.ok) return parsed;
      take(listOf(parsed.value.value['findings']));
    }
    return ok(inOrder(found));
  }

  private parsed(orgId: string, blob: Digest, evidence: Digest): Reading {
    const name = `${orgId} ${blob} ${evidence}`;
    const known = this.kept?.get(name);
    if (known) return Promise.resolve(ok(known));
    const reading = this.read?.get(name) ?? this.reading(name, { orgId, blob, evidence });
    this.read?.set(name, reading);
    return reading;
  }

  private async reading(
    name: string,
    { orgId, blob, evidence }: { orgId: string; blob: Digest; evidence: Digest },
  ): Reading {
    const bytes = await this.checked(orgId, blob, evidence);
    if (!bytes.ok) return bytes;
    const sizeBytes = bytes.value.length;
    const parsed = { value: JSON.parse(bytes.value.toString('utf8')) as JsonObject, sizeBytes };
    if (sizeBytes <= LARGEST_KEPT) this.kept?.set(name, parsed, sizeBytes);
    return ok(parsed);
  }

  /** Whoever judges upon bytes checks them: a blob that was changed is not evidence. */
  private async checked(
    orgId: string,
    blob: Digest,
    evidence: Digest,
  ): Promise<Result<Buffer, EvidenceUnreadable>> {
    const bytes = await this.blobs.get(orgId, blob);
    if (bytes && sha256(bytes) === blob) return ok(bytes);
    return failed({ kind: 'EvidenceUnreadable', evidence, blob, state: bytes ? 'CHANGED' : 'MISSING' });
  }
}

/** As pages are; equal findings stay in the order of the file. */
const inOrder = (findings: readonly JsonObject[]): readonly JsonObject[] =>
  findings
    .map((finding) => ({ finding, key: orderKey(finding as unknown as Finding) }))
    .sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1))
    .map(({ finding }) => finding);

/** A document as rules see it. */
function asGathered({ item, document, aggregates }: Opened, findings: readonly JsonObject[]): ReadEvidence {
  const { pages: _, ...rest } = document;
  return { ...item, document: { ...rest, aggregates: [...aggregates], findings } };
}
