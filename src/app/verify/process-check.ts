import type { EntityManager } from 'typeorm';
import type { EntryKind } from '../../ledger/entry.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import { CRITERIA } from '../../process/criterion.js';
import { FIX_TASKS } from '../../process/fix-task.js';
import { ROLE_CHANGES } from '../../process/process-role.js';
import { recordDigest, type OrgOwned, type RecordTable } from '../../process/record-table.js';
import { selectRecords } from '../../process/record.store.pg.js';
import { ARTEFACT_RELATIONS } from '../../process/relation.js';
import { CASE_ROUTES } from '../../process/route.js';
import { STEPS } from '../../process/step.js';
import { TEMPLATES } from '../../process/template.js';
import { WORK_ITEMS } from '../../process/work-item.js';
import { collecting } from './collecting.js';
import { pageThrough } from './page-through.js';

const KINDS: ReadonlySet<EntryKind> = new Set<EntryKind>([
  ...(['work-item.saved', 'route.chosen', 'route.reviewed', 'template.published'] as const),
  ...(['step.recorded', 'criterion.stated', 'process-role.assigned', 'process-role.withdrawn'] as const),
  ...(['artefact.related', 'fix-task.opened', 'fix-task.closed'] as const),
]);

/** A subject that is no row of ours: an artefact version that a step made or a relation names. */
const isArtefact = (name: string): boolean => name.startsWith('ART_');

interface Row {
  readonly cursor: string;
  readonly record: OrgOwned;
  readonly seq: string | null;
}

/** What an entry says it wrote: digest by name of the record. */
interface Told {
  readonly orgId: string;
  readonly written: Map<string, string>;
}

/**
 * Every row of the process is a record whose digest is a subject of the entry that its key names: rebuilt and compared,
 * row by row. What an entry wrote and is not there is missing; what is there and no entry wrote was put in.
 */
export function processCheck(manager: EntityManager): DomainCheck {
  const told = new Map<number, Told>();
  return collecting(
    ({ seq, recorded: { kind, orgId, subjects } }) => {
      if (!KINDS.has(kind)) return;
      const rows = subjects.filter(({ name }) => !isArtefact(name));
      told.set(seq, { orgId, written: new Map(rows.map(({ name, digest }) => [name, digest])) });
    },
    async () => {
      const findings = [
        ...(await compared(manager, told, WORK_ITEMS)),
        ...(await compared(manager, told, TEMPLATES)),
        ...(await compared(manager, told, STEPS)),
        ...(await compared(manager, told, CRITERIA)),
        ...(await compared(manager, told, ROLE_CHANGES)),
        ...(await compared(manager, told, ARTEFACT_RELATIONS)),
        ...(await compared(manager, told, CASE_ROUTES)),
        ...(await compared(manager, told, FIX_TASKS)),
      ];
      for (const [seq, { written }] of told)
        for (const name of written.keys())
          findings.push({ what: 'process', seq, detail: `${name}: the row is missing` });
      return findings;
    },
  );
}

async function compared<T extends OrgOwned>(
  manager: EntityManager,
  told: ReadonlyMap<number, Told>,
  table: RecordTable<T>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const row of pageThrough<Row>(manager, queryOf(table)))
    findings.push(...compare(row, told, table));
  return findings;
}

function compare<T extends OrgOwned>(
  { record, seq }: Row,
  told: ReadonlyMap<number, Told>,
  table: RecordTable<T>,
): Finding[] {
  const name = table.subject(record as T);
  const entry = seq === null ? undefined : told.get(Number(seq));
  const digest = entry?.orgId === record.orgId ? entry.written.get(name) : undefined;
  if (!entry || digest === undefined)
    return [{ what: 'process', detail: `${name} of organisation ${record.orgId}: no entry records it` }];
  entry.written.delete(name);
  return recordDigest(record) === digest
    ? []
    : [{ what: 'process', seq: Number(seq), detail: `${name}: changed after it was recorded` }];
}

/** The place of the row is in the cursor, so that two rows which claim one entry are both seen. */
const queryOf = <T extends OrgOwned>(table: RecordTable<T>): string => `
  SELECT record, cursor, seq FROM (
    SELECT p.record, p.entry_key, encode(p.entry_key, 'hex') || ' ' || p.place AS cursor, i.seq
      FROM (${selectRecords(table).replace(' AS record FROM ', ' AS record, r.entry_key, r.ctid::text AS place FROM ')}) p
      LEFT JOIN ledger.idem i ON i.idem_key = p.entry_key
  ) c WHERE cursor > $1 ORDER BY cursor LIMIT $2`;
