import type { EntityManager } from 'typeorm';
import { digestFrom, type Digest } from '../kernel/digest.js';
import { OneByOne, type LookUps } from '../kernel/look-ups.js';
import { digestPrefixes } from './digest-prefix.js';
import type { ToolRun } from '../formats/model/tool-run.js';
import type { EvidenceKind, EvidenceState, Reason, ToolFact } from '../formats/model/evidence-state.js';
import type { Evidence, EvidenceReport, EvidenceWithReport } from './evidence.js';
import type { EvidencePart } from './part.js';
import type { EvidenceRead } from './evidence.read.js';

const EVIDENCE_COLUMNS = `
  e.evidence_id, e.org_id, e.art_id, e.artefact_digest, e.stored_digest, e.received_digest, e.size_bytes,
  e.masked_count, e.declared_format, e.source, e.collected_at, e.received_at, e.uploaded_by, e.entry_key, e.tool_run,
  e.encoding, e.part_set, e.part_number, e.part_of`;

export const SELECT_EVIDENCE = `SELECT ${EVIDENCE_COLUMNS} FROM assay.evidence e`;

/** With the newest report, if there is one. */
const SELECT_WITH_REPORT = `
  SELECT ${EVIDENCE_COLUMNS}, r.format, r.format_version, r.kinds, r.state, r.reasons, r.tools, r.document_digest,
         r.normaliser, r.normalised_at, r.entry_key AS report_key
    FROM assay.evidence e
    LEFT JOIN LATERAL (SELECT * FROM assay.evidence_report one WHERE one.evidence_id = e.evidence_id
                        ORDER BY one.normalised_at DESC, one.normaliser DESC LIMIT 1) r ON true`;
const OLDEST_FIRST = 'ORDER BY e.received_at, e.evidence_id';

export interface EvidenceRow {
  readonly evidence_id: string;
  readonly org_id: string;
  readonly art_id: string;
  readonly artefact_digest: string;
  readonly stored_digest: string;
  readonly received_digest: string;
  readonly size_bytes: string;
  readonly masked_count: number;
  readonly declared_format: string | null;
  readonly source: string;
  readonly collected_at: Date;
  readonly received_at: Date;
  readonly uploaded_by: string;
  readonly entry_key: Buffer;
  readonly tool_run: ToolRun | null;
  readonly encoding: string | null;
  readonly part_set: string | null;
  readonly part_number: number | null;
  readonly part_of: number | null;
}

export interface ReportRow {
  readonly evidence_id: string;
  readonly org_id: string;
  readonly format: string;
  readonly format_version: string | null;
  readonly kinds: readonly EvidenceKind[];
  readonly state: string;
  readonly reasons: readonly Reason[];
  readonly tools: readonly ToolFact[];
  readonly document_digest: string;
  readonly normaliser: string;
  readonly normalised_at: Date;
  readonly report_key: Buffer;
}

type MaybeReportRow = EvidenceRow & (ReportRow | { readonly normaliser: null });

export const evidenceOf = (row: EvidenceRow): Evidence => ({
  evidenceId: row.evidence_id,
  orgId: row.org_id,
  artId: row.art_id,
  artefactDigest: digestFrom(row.artefact_digest),
  storedDigest: digestFrom(row.stored_digest),
  receivedDigest: digestFrom(row.received_digest),
  sizeBytes: Number(row.size_bytes),
  maskedCount: row.masked_count,
  declaredFormat: row.declared_format,
  source: row.source,
  collectedAt: row.collected_at.getTime(),
  receivedAt: row.received_at.getTime(),
  uploadedBy: row.uploaded_by,
  entryKey: row.entry_key,
  toolRun: row.tool_run,
  encoding: row.encoding,
  part: partOf(row),
});

/** All three or none: CHECK evidence_part_whole. */
const partOf = ({ part_set: set, part_number: part, part_of: of }: EvidenceRow): EvidencePart | null =>
  set === null || part === null || of === null ? null : { set, part, of };

export const reportOf = (row: ReportRow): EvidenceReport => ({
  evidenceId: row.evidence_id,
  orgId: row.org_id,
  format: row.format,
  formatVersion: row.format_version,
  kinds: row.kinds,
  state: row.state as EvidenceState, // CHECK evidence_report_state_known
  reasons: row.reasons,
  tools: row.tools,
  documentDigest: digestFrom(row.document_digest),
  normaliser: row.normaliser,
  normalisedAt: row.normalised_at.getTime(),
  entryKey: row.report_key,
});

const withReport = (row: MaybeReportRow): EvidenceWithReport => ({
  evidence: evidenceOf(row),
  report: row.normaliser === null ? null : reportOf(row),
});

export class PgEvidenceRead implements EvidenceRead {
  constructor(
    private readonly manager: EntityManager,
    private readonly lookUps: LookUps = new OneByOne(manager),
  ) {}

  async byId(orgId: string, evidenceId: string): Promise<EvidenceWithReport | undefined> {
    return (await this.select('e.org_id = $1 AND e.evidence_id = $2', [orgId, evidenceId]))[0];
  }

  async forArtefact(
    orgId: string,
    artefact: { artId: string; digest: Digest },
  ): Promise<readonly EvidenceWithReport[]> {
    const rows = await this.lookUps.rows<MaybeReportRow>({
      sql: `${SELECT_WITH_REPORT} WHERE e.org_id = $1 AND e.artefact_digest = $2 AND e.art_id = $3 ${OLDEST_FIRST}`,
      types: ['text', 'text'],
      parameters: [orgId, artefact.digest, artefact.artId],
    });
    return rows.map(withReport);
  }

  async pending(orgId: string, artefact: { artId: string; digest: Digest }): Promise<readonly Evidence[]> {
    const all = await this.forArtefact(orgId, artefact);
    return all.filter(({ report }) => report === null).map(({ evidence }) => evidence);
  }

  byDigest(orgId: string, storedDigest: Digest): Promise<readonly EvidenceWithReport[]> {
    return this.select('e.org_id = $1 AND e.stored_digest = $2', [orgId, storedDigest]);
  }

  async byDigestPrefix(orgId: string, prefix: string, limit: number): Promise<readonly EvidenceWithReport[]> {
    const [start] = digestPrefixes(prefix, ['sha256']);
    if (start === undefined) return [];
    return this.select('e.org_id = $1 AND starts_with(e.stored_digest, $2)', [orgId, start], limit);
  }

  private async select(
    where: string,
    parameters: readonly unknown[],
    limit?: number,
  ): Promise<readonly EvidenceWithReport[]> {
    const rows = await this.manager.query<MaybeReportRow[]>(
      `${SELECT_WITH_REPORT} WHERE ${where} ${OLDEST_FIRST} LIMIT $${String(parameters.length + 1)}`,
      [...parameters, limit ?? null],
    );
    return rows.map(withReport);
  }
}
