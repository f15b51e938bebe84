import { detail, type Link } from './link.js';

/** What was judged where. */
export const GATE_LINKS: readonly Link[] = [
  {
    ...{ table: 'assay.decision', what: 'decision', kinds: ['decision.recorded'], at: 'decided_at' },
    name: `'decision ' || r.decision_id`,
    also: { id: 'f.decision_id = r.decision_id::text' },
  },
  {
    ...{
      table: 'assay.decision_stale',
      what: 'decision',
      kinds: ['decision.stale'],
      at: 'found_at',
      owed: true,
    },
    name: `'staleness of decision ' || r.decision_id || ' for ' || r.cause`,
    also: {
      decision: 'f.decision_id = r.decision_id::text AND f.gate_id = r.gate_id',
      artefact: 'f.art_id = r.art_id AND f.artefact_digest = r.artefact_digest',
      cause: `r.cause_kind = ${detail('cause')} AND r.cause_seq::text IS NOT DISTINCT FROM ${detail('causeSeq')}
        AND r.cause = coalesce('entry:' || r.cause_seq, 'valid-until')`,
    },
  },
  {
    ...{ table: 'assay.gate', what: 'gate', kinds: ['gate.defined'] },
    name: `'gate ' || r.org_id || ' ' || r.gate_id`,
    also: { id: 'f.gate_id = r.gate_id' },
  },
  {
    ...{ table: 'assay.gate_run_step', what: 'gate', at: 'at', by: 'acted_by' },
    kinds: [
      ...(['gate-run.retried', 'gate-run.paused', 'gate-run.resumed'] as const),
      ...(['gate-run.overridden', 'gate-run.rejected', 'gate-run.escalated'] as const),
    ],
    name: `'step ' || r.ordinal || ' of gate run ' || r.run_id`,
    also: {
      kind: `f.kind = 'gate-run.' || r.kind`,
      run: `r.run_id::text = ${detail('runId')} AND r.ordinal::text = ${detail('ordinal')}`,
    },
  },
  {
    ...{ table: 'assay.gate_version', what: 'gate', kinds: ['gate.defined'], at: 'defined_at' },
    name: `'version of gate ' || r.org_id || ' ' || r.gate_id || '@' || r.version`,
    also: { id: `f.gate_id = r.gate_id AND r.version::text = ${detail('version')}` },
  },
];
