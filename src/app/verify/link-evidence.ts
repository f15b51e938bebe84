import { detail, same, type Link } from './link.js';

/** What is judged, and what is known of it. */
export const EVIDENCE_LINKS: readonly Link[] = [
  {
    ...{ table: 'assay.artefact_version', what: 'artefact', kinds: ['artefact.registered'] },
    ...{ at: 'registered_at', by: 'registered_by' },
    name: `'artefact version ' || r.org_id || ' ' || r.art_id || ' ' || r.digest`,
    also: {
      id: 'f.art_id = r.art_id AND f.artefact_digest = r.digest',
      activity: same('r.act_id', 'f.act_id'),
      case: same('r.case_id', 'f.case_id'),
    },
  },
  {
    ...{ table: 'assay.evidence', what: 'evidence', kinds: ['evidence.received'] },
    ...{ at: 'received_at', by: 'uploaded_by' },
    name: `'evidence ' || r.evidence_id`,
    also: { id: `r.evidence_id::text = ${detail('evidenceId')}` },
  },
  {
    ...{
      table: 'assay.evidence_report',
      what: 'evidence',
      kinds: ['evidence.normalised'],
      at: 'normalised_at',
    },
    name: `'report on evidence ' || r.evidence_id || ' by ' || r.normaliser`,
    also: { id: `r.evidence_id::text = ${detail('evidenceId')} AND r.normaliser = ${detail('normaliser')}` },
  },
  {
    ...{ table: 'assay.export', what: 'export', kinds: ['export.requested'] },
    ...{ at: 'requested_at', by: 'requested_by' },
    name: `'export ' || r.export_id`,
    also: { id: `r.export_id::text = ${detail('exportId')}` },
  },
  {
    ...{ table: 'assay.export_pack', what: 'export', kinds: ['export.made'], at: 'made_at' },
    name: `'pack of export ' || r.export_id`,
    also: { id: `r.export_id::text = ${detail('exportId')}` },
  },
  {
    ...{ table: 'assay.scan', what: 'evidence', kinds: ['scan.requested'], owed: true },
    ...{ at: 'requested_at', by: 'requested_by' },
    name: `'scan ' || r.scan_id || ' by ' || r.scanner`,
    also: {
      id: `r.scan_id::text = ${detail('scanId')} AND r.scanner = ${detail('scanner')}`,
      artefact: 'f.art_id = r.art_id AND f.artefact_digest = r.artefact_digest',
      source: `r.source_digest = ${detail('sourceDigest')}`,
      checkout: same('r.checkout', detail('checkout')),
    },
  },
  {
    ...{
      table: 'assay.scan_result',
      what: 'evidence',
      kinds: ['scan.finished'],
      owed: true,
      at: 'finished_at',
    },
    name: `'result of scan ' || r.scan_id || ' by ' || r.scanner`,
    also: {
      id: `r.scan_id::text = ${detail('scanId')} AND r.scanner = ${detail('scanner')}`,
      evidence: `r.evidence_id::text = ${detail('evidenceId')}`,
      outcome: 'r.outcome = f.result',
    },
  },
];
