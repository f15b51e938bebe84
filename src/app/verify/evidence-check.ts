import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { BlobStore } from '../../kernel/blob.js';
import { digestFrom, sha256, type Digest } from '../../kernel/digest.js';
import type { RecordedEntry } from '../../ledger/recorded-entry.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import { pageThrough } from './page-through.js';

const receivedFacts = z.looseObject({
  evidenceId: z.string(),
  receivedDigest: z.string(),
  sizeBytes: z.number(),
  maskedCount: z.number(),
  source: z.string(),
  collectedAt: z.string(),
});
const normalisedFacts = z.looseObject({
  evidenceId: z.string(),
  documentDigest: z.string(),
  normaliser: z.string(),
});

interface Row {
  readonly cursor: string;
  readonly orgId: string;
  readonly storedDigest: string;
  readonly documentDigest: string | null;
  readonly artId: string;
  readonly artefactDigest: string;
  readonly receivedDigest: string;
  readonly sizeBytes: string;
  readonly maskedCount: number;
  readonly source: string;
  readonly collectedAt: Date;
  readonly normaliser: string | null;
}

/** Two entries tell of one piece of evidence: how it came, and what its normal form is. */
interface Told {
  readonly seq: number;
  readonly received: Readonly<Record<string, string>>;
  readonly document: string | null;
}

const QUERY = `
  SELECT e.evidence_id::text AS cursor, e.org_id AS "orgId", e.stored_digest AS "storedDigest",
         e.art_id AS "artId", e.artefact_digest AS "artefactDigest", e.received_digest AS "receivedDigest",
         e.size_bytes AS "sizeBytes", e.masked_count AS "maskedCount", e.source, e.collected_at AS "collectedAt",
         r.document_digest AS "documentDigest", r.normaliser
    FROM assay.evidence e LEFT JOIN assay.evidence_report r ON r.evidence_id = e.evidence_id
   WHERE e.evidence_id::text > $1 ORDER BY e.evidence_id::text LIMIT $2`;

/** Custody rows and reports against their entries, and every stored byte against its digest. */
export const evidenceCheck =
  (manager: EntityManager, blobs: BlobStore): DomainCheck =>
  async (entries) => {
    const told = new Map<string, Told>();
    for await (const { seq, recorded } of entries) readEntry(told, seq, recorded);

    const findings: Finding[] = [];
    for await (const row of pageThrough<Row>(manager, QUERY)) {
      const entry = told.get(row.cursor);
      told.delete(row.cursor);
      findings.push(...compare(row, entry), ...(await compareBytes(row, blobs, entry?.seq)));
    }
    for (const [evidenceId, { seq }] of told)
      findings.push({ what: 'evidence', seq, detail: `evidence ${evidenceId}: the row is missing` });
    return findings;
  };

/** Details that do not have their form are of a changed statement, which is a finding of its own: they tell nothing. */
function readEntry(told: Map<string, Told>, seq: number, { kind, facts, subjects }: RecordedEntry): void {
  if (kind === 'evidence.received') {
    const details = receivedFacts.safeParse(facts.details);
    if (!details.success) return;
    const { evidenceId, receivedDigest, sizeBytes, maskedCount, source, collectedAt } = details.data;
    const storedDigest = subjects.find(({ name }) => name === 'evidence')?.digest ?? '';
    const received = {
      artId: facts.artId ?? '',
      artefactDigest: facts.artefactDigest ?? '',
      storedDigest,
      receivedDigest,
      sizeBytes: String(sizeBytes),
      maskedCount: String(maskedCount),
      source,
      collectedAt,
    };
    told.set(evidenceId, { seq, received, document: null });
  }
  if (kind === 'evidence.normalised') {
    const details = normalisedFacts.safeParse(facts.details);
    if (!details.success) return;
    const { evidenceId, documentDigest, normaliser } = details.data;
    const before = told.get(evidenceId);
    if (before) told.set(evidenceId, { ...before, document: `${normaliser} ${documentDigest}` });
  }
}

function compare(row: Row, told: Told | undefined): Finding[] {
  const name = `evidence ${row.cursor} (${row.storedDigest})`;
  if (!told) return [{ what: 'evidence', detail: `${name}: no entry records it` }];
  const { seq } = told;
  const columns: Readonly<Record<string, string>> = {
    artId: row.artId,
    artefactDigest: row.artefactDigest,
    storedDigest: row.storedDigest,
    receivedDigest: row.receivedDigest,
    sizeBytes: row.sizeBytes,
    maskedCount: String(row.maskedCount),
    source: row.source,
    collectedAt: row.collectedAt.toISOString(),
  };
  const changed = Object.entries(columns).flatMap(([column, value]) =>
    told.received[column] === value ? [] : [column],
  );
  const report = row.documentDigest === null ? null : `${row.normaliser ?? ''} ${row.documentDigest}`;
  if (report !== told.document) changed.push('report');
  if (changed.length === 0) return [];
  return [{ what: 'evidence', seq, detail: `${name}: changed in ${changed.join(', ')}` }];
}

async function compareBytes(row: Row, blobs: BlobStore, seq: number | undefined): Promise<Finding[]> {
  const findings: Finding[] = [];
  const found = (digest: string, what: string): void => {
    const detail = `blob ${digest}: ${what}`;
    findings.push({ what: 'blob', ...(seq === undefined ? {} : { seq }), detail });
  };
  for (const text of [row.storedDigest, row.documentDigest]) {
    if (text === null) continue;
    const digest: Digest = digestFrom(text);
    const bytes = await blobs.get(row.orgId, digest);
    if (!bytes) found(text, 'the bytes are missing');
    else if (sha256(bytes) !== digest) found(text, 'the bytes were changed');
  }
  return findings;
}
