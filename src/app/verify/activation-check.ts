import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { pseudonymOf } from '../../ledger/pseudonym.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
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
export const activationCheck =
  (manager: EntityManager, pseudonymKey: Buffer): DomainCheck =>
  async (entries) => {
    const told = new Map<string, { seq: number; said: string }>();
    for await (const { seq, recorded } of entries) {
      if (recorded.kind !== 'checklist.activated') continue;
      // Details that do not have their form are of a changed statement, which is a finding of its own.
      const details = activatedFacts.safeParse(recorded.facts.details);
      if (!details.success) continue;
      const { chkId, activation, version, previousVersion } = details.data;
      const said = saidOf(version, previousVersion, recorded.facts.tsEnd, recorded.actor);
      told.set(`${recorded.orgId} ${chkId} ${activation}`, { seq, said });
    }

    const findings: Finding[] = [];
    for await (const { cursor, orgId, version, previousVersion, at, by } of pageThrough<Row>(
      manager,
      QUERY,
    )) {
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
  };

const saidOf = (version: number, previousVersion: number | null, at: number, actor: string): string =>
  `${version} ${String(previousVersion)} ${at} ${actor}`;

function nameOf(cursor: string): string {
  const [, chkId = '', number = ''] = cursor.split(' ');
  return `activation ${number} of ${chkId}`;
}
