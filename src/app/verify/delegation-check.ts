import type { EntityManager } from 'typeorm';
import { pseudonymOf } from '../../ledger/pseudonym.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import { SELECT_DELEGATIONS, type DelegationRow } from '../../waiver/delegation/delegation-record.read.pg.js';
import { delegationDigest, withdrawalDigest } from '../../waiver/delegation/delegation.js';
import { collecting } from './collecting.js';
import { pageThrough } from './page-through.js';

/** What the entries say of one delegation. */
interface Told {
  readonly seq: number;
  readonly given: string | undefined;
  readonly persons: Readonly<Record<string, string>>;
  withdrawn?: { readonly seq: number; readonly digest: string | undefined };
}

const QUERY = `SELECT record, cursor FROM (SELECT r.record, r.record -> 'delegation' ->> 'delegationId' AS cursor
  FROM (${SELECT_DELEGATIONS}) r) c WHERE cursor > $1 ORDER BY cursor LIMIT $2`;

/** Rebuilds every delegation from the entries and compares it with the rows: what of it, and between whom. */
export function delegationCheck(manager: EntityManager, pseudonymKey: Buffer): DomainCheck {
  const told = new Map<string, Told>();
  return collecting(
    ({ seq, recorded: { kind, subjects, facts, persons } }) => {
      const id = facts.details['delegationId'];
      if (!kind.startsWith('waiver-delegation.') || typeof id !== 'string') return;
      const digestOf = (name: string): string | undefined =>
        subjects.find((subject) => subject.name === name)?.digest;
      const given = digestOf(`waiver-delegation/${id}`);
      if (kind === 'waiver-delegation.given') told.set(id, { seq, given, persons });
      const known = told.get(id);
      if (kind === 'waiver-delegation.withdrawn' && known)
        known.withdrawn = { seq, digest: digestOf(`waiver-delegation/${id}/withdrawal`) };
    },
    async () => {
      const findings: Finding[] = [];
      for await (const row of pageThrough<DelegationRow & { cursor: string }>(manager, QUERY)) {
        findings.push(...compare(row, told.get(row.cursor), pseudonymKey));
        told.delete(row.cursor);
      }
      for (const [id, { seq }] of told)
        findings.push({ what: 'waiver', seq, detail: `waiver delegation ${id}: the row is missing` });
      return findings;
    },
  );
}

function compare({ record }: DelegationRow, told: Told | undefined, pseudonymKey: Buffer): Finding[] {
  const { delegation, withdrawal } = record;
  const { orgId, delegationId, delegatorId, delegateId } = delegation;
  const name = `waiver delegation ${delegationId}`;
  if (!told) return [{ what: 'waiver', detail: `${name}: no entry records it` }];
  const { seq, withdrawn } = told;
  const isSame = (person: string, id: string): boolean =>
    told.persons[person] === pseudonymOf(pseudonymKey, orgId, id);
  if (
    delegationDigest(delegation) !== told.given ||
    !isSame('delegator', delegatorId) ||
    !isSame('delegate', delegateId)
  )
    return [{ what: 'waiver', seq, detail: `${name}: it was changed after it was recorded` }];
  if (withdrawal && withdrawalDigest(delegation, withdrawal) === withdrawn?.digest) return [];
  if (withdrawal) return [{ what: 'waiver', seq, detail: `${name}: no entry records its withdrawal` }];
  if (!withdrawn) return [];
  return [{ what: 'waiver', seq: withdrawn.seq, detail: `${name}: the row of its withdrawal is missing` }];
}
