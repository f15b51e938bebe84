import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { pseudonymOf } from '../../ledger/pseudonym.js';
import type { CheckedEntry, DomainCheck, Finding } from '../../ledger/verify.js';
import { collecting } from './collecting.js';
import { pageThrough } from './page-through.js';

const activatedFacts = z.looseObject({
  chkId: z.string(),
  activation: z.int(),
  version: z.int(),
  previousVersion: z.int().nullable(),
});

interface Row {
  readonly cursor: string;
  readonly orgId: string;
  readonly version: number;
  readonly previousVersion: number | null;
  readonly at: Date;
  readonly by: string | null;
}

const QUERY = `
  SELECT cursor, org_id AS "orgId", version, previous_version AS "previousVersion", activated_at AS at,
         activated_by AS by
    FROM (SELECT a.*, a.org_id || ' ' || a.chk_id || ' ' || a.activation AS cursor
            FROM assay.checklist_activation a) a
   WHERE cursor > $1 ORDER BY cursor LIMIT $2`;

/**
 * What was put in force, when and by whom, rebuilt from the entries: which version judges is decided by these
 * rows. A row too many, one that is missing and one that was changed each put another version in force.
 */
export function activationCheck(manager: EntityManager, pseudonymKey: Buffer): DomainCheck {
  const told: Told = new Map();
  return collecting(
    (entry) => {
      collect(told, entry);
    },
    async () => {
      const findings: Finding[] = [];
      for await (const row of pageThrough<Row>(manager, QUERY)) {
        const { cursor, orgId, version, previousVersion, at, by } = row;
        const entry = told.get(cursor);
        told.delete(cursor);
        const actor = by === null ? 'system' : pseudonymOf(pseudonymKey, orgId, by);
        const name = nameOf(cursor);
        if (!entry) findings.push({ what: 'activation', detail: `${name}: no entry records it` });
        else if (entry.said !== saidOf(version, previousVersion, at.getTime(), actor))
          findings.push({ what: 'activation', seq: entry.seq, detail: `${name}: the row was changed` });
      }
      for (const [cursor, { seq }] of told)
        findings.push({ what: 'activation', seq, detail: `${nameOf(cursor)}: the row is missing` });
      return findings;
    },
  );
}

type Told = Map<string, { readonly seq: number; readonly said: string }>;

function collect(told: Told, { seq, recorded }: CheckedEntry): void {
  if (recorded.kind !== 'checklist.activated') return;
  // Details that do not have their form are of a changed statement, which is a finding of its own.
  const details = activatedFacts.safeParse(recorded.facts.details);
  if (!details.success) return;
  const { chkId, activation, version, previousVersion } = details.data;
  const said = saidOf(version, previousVersion, recorded.facts.tsEnd, recorded.actor);
  told.set(`${recorded.orgId} ${chkId} ${activation}`, { seq, said });
}

const saidOf = (version: number, previousVersion: number | null, at: number, actor: string): string =>
  `${version} ${String(previousVersion)} ${at} ${actor}`;

function nameOf(cursor: string): string {
  const [, chkId = '', number = ''] = cursor.split(' ');
  return `activation ${number} of ${chkId}`;
}
