import type { EntityManager } from 'typeorm';
import { DECISION_COLUMNS, decisionFrom, type DecisionRow } from '../../gate/decision-row.read.pg.js';
import { contradictions } from '../../gate/decision.js';
import { isUuid } from '../../kernel/id.js';
import type { CheckedEntry, DomainCheck, Finding } from '../../ledger/verify.js';

/**
 * Every decision row against its entry: the statement commits to the document's digest, and the columns must say
 * what the document says. Rows without an entry are the link check's.
 */
export const decisionCheck = (manager: EntityManager): DomainCheck => ({
  standsAlone: true,
  read: async (page) => {
    const told = page.filter(({ recorded }) => recorded.kind === 'decision.recorded');
    const ids = told.map(idOf).filter(isUuid);
    if (ids.length === 0) return [];
    const rows = await manager.query<DecisionRow[]>(
      `SELECT ${DECISION_COLUMNS} FROM assay.decision WHERE decision_id = ANY ($1)`,
      [ids],
    );
    const byId = new Map(rows.map((row) => [row.decisionId, row]));
    return told.flatMap((entry) => compareSafely(entry, byId.get(idOf(entry))));
  },
  finish: () => Promise.resolve([]),
});

const idOf = ({ recorded }: CheckedEntry): string => recorded.facts.decisionId ?? '';

/** A column that cannot even be read was changed: a finding, not the end of the pass. */
function compareSafely(entry: CheckedEntry, row: DecisionRow | undefined): Finding[] {
  try {
    return compare(entry, row);
  } catch {
    const detail = `decision ${idOf(entry)}: changed so that it cannot be read`;
    return [{ what: 'decision', seq: entry.seq, detail }];
  }
}

function compare({ seq, recorded }: CheckedEntry, row: DecisionRow | undefined): Finding[] {
  const name = `decision ${recorded.facts.decisionId ?? ''}`;
  const found = (detail: string): Finding[] => [{ what: 'decision', seq, detail: `${name}: ${detail}` }];
  if (!row) return found('the row is missing');
  const decision = decisionFrom(row);
  const changed = contradictions(decision);
  if (changed.length > 0) return found(`changed in ${changed.join(', ')}`);
  if (decision.documentDigest !== recorded.facts.details['documentDigest'])
    return found('its document is not the one the statement commits to');
  return [];
}
