import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { BlobStore } from '../../kernel/blob.js';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { isUuid } from '../../kernel/id.js';
import type { CheckedEntry, DomainCheck, Finding } from '../../ledger/verify.js';
import { isAsRecorded } from '../../outbound/export/export-entry.js';
import { recordOf, SELECT_EXPORTS, type ExportRow } from '../../outbound/export/export.read.pg.js';
import type { ExportPack, ExportRecord } from '../../outbound/export/export.js';

const exportFacts = z.looseObject({ exportId: z.string().refine(isUuid) });

/**
 * Evidence packs that were asked for and made: what an auditor was given must be what the entries say was asked, and
 * the bytes that are kept must be those. Rows without an entry are the link check's.
 */
export const exportCheck = (manager: EntityManager, blobs: BlobStore): DomainCheck => ({
  standsAlone: true,
  read: async (page) => {
    const told = page.filter(
      ({ recorded: { kind, facts } }) =>
        (kind === 'export.requested' || kind === 'export.made') &&
        exportFacts.safeParse(facts.details).success,
    );
    if (told.length === 0) return [];
    const rows = await manager.query<ExportRow[]>(`${SELECT_EXPORTS} WHERE x.export_id = ANY ($1)`, [
      told.map(idOf),
    ]);
    const byId = new Map(rows.map((row) => [row.export_id, row]));
    const findings: Finding[] = [];
    for (const entry of told) findings.push(...(await compare(entry, byId.get(idOf(entry)), blobs)));
    return findings;
  },
  finish: () => Promise.resolve([]),
});

const idOf = ({ recorded }: CheckedEntry): string => exportFacts.parse(recorded.facts.details).exportId;

async function compare(
  entry: CheckedEntry,
  row: ExportRow | undefined,
  blobs: BlobStore,
): Promise<Finding[]> {
  const found = (what: 'export' | 'blob', detail: string): Finding[] => [
    { what, seq: entry.seq, detail: `export ${idOf(entry)}: ${detail}` },
  ];
  if (!row) return found('export', 'the row of the request is missing');
  const record = readable(row);
  if (!record) return found('export', 'changed so that it cannot be read');
  if (entry.recorded.kind === 'export.requested')
    return isAsRecorded(record.request, entry.recorded) && record.request.orgId === entry.recorded.orgId
      ? []
      : found('export', 'the request was changed');
  const { pack } = record;
  if (!pack) return found('export', 'the row of the pack is missing or was changed');
  if (!isAsMade(pack, entry)) return found('export', 'the row of the pack was changed');
  const fault = await faultOfBytes(pack, blobs);
  return fault === undefined ? [] : found('blob', `blob ${pack.digest}: ${fault}`);
}

/** A column that cannot even be read was changed: a finding, not the end of the pass. */
function readable(row: ExportRow): ExportRecord | undefined {
  try {
    // The entry of the request is at hand already; that the row names it is checked by its link.
    return recordOf({ ...row, seq: row.seq ?? '0' });
  } catch {
    return undefined;
  }
}

function isAsMade({ digest, sizeBytes, counts }: ExportPack, { recorded: { facts } }: CheckedEntry): boolean {
  const { packDigest, sizeBytes: size, counts: counted } = facts.details;
  return (
    packDigest === digest &&
    size === sizeBytes &&
    canonicalJson(counted ?? null) === canonicalJson({ ...counts })
  );
}

/** Streamed: a pack may not fit into memory. */
async function faultOfBytes({ orgId, digest }: ExportPack, blobs: BlobStore): Promise<string | undefined> {
  const opened = await blobs.open(orgId, digest);
  if (!opened) return 'the bytes are missing';
  const hash = createHash('sha256');
  for await (const chunk of opened.bytes) hash.update(chunk);
  return `sha256:${hash.digest('hex')}` === digest ? undefined : 'the bytes were changed';
}
