import type { EntityManager } from 'typeorm';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BlobStore } from '../../kernel/blob.js';
import { canonicalJson, type JsonValue } from '../../kernel/canonical-json.js';
import { digestFrom, sha256, type Digest } from '../../kernel/digest.js';
import { decodeDocument } from '../../formats/model/document.js';
import { isUuid } from '../../kernel/id.js';
import type { CheckedEntry, DomainCheck, Finding } from '../../ledger/verify.js';

const evidenceFacts = z.looseObject({ evidenceId: z.string().refine(isUuid) });

interface Row {
  readonly evidenceId: string;
  readonly orgId: string;
  readonly storedDigest: string;
  readonly artId: string;
  readonly artefactDigest: string;
  readonly receivedDigest: string;
  readonly sizeBytes: string;
  readonly maskedCount: number;
  readonly declaredFormat: string | null;
  readonly source: string;
  readonly collectedAt: Date;
  readonly toolRun: JsonValue;
  readonly encoding: string | null;
  readonly part: JsonValue;
}

interface ReportRow {
  readonly evidenceId: string;
  readonly orgId: string;
  readonly documentDigest: string;
  readonly normaliser: string;
  readonly format: string;
  readonly kinds: JsonValue;
  readonly state: string;
  readonly reasons: readonly { readonly code: string }[];
  readonly tools: JsonValue;
  readonly formatVersion: string | null;
}

const EVIDENCE = `
  SELECT evidence_id AS "evidenceId", org_id AS "orgId", stored_digest AS "storedDigest", art_id AS "artId",
         artefact_digest AS "artefactDigest", received_digest AS "receivedDigest", size_bytes AS "sizeBytes",
         masked_count AS "maskedCount", declared_format AS "declaredFormat", source,
         collected_at AS "collectedAt", tool_run AS "toolRun", encoding,
         CASE WHEN num_nonnulls(part_set, part_number, part_of) > 0
              THEN jsonb_build_object('set', part_set, 'part', part_number, 'of', part_of) END AS part
    FROM assay.evidence WHERE evidence_id = ANY ($1)`;
const REPORT = `
  SELECT evidence_id AS "evidenceId", org_id AS "orgId", document_digest AS "documentDigest", normaliser, format,
         kinds, state, reasons, tools, format_version AS "formatVersion"
    FROM assay.evidence_report WHERE evidence_id = ANY ($1)`;

/**
 * Custody rows and reports against their entries, and every stored byte against its digest. Rows without an
 * entry are the link check's.
 */
export const evidenceCheck = (manager: EntityManager, blobs: BlobStore): DomainCheck => ({
  standsAlone: true,
  read: async (page) => {
    const findings: Finding[] = [];
    for (const kind of ['evidence.received', 'evidence.normalised'] as const) {
      const told = page.filter((entry) => entry.recorded.kind === kind && idOf(entry) !== undefined);
      if (told.length === 0) continue;
      const received = kind === 'evidence.received';
      const rows = await manager.query<(Row | ReportRow)[]>(received ? EVIDENCE : REPORT, [told.map(idOf)]);
      for (const entry of told) {
        const mine = rows.filter(({ evidenceId }) => evidenceId === idOf(entry));
        // A newer normaliser may have made another report of the same bytes.
        const row = received ? mine[0] : mine.find((each) => isReportOf(each as ReportRow, entry));
        const wrong = compareSafely(entry, row, received);
        // What the row names is only worth looking for where it is what was recorded.
        findings.push(...wrong, ...(wrong.length > 0 ? [] : await compareBytes(entry, row, blobs)));
      }
    }
    return findings;
  },
  finish: () => Promise.resolve([]),
});

/** Undefined for details without their form: they are of a changed statement, which is a finding of its own. */
function idOf({ recorded }: CheckedEntry): string | undefined {
  const details = evidenceFacts.safeParse(recorded.facts.details);
  return details.success ? details.data.evidenceId : undefined;
}

const isReportOf = ({ normaliser }: ReportRow, { recorded }: CheckedEntry): boolean =>
  normaliser === recorded.facts.details['normaliser'];

/** A column that cannot even be read was changed: a finding, not the end of the pass. */
function compareSafely(entry: CheckedEntry, row: Row | ReportRow | undefined, received: boolean): Finding[] {
  try {
    return compare(entry, row, received);
  } catch {
    const detail = `evidence ${idOf(entry) ?? ''}: changed so that it cannot be read`;
    return [{ what: 'evidence', seq: entry.seq, detail }];
  }
}

function compare(entry: CheckedEntry, row: Row | ReportRow | undefined, received: boolean): Finding[] {
  const { seq, recorded } = entry;
  const digest = recorded.subjects.find(({ name: each }) => each === 'evidence')?.digest;
  const name = `evidence ${idOf(entry) ?? ''}${digest === undefined ? '' : ` (${digest})`}`;
  const found = (detail: string): Finding[] => [{ what: 'evidence', seq, detail: `${name}: ${detail}` }];
  if (!row) return found(received ? 'the row is missing' : 'the row of its report is missing or was changed');
  const [stored, stated] = received ? custodyOf(row as Row, entry) : reportOf(row as ReportRow, entry);
  const changed = Object.keys(stored).filter(
    (column) => canonicalJson(stored[column] ?? null) !== canonicalJson(stated[column] ?? null),
  );
  if (row.orgId !== recorded.orgId) changed.push('orgId');
  return changed.length === 0 ? [] : found(`changed in ${changed.join(', ')}`);
}

type Columns = Readonly<Record<string, JsonValue>>;

/** What the custody row says, and what its entry does. */
function custodyOf(row: Row, { recorded: { facts, subjects } }: CheckedEntry): [Columns, Columns] {
  const { evidenceId: _, orgId: __, ...columns } = row;
  const { details } = facts;
  return [
    { ...columns, collectedAt: row.collectedAt.toISOString(), sizeBytes: Number(row.sizeBytes) },
    {
      ...details,
      artId: facts.artId ?? null,
      artefactDigest: facts.artefactDigest ?? null,
      storedDigest: subjects.find(({ name }) => name === 'evidence')?.digest ?? null,
    },
  ];
}

function reportOf(row: ReportRow, { recorded: { facts } }: CheckedEntry): [Columns, Columns] {
  const { evidenceId: _, orgId: __, formatVersion: ___, reasons, ...columns } = row;
  return [
    { ...columns, reasons: reasons.map(({ code }) => code) },
    // Entries of earlier releases do not name the tools, and neither do their rows.
    { tools: [], ...facts.details, state: facts.result ?? null },
  ];
}

async function compareBytes(
  { seq }: CheckedEntry,
  row: Row | ReportRow | undefined,
  blobs: BlobStore,
): Promise<Finding[]> {
  if (!row) return [];
  if ('storedDigest' in row)
    return badBlob(seq, row.storedDigest, await hashOf(blobs, row, row.storedDigest));
  const document = await blobs.get(row.orgId, digestFrom(row.documentDigest));
  const bad = badBlob(seq, row.documentDigest, document && sha256(document));
  if (!document || bad.length > 0) return bad;
  const found: Finding[] = compareVersion(seq, row, document);
  for (const { digest } of decodeDocument(document).pages)
    found.push(...badBlob(seq, digest, await hashOf(blobs, row, digest)));
  return found;
}

function badBlob(seq: number, digest: string, actual: Digest | undefined): Finding[] {
  if (actual === digest) return [];
  const detail = `blob ${digest}: the bytes ${actual === undefined ? 'are missing' : 'were changed'}`;
  return [{ what: 'blob', seq, detail }];
}

/** As a stream: evidence may be larger than memory. */
async function hashOf(
  blobs: BlobStore,
  { orgId }: { orgId: string },
  digest: string,
): Promise<Digest | undefined> {
  const blob = await blobs.open(orgId, digestFrom(digest));
  if (!blob) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of blob.bytes) hash.update(chunk);
  return digestFrom(`sha256:${hash.digest('hex')}`);
}

/** The one column of a report that its entry does not state: the document does, whose digest it states. */
function compareVersion(seq: number, row: ReportRow, document: Buffer): Finding[] {
  const { formatVersion } = JSON.parse(document.toString()) as { readonly formatVersion?: unknown };
  return formatVersion === row.formatVersion
    ? []
    : [{ what: 'evidence', seq, detail: `evidence ${row.evidenceId}: changed in formatVersion` }];
}
