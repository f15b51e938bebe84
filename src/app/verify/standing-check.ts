import type { EntityManager } from 'typeorm';
import { STANDING_COLUMNS, standingFrom, type StandingRow } from '../../gate/drift/standing-row.read.pg.js';
import { notAsTold, standsBefore } from '../../gate/drift/standing-told.js';
import type { CheckedEntry, DomainCheck, Finding } from '../../ledger/verify.js';

/** How far the reader that makes the rows has come: entries from there on have left no trace yet. */
const NEXT = `coalesce((SELECT next FROM ledger.cursor WHERE reader = 'drift'), 0)`;
const NAME = `d.gate_id || ' ' || d.art_id || ' ' || d.artefact_digest`;

const INVENTED = `
  SELECT ${NAME} AS name FROM assay.standing_decision d
   WHERE NOT EXISTS (SELECT FROM ledger.fact f
      WHERE f.decision_id = d.decision_id::text AND f.kind = 'decision.recorded' AND f.seq = d.seq AND f.org_id = d.org_id
        AND f.gate_id = d.gate_id AND f.art_id = d.art_id AND f.artefact_digest = d.artefact_digest)
   LIMIT 100`;

const STALE_OTHERWISE = `
  SELECT ${NAME} AS name FROM assay.standing_decision d
    LEFT JOIN LATERAL (SELECT min(f.seq) AS seq FROM ledger.fact f
      WHERE f.decision_id = d.decision_id::text AND f.org_id = d.org_id AND f.kind = 'decision.stale' AND f.seq < ${NEXT}) told
      ON true
   WHERE d.stale_seq IS DISTINCT FROM told.seq LIMIT 100`;

/**
 * The read model of what stands, against the entries that it is made of: it answers what a release asks before it goes
 * out, so that a changed row must not be taken for a verdict.
 */
export const standingCheck = (manager: EntityManager): DomainCheck => ({
  standsAlone: true,
  read: async (page) => {
    const told = page.filter(({ recorded }) => recorded.kind === 'decision.recorded');
    if (told.length === 0) return [];
    const [cursor] = await manager.query<{ next: string }[]>(`SELECT ${NEXT} AS next`);
    const rows = await standing(manager, told);
    const next = Number(cursor?.next ?? 0);
    return told.flatMap((entry) => (entry.seq < next ? compareSafely(entry, rows.get(keyOf(entry))) : []));
  },
  finish: async () => [
    ...(await named(manager, INVENTED, 'no entry says so')),
    ...(await named(manager, STALE_OTHERWISE, 'whether it is stale is not what the entries say')),
  ],
});

const KEY = ['org_id', 'gate_id', 'art_id', 'artefact_digest'].map((column) => `d.${column}`).join(', ');

async function standing(
  manager: EntityManager,
  told: readonly CheckedEntry[],
): Promise<ReadonlyMap<string, StandingRow>> {
  const column = (of: (entry: CheckedEntry) => unknown): unknown[] => told.map(of);
  const rows = await manager.query<StandingRow[]>(
    `SELECT ${STANDING_COLUMNS} FROM assay.standing_decision d
      WHERE (${KEY}) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]))`,
    [
      column(({ recorded }) => recorded.orgId),
      column(({ recorded }) => recorded.facts.gateId ?? null),
      column(({ recorded }) => recorded.facts.artId ?? null),
      column(({ recorded }) => recorded.facts.artefactDigest ?? null),
    ],
  );
  return new Map(rows.map((row) => [[row.orgId, row.gateId, row.artId, row.artefactDigest].join('\n'), row]));
}

const keyOf = ({ recorded: { orgId, facts } }: CheckedEntry): string =>
  [orgId, facts.gateId, facts.artId, facts.artefactDigest].join('\n');

/** A column that cannot even be read was changed. */
function compareSafely(entry: CheckedEntry, row: StandingRow | undefined): Finding[] {
  try {
    return compare(entry, row);
  } catch {
    return found(entry, 'changed so that it cannot be read');
  }
}

function compare(entry: CheckedEntry, row: StandingRow | undefined): Finding[] {
  const { seq, recorded } = entry;
  if (!row) return found(entry, 'the row is missing');
  const stands = standingFrom(row);
  if (stands.decisionId !== recorded.facts.decisionId) {
    const told = { asOf: recorded.facts.asOf ?? 0, seq };
    return standsBefore(told, stands) ? found(entry, 'an earlier decision is said to stand') : [];
  }
  const changed = notAsTold(stands, seq, recorded);
  return changed.length === 0 ? [] : found(entry, `changed in ${changed.join(', ')}`);
}

const found = ({ seq, recorded: { facts } }: CheckedEntry, detail: string): Finding[] => [
  { what: 'decision', seq, detail: `standing decision ${facts.decisionId ?? ''}: ${detail}` },
];

async function named(manager: EntityManager, query: string, detail: string): Promise<Finding[]> {
  const rows = await manager.query<{ name: string }[]>(query);
  return rows.map(({ name }) => ({ what: 'decision', detail: `standing decision of ${name}: ${detail}` }));
}
