import type { EntityManager } from 'typeorm';
import { pseudonymOf } from '../../ledger/pseudonym.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import type { Link } from './link.js';
import { ACCESS_LINKS } from './link-access.js';
import { EVIDENCE_LINKS } from './link-evidence.js';
import { GATE_LINKS } from './link-gate.js';
import { POLICY_LINKS } from './link-policy.js';
import { WAIVER_LINKS } from './link-waiver.js';
import { pageThrough } from './page-through.js';

const LINKS: readonly Link[] = [
  ...ACCESS_LINKS,
  ...EVIDENCE_LINKS,
  ...GATE_LINKS,
  ...POLICY_LINKS,
  ...WAIVER_LINKS,
];

interface Row {
  readonly cursor: string;
  readonly orgId: string;
  readonly seq: string | null;
  readonly actor: string | null;
  readonly by: string | null;
  readonly changed: readonly string[];
}

/**
 * Every row of every table that an entry records: it names that entry, is of its organisation, moment and actor,
 * and the entry is about this row. Finds rows that were put in, and those whose origin was changed.
 */
export const linkCheck = (manager: EntityManager, pseudonymKey: Buffer): DomainCheck => ({
  standsAlone: false,
  read: () => Promise.resolve([]),
  finish: async () => {
    const findings: Finding[] = [];
    for (const link of LINKS) findings.push(...(await linkedSafely(manager, link, pseudonymKey)));
    return findings;
  },
});

/**
 * PostgreSQL reads the statements here, and refuses one that is no JSON any more (class 22, data exception): a
 * finding, not the end of the pass. The savepoint keeps the transaction usable.
 */
async function linkedSafely(manager: EntityManager, link: Link, pseudonymKey: Buffer): Promise<Finding[]> {
  try {
    return await manager.transaction((inner) => linked(inner, link, pseudonymKey));
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (typeof code !== 'string' || !code.startsWith('22')) throw error;
    return [{ what: link.what, detail: `${link.table}: a statement that its rows rest on cannot be read` }];
  }
}

async function linked(manager: EntityManager, link: Link, pseudonymKey: Buffer): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const row of pageThrough<Row>(manager, queryOf(link)))
    findings.push(...compare(link, row, pseudonymKey));
  if (link.owed) findings.push(...(await missing(manager, link)));
  return findings;
}

/** Of the tables whose rows no other check looks for. */
async function missing(manager: EntityManager, { table, kinds, what }: Link): Promise<Finding[]> {
  const rows = await manager.query<{ seq: string; kind: string }[]>(
    `SELECT f.seq, f.kind FROM ledger.fact f JOIN ledger.idem i ON i.seq = f.seq
      WHERE f.kind = ANY ($1) AND NOT EXISTS (SELECT FROM ${table} r WHERE r.entry_key = i.idem_key)`,
    [kinds],
  );
  return rows.map(({ seq, kind }) => ({ what, seq: Number(seq), detail: `${kind}: the row is missing` }));
}

function compare({ what, by }: Link, row: Row, pseudonymKey: Buffer): Finding[] {
  const { cursor: name, seq, orgId, actor } = row;
  if (seq === null) return [{ what, detail: `${name}: no entry records it` }];
  const changed = [...row.changed];
  const acted = row.by === null ? 'system' : pseudonymOf(pseudonymKey, orgId, row.by);
  if (by !== undefined && acted !== actor) changed.push(by);
  if (changed.length === 0) return [];
  return [{ what, seq: Number(seq), detail: `${name}: changed in ${changed.join(', ')}` }];
}

function queryOf({ table, kinds, name, at, by, also = {} }: Link): string {
  const conditions = {
    organisation: 'f.org_id = r.org_id',
    ...(at && { [at]: `to_char(r.${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') = f.ts_end` }),
    ...also,
  };
  const faults = Object.entries(conditions).map(
    ([label, holds]) => `CASE WHEN ${holds} THEN NULL ELSE '${label}' END`,
  );
  return `
    SELECT * FROM (
      SELECT ${name} AS cursor, r.org_id AS "orgId", f.seq, f.actor, ${by ? `r.${by}::text` : 'NULL'} AS by,
             array_remove(ARRAY[${faults.join(', ')}], NULL) AS changed
        FROM ${table} r LEFT JOIN ledger.idem i ON i.idem_key = r.entry_key
        LEFT JOIN ledger.fact f ON f.seq = i.seq AND f.kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})
    ) linked WHERE cursor > $1 ORDER BY cursor LIMIT $2`;
}
