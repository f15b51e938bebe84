import type { EntityManager } from 'typeorm';
import { DECISION_COLUMNS, decisionFrom, type DecisionRow } from '../../gate/decision-row.read.pg.js';
import { contradictions } from '../../gate/decision.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import { pageThrough } from './page-through.js';

/**
 * Every decision row against its entry: the statement commits to the document's digest, and the columns must say
 * what the document says.
 */
export const decisionCheck =
  (manager: EntityManager): DomainCheck =>
  async (entries) => {
    const recorded = new Map<string, { seq: number; digest: unknown }>();
    for await (const { seq, recorded: entry } of entries)
      if (entry.kind === 'decision.recorded' && entry.facts.decisionId !== undefined)
        recorded.set(entry.facts.decisionId, { seq, digest: entry.facts.details['documentDigest'] });

    const findings: Finding[] = [];
    const query = `SELECT ${DECISION_COLUMNS}, decision_id::text AS cursor FROM assay.decision
                    WHERE decision_id::text > $1 ORDER BY decision_id::text LIMIT $2`;
    for await (const row of pageThrough<DecisionRow & { cursor: string }>(manager, query)) {
      const decision = decisionFrom(row);
      const entry = recorded.get(decision.decisionId);
      recorded.delete(decision.decisionId);
      const name = `decision ${decision.decisionId}`;
      if (!entry) findings.push({ what: 'decision', detail: `${name}: no entry records it` });
      else {
        const changed = contradictions(decision);
        if (changed.length > 0) findings.push(altered(name, entry.seq, changed));
        else if (decision.documentDigest !== entry.digest) findings.push(stated(name, entry.seq));
      }
    }
    for (const [decisionId, { seq }] of recorded)
      findings.push({ what: 'decision', seq, detail: `decision ${decisionId}: the row is missing` });
    return findings;
  };

const altered = (name: string, seq: number, columns: readonly string[]): Finding => ({
  what: 'decision',
  seq,
  detail: `${name}: changed in ${columns.join(', ')}`,
});

const stated = (name: string, seq: number): Finding => ({
  what: 'decision',
  seq,
  detail: `${name}: its document is not the one the statement commits to`,
});
