import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { loginOf } from '../../access/organisation.js';
import { pseudonymOf } from '../../ledger/pseudonym.js';
import type { CheckedEntry, DomainCheck, Finding } from '../../ledger/verify.js';
import { collecting } from './collecting.js';

const grantFacts = z.object({ grantId: z.string(), role: z.string() });
const principalFacts = z.object({ principalId: z.string(), kind: z.string() });

interface Row {
  readonly id: string;
  readonly org: string;
}
interface GrantRow extends Row {
  readonly principalId: string;
  readonly role: string;
}
interface PrincipalRow extends Row {
  readonly kind: string;
  readonly issuer: string;
  readonly subject: string;
  readonly displayName: string;
  readonly erased: boolean;
}
type Told = Map<string, { seq: number; said: string; displayName?: string }>;

/**
 * Who can log in and what they were granted, against what was recorded: nobody may have taken another's place,
 * or another's name. The statements name persons by pseudonym, so this needs the installation's pseudonym key.
 * Of an erased principal the login is gone, and that is right: whether it was ordered is the erasure check's.
 */
export function grantCheck(manager: EntityManager, pseudonymKey: Buffer): DomainCheck {
  const grants: Told = new Map();
  const principals: Told = new Map();
  const grantSays = ({ org, principalId, role }: GrantRow): string =>
    said([role, pseudonymOf(pseudonymKey, org, principalId)]);
  const principalSays = ({ org, kind, ...login }: PrincipalRow, told: string): string =>
    login.erased
      ? said([kind, told.split(' ')[1]])
      : said([kind, pseudonymOf(pseudonymKey, org, loginOf(login))]);
  return collecting(
    (entry) => {
      readEntry(grants, principals, entry);
    },
    async () => {
      const grantRows = await manager.query<GrantRow[]>(
        `SELECT grant_id AS id, org_id AS org, principal_id AS "principalId", access_role AS role
           FROM assay.access_grant`,
      );
      const principalRows = await manager.query<PrincipalRow[]>(
        `SELECT principal_id AS id, org_id AS org, kind, issuer, subject, display_name AS "displayName",
                erased_at IS NOT NULL AS erased FROM assay.principal`,
      );
      const renamed = principalRows.flatMap(({ id, displayName, erased }): Finding[] => {
        const told = principals.get(id);
        if (erased || told?.displayName === undefined || told.displayName === displayName) return [];
        return [{ what: 'grant', seq: told.seq, detail: `principal ${id}: the display name was changed` }];
      });
      return [
        ...renamed,
        ...compare('grant', grants, grantRows, grantSays),
        ...compare('principal', principals, principalRows, principalSays),
      ];
    },
  );
}

/** Details that do not have their form are of a changed statement, which is a finding of its own: they tell nothing. */
function readEntry(grants: Told, principals: Told, { seq, recorded, bodies }: CheckedEntry): void {
  if (recorded.kind === 'grant.given') {
    const { success, data } = grantFacts.safeParse(recorded.facts.details);
    if (success) grants.set(data.grantId, { seq, said: said([data.role, recorded.persons['grantee']]) });
  }
  if (recorded.kind === 'principal.added') {
    const { success, data } = principalFacts.safeParse(recorded.facts.details);
    // An administrator's reason is another body of the same entry.
    const named = bodies.find(({ fields }) => fields?.['displayName'] !== undefined);
    const displayName = named?.fields?.['displayName'];
    if (success)
      principals.set(data.principalId, {
        seq,
        said: said([data.kind, recorded.persons['login']]),
        ...(displayName !== undefined && { displayName }),
      });
  }
}

function compare<R extends Row>(
  name: 'grant' | 'principal',
  told: Told,
  rows: readonly R[],
  saidBy: (row: R, told: string) => string,
): Finding[] {
  const findings: Finding[] = [];
  for (const row of rows) {
    const entry = told.get(row.id);
    told.delete(row.id);
    if (!entry) findings.push({ what: 'grant', detail: `${name} ${row.id}: no entry records it` });
    else if (entry.said !== saidBy(row, entry.said))
      findings.push({ what: 'grant', seq: entry.seq, detail: `${name} ${row.id}: the row was changed` });
  }
  for (const [id, { seq }] of told)
    findings.push({ what: 'grant', seq, detail: `${name} ${id}: the row is missing` });
  return findings;
}

const said = (parts: readonly (string | undefined)[]): string => parts.join(' ');
