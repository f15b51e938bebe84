import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { loginOf } from '../../access/organisation.service.js';
import { pseudonymOf } from '../../ledger/pseudonym.js';
import type { RecordedEntry } from '../../ledger/recorded-entry.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';

const grantFacts = z.object({ grantId: z.string(), role: z.string() });
const principalFacts = z.object({ principalId: z.string(), kind: z.string() });

interface Row {
  readonly id: string;
  readonly org: string;
}
type Told = Map<string, { seq: number; said: string }>;

/**
 * Who can log in and what they were granted, against what was recorded: nobody may have taken another's place.
 * The statements name persons by pseudonym, so this check needs the installation's pseudonym key.
 */
export const grantCheck =
  (manager: EntityManager, pseudonymKey: Buffer): DomainCheck =>
  async (entries) => {
    const grants: Told = new Map();
    const principals: Told = new Map();
    for await (const { seq, recorded } of entries) readEntry(grants, principals, seq, recorded);

    const grantRows = await manager.query<(Row & { principalId: string; role: string })[]>(
      `SELECT grant_id AS id, org_id AS org, principal_id AS "principalId", access_role AS role
         FROM assay.access_grant`,
    );
    const principalRows = await manager.query<(Row & { kind: string; issuer: string; subject: string })[]>(
      `SELECT principal_id AS id, org_id AS org, kind, issuer, subject FROM assay.principal`,
    );
    return [
      ...compare('grant', grants, grantRows, ({ org, principalId, role }) => [
        role,
        pseudonymOf(pseudonymKey, org, principalId),
      ]),
      ...compare('principal', principals, principalRows, ({ org, kind, ...login }) => [
        kind,
        pseudonymOf(pseudonymKey, org, loginOf(login)),
      ]),
    ];
  };

/** Details that do not have their form are of a changed statement, which is a finding of its own: they tell nothing. */
function readEntry(grants: Told, principals: Told, seq: number, entry: RecordedEntry): void {
  if (entry.kind === 'grant.given') {
    const { success, data } = grantFacts.safeParse(entry.facts.details);
    if (success) grants.set(data.grantId, { seq, said: said([data.role, entry.persons['grantee']]) });
  }
  if (entry.kind === 'principal.added') {
    const { success, data } = principalFacts.safeParse(entry.facts.details);
    if (success) principals.set(data.principalId, { seq, said: said([data.kind, entry.persons['login']]) });
  }
}

function compare<R extends Row>(
  name: 'grant' | 'principal',
  told: Told,
  rows: readonly R[],
  saidBy: (row: R) => readonly string[],
): Finding[] {
  const findings: Finding[] = [];
  for (const row of rows) {
    const entry = told.get(row.id);
    told.delete(row.id);
    if (!entry) findings.push({ what: 'grant', detail: `${name} ${row.id}: no entry records it` });
    else if (entry.said !== said(saidBy(row)))
      findings.push({ what: 'grant', seq: entry.seq, detail: `${name} ${row.id}: the row was changed` });
  }
  for (const [id, { seq }] of told)
    findings.push({ what: 'grant', seq, detail: `${name} ${id}: the row is missing` });
  return findings;
}

const said = (parts: readonly (string | undefined)[]): string => parts.join(' ');
