import type { EntityManager } from 'typeorm';
import { sha256 } from '../../kernel/digest.js';
import type { RecordedEntry } from '../../ledger/recorded-entry.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import { collecting } from './collecting.js';
import {
  SELECT_RETIREMENTS,
  SELECT_REVIEWS,
  SELECT_REVISIONS,
  type RetirementRow,
  type ReviewRow,
  type RevisionRow,
} from '../../policy/draft/record.read.pg.js';
import {
  outcomeDigest,
  retirementDigest,
  reviewDigest,
  revisionDigest,
  type ReviewRecord,
} from '../../policy/draft/draft.js';
import { subjectOf } from '../../policy/draft/entry.js';
import { pageThrough } from './page-through.js';

/** What the entries say: the digest of each thing by its name, and where that stands. */
type Told = Map<string, { readonly digest: string; readonly seq: number }>;

/** No digest: that the row is there is all that is asked. */
type Compare = (orgId: string, name: string, digest: string | undefined) => void;

const KINDS: ReadonlySet<string> = new Set([
  'policy.draft-saved',
  'policy.draft-discarded',
  'policy.review-requested',
  'policy.reviewed',
  'policy.retired',
]);

/** Rebuilds the work on every policy – revisions, reviews, verdicts, retirements – and compares it with the rows. */
export function draftCheck(manager: EntityManager): DomainCheck {
  const told: Told = new Map();
  return collecting(
    ({ seq, recorded }) => {
      readEntry(told, seq, recorded);
    },
    () => compareRows(manager, told),
  );
}

async function compareRows(manager: EntityManager, told: Told): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const compare = comparison(told, findings);
  for await (const { revision } of rows<RevisionRow>(manager, SELECT_REVISIONS, 'revision')) {
    const { orgId, policyId, content } = revision;
    const name = subjectOf.revision(policyId, revision.revision);
    compare(orgId, name, revisionDigest(revision));
    if (content && sha256(content.text) !== content.digest)
      findings.push({ what: 'policy', detail: `${name}: the list of its files was changed` });
  }
  for await (const { record } of rows<ReviewRow>(manager, SELECT_REVIEWS, 'record'))
    compareReview(record, compare, findings);
  for await (const { retirement } of rows<RetirementRow>(manager, SELECT_RETIREMENTS, 'retirement')) {
    const { orgId, policyId, version } = retirement;
    compare(orgId, subjectOf.retirement(policyId, version), retirementDigest(retirement));
  }
  for (const [key, { seq }] of told)
    findings.push({ what: 'policy', seq, detail: `${key.split(' ')[1] ?? key}: the row is missing` });
  return findings;
}

const comparison =
  (told: Told, findings: Finding[]): Compare =>
  (orgId, name, digest) => {
    const key = `${orgId} ${name}`;
    const known = told.get(key);
    told.delete(key);
    if (!known) findings.push({ what: 'policy', detail: `${name}: no entry records it` });
    else if (digest !== undefined && known.digest !== digest)
      findings.push({
        what: 'policy',
        seq: known.seq,
        detail: `${name}: it was changed after it was recorded`,
      });
  };

function readEntry(told: Told, seq: number, { orgId, kind, subjects }: RecordedEntry): void {
  if (!KINDS.has(kind)) return;
  for (const { name, digest } of subjects) {
    const isRow = /^policy-(revision|review|review-outcome|retirement)\//.test(name);
    const key = `${orgId} ${name}`;
    // A verdict names its review once more: what counts is the request.
    if (isRow && !told.has(key)) told.set(key, { digest, seq });
  }
}

function compareReview({ review, outcomes }: ReviewRecord, compare: Compare, findings: Finding[]): void {
  const name = subjectOf.review(review.reviewId);
  const before = findings.length;
  compare(review.orgId, name, reviewDigest(review));
  if (sha256(review.content.text) !== review.content.digest)
    findings.push({ what: 'policy', detail: `${name}: the list of its files was changed` });
  // Every verdict's digest covers the review: one changed review must not look like many changed verdicts.
  const whole = findings.length === before;
  for (const outcome of outcomes)
    compare(
      review.orgId,
      subjectOf.outcome(review.reviewId, outcome.ordinal),
      whole ? outcomeDigest(review, outcome) : undefined,
    );
}

/** All rows of a query, a page at a time, in the order of the digests of their texts: any order that is one will do. */
const rows = <Row extends object>(
  manager: EntityManager,
  select: string,
  column: string,
): AsyncIterable<Row & { readonly cursor: string }> =>
  pageThrough(
    manager,
    `SELECT ${column}, cursor FROM (SELECT ${column}, ${column}::text AS cursor FROM (${select}) s) c
      WHERE cursor > $1 ORDER BY cursor LIMIT $2`,
  );
