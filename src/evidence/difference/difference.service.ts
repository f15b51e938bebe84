import type { Finding } from '../../formats/model/finding.js';
import { aggregatesOf } from '../../formats/model/finding-page.js';
import type { EvidenceDocument } from '../../formats/model/document.js';
import type { Actor } from '../../kernel/actor.js';
import { digestOf, type JsonObject } from '../../kernel/canonical-json.js';
import type { Digest } from '../../kernel/digest.js';
import type { InvalidCursor, Page, PageRequest } from '../../kernel/page.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { ArtefactRead } from '../artefact.read.js';
import type { EvidenceReport, EvidenceWithReport } from '../evidence.js';
import { inStanding } from '../evidence-sets.js';
import type { EvidenceRead } from '../evidence.read.js';
import type { StoredDocuments } from '../stored-documents.service.js';
import {
  artefactDifference,
  type ArtefactDifference,
  type DifferenceItem,
  type DifferenceSide,
  type DifferenceState,
} from './difference.js';

/** Findings and vulnerabilities of one version. More are refused: half a comparison would call old things new. */
const MAX_COMPARED = 100_000;

export interface VersionName {
  readonly artId: string;
  readonly digest: Digest;
}

export interface DifferenceQuestion {
  readonly artefact: VersionName;
  readonly baseline: VersionName;
  /** Listed are those only; counted are all. Absent or empty: all. */
  readonly states?: readonly DifferenceState[];
}

export type DifferenceProblem =
  | { readonly kind: 'ArtefactNotFound'; readonly artId: string; readonly digest: Digest }
  | { readonly kind: 'EvidencePending'; readonly awaited: readonly Digest[] }
  | {
      readonly kind: 'DifferenceTooLarge';
      readonly digest: Digest;
      readonly count: number;
      readonly limit: number;
    }
  | InvalidCursor;

export interface DifferencePage extends Omit<ArtefactDifference, 'items'> {
  readonly page: Page<DifferenceItem>;
}

/** What is new, unchanged and fixed in an artefact version against another one. Changes nothing. */
export class DifferenceService {
  constructor(
    private readonly artefacts: ArtefactRead,
    private readonly evidence: EvidenceRead,
    private readonly documents: StoredDocuments,
  ) {}

  /** A cursor is of one state of the evidence: once there is more of it, the list begins anew. */
  async between(
    actor: Actor,
    question: DifferenceQuestion,
    page: PageRequest,
  ): Promise<Result<DifferencePage, DifferenceProblem>> {
    const head = await this.received(actor, question.artefact);
    if (!head.ok) return head;
    const baseline = await this.received(actor, question.baseline);
    if (!baseline.ok) return baseline;
    const basis = basisOf(head.value, baseline.value, question.states ?? []);
    const start = page.after === undefined ? 0 : offsetIn(page.after, basis);
    if (start === undefined) return failed({ kind: 'InvalidCursor', given: page.after ?? '' });
    const now = await this.side(actor, question.artefact, head.value);
    if (!now.ok) return now;
    const then = await this.side(actor, question.baseline, baseline.value);
    if (!then.ok) return then;
    const { items, ...found } = artefactDifference(now.value, then.value);
    const states = question.states ?? [];
    const listed = states.length === 0 ? items : items.filter(({ state }) => states.includes(state));
    const end = Math.min(start + page.first, listed.length);
    return ok({
      ...found,
      page: {
        items: listed.slice(start, end),
        totalCount: listed.length,
        endCursor: end > start ? cursorOf(end, basis) : null,
        hasNextPage: end < listed.length,
      },
    });
  }

  private async received(
    { orgId }: Actor,
    version: VersionName,
  ): Promise<Result<readonly Normalised[], DifferenceProblem>> {
    const versions = await this.artefacts.versions(orgId, version.digest, version.artId);
    if (versions.length === 0) return failed({ kind: 'ArtefactNotFound', ...version });
    const received = await this.evidence.forArtefact(orgId, version);
    const awaited = received.flatMap(({ evidence, report }) => (report ? [] : [evidence.storedDigest]));
    if (awaited.length > 0) return failed({ kind: 'EvidencePending', awaited });
    return ok(received.filter((each): each is Normalised => each.report !== null));
  }

  private async side(
    { orgId }: Actor,
    { digest }: VersionName,
    received: readonly Normalised[],
  ): Promise<Result<DifferenceSide, DifferenceProblem>> {
    const read = await Promise.all(
      once(received).map(async ({ evidence, report }) => ({
        ...{ collectedAt: evidence.collectedAt, part: evidence.part, stored: evidence.storedDigest },
        document: await this.documents.document(orgId, report.documentDigest),
      })),
    );
    const count = read.reduce((sum, { document }) => sum + sizeOf(document), 0);
    if (count > MAX_COMPARED)
      return failed({ kind: 'DifferenceTooLarge', digest, count, limit: MAX_COMPARED });
    const states = inStanding(read, ({ document }) => document).map(({ state }) => state as string);
    const side = await Promise.all(
      read.map(async ({ stored, document }, at) => {
        const findings: Finding[] = [];
        for await (const finding of this.documents.findings(orgId, document)) findings.push(finding);
        return { ...document, state: states[at] ?? document.state, digest: stored, findings };
      }),
    );
    return ok(side);
  }
}

type Normalised = EvidenceWithReport & { readonly report: EvidenceReport };

/** The same bytes handed in twice are one piece of evidence, as fresh as their latest collection. */
function once(received: readonly Normalised[]): readonly Normalised[] {
  const latest = new Map<string, Normalised>();
  for (const each of received) {
    const { storedDigest, part, collectedAt } = each.evidence;
    const key = JSON.stringify([storedDigest, each.report.documentDigest, part]);
    const known = latest.get(key);
    if (!known || known.evidence.collectedAt < collectedAt) latest.set(key, each);
  }
  return [...latest.values()];
}

const sizeOf = (document: EvidenceDocument): number =>
  aggregatesOf(document).reduce((sum, { count }) => sum + count, 0) + document.vulnerabilities.length;

const basisOf = (
  head: readonly Normalised[],
  baseline: readonly Normalised[],
  states: readonly DifferenceState[],
): string =>
  digestOf({ head: refs(head), baseline: refs(baseline), states: [...new Set(states)].sort() }).slice(-16);

const refs = (received: readonly Normalised[]): JsonObject[] =>
  received.map(({ evidence, report }) => ({ id: evidence.evidenceId, document: report.documentDigest }));

const cursorOf = (offset: number, basis: string): string =>
  Buffer.from(`${basis}:${String(offset)}`).toString('base64url');

function offsetIn(cursor: string, basis: string): number | undefined {
  const found = /^([0-9a-f]{16}):(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  return found?.[1] === basis ? Number(found[2]) : undefined;
}
