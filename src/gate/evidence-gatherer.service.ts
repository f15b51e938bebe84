import type { BlobStore } from '../kernel/blob.js';
import { canonicalJson, type JsonObject } from '../kernel/canonical-json.js';
import { digestFrom, sha256, type Digest } from '../kernel/digest.js';
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

/** A document with its counts. */
interface Opened {
  readonly item: JudgedEvidence;
  readonly document: JsonObject;
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
    /** What was read and parsed already, by organisation and digest; absent: nothing is kept. */
    private readonly read?: Map<string, Promise<Result<JsonObject, EvidenceUnreadable>>>,
  ) {}

  /** One that reads and parses each blob once, for questions that are asked together. It is thrown away with them. */
  sharing(): EvidenceGatherer {
    return new EvidenceGatherer(this.blobs, new Map());
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
      const document = parsed.value;
      opened.push({ item, document, aggregates: aggregatesIn(document) });
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
    let sizeBytes = 0;
    for (const each of opened) {
      const findings = await this.findings(orgId, each, wants);
      if (!findings.ok) return findings;
      sizeBytes += Buffer.byteLength(canonicalJson(findings.value));
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
      take(listOf(parsed.value['findings']));
    }
    return ok(inOrder(found));
  }

  private async parsed(
    orgId: string,
    blob: Digest,
    evidence: Digest,
  ): Promise<Result<JsonObject, EvidenceUnreadable>> {
    const name = `${orgId} ${blob} ${evidence}`;
    const known = this.read?.get(name);
    if (known) return known;
    const parsing = this.checked(orgId, blob, evidence).then((bytes) =>
      bytes.ok ? ok(JSON.parse(bytes.value.toString('utf8')) as JsonObject) : bytes,
    );
    this.read?.set(name, parsing);
    return parsing;
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
