import type { EntityManager } from 'typeorm';
import type { RecordedEntry } from '../../ledger/recorded-entry.js';
import type { DomainCheck, Finding } from '../../ledger/verify.js';
import { collecting } from './collecting.js';
import { SELECT_RECORDS, type RecordRow } from '../../waiver/waiver-record.read.pg.js';
import { approvalDigest, endingDigest, waiverDigest, type WaiverRecord } from '../../waiver/waiver.js';
import { pageThrough } from './page-through.js';

/** What the entries say of one waiver: digests of the request and of each later step. */
interface Told {
  readonly seq: number;
  readonly request: string | undefined;
  readonly steps: Map<string, number>;
}

/** Rebuilds every waiver's history from the entries and compares it with the rows. */
export function waiverCheck(manager: EntityManager): DomainCheck {
  const told = new Map<string, Told>();
  return collecting(
    ({ seq, recorded }) => {
      readEntry(told, seq, recorded);
    },
    async () => {
      const findings: Finding[] = [];
      for await (const { record } of pageThrough<RecordRow & { cursor: string }>(manager, QUERY)) {
        findings.push(...compare(record, told.get(record.waiver.waiverId)));
        told.delete(record.waiver.waiverId);
      }
      for (const [waiverId, { seq }] of told)
        findings.push({ what: 'waiver', seq, detail: `waiver ${waiverId}: the row is missing` });
      return findings;
    },
  );
}

const QUERY = `SELECT record, cursor FROM (SELECT r.record, r.record -> 'waiver' ->> 'waiverId' AS cursor
  FROM (${SELECT_RECORDS}) r) c WHERE cursor > $1 ORDER BY cursor LIMIT $2`;

function readEntry(told: Map<string, Told>, seq: number, { kind, subjects, facts }: RecordedEntry): void {
  const waiverId = facts.waiverIds?.[0];
  if (!kind.startsWith('waiver.') || waiverId === undefined) return;
  const request = subjects.find(({ name }) => name === `waiver/${waiverId}`)?.digest;
  if (kind === 'waiver.requested') told.set(waiverId, { seq, request, steps: new Map() });
  const step = subjects.find(({ name }) => name === `${kind}/${waiverId}`)?.digest;
  if (step !== undefined) told.get(waiverId)?.steps.set(step, seq);
}

function compare(record: WaiverRecord, told: Told | undefined): Finding[] {
  const { waiver, approvals, refusal, revocation } = record;
  const name = `waiver ${waiver.waiverId}`;
  if (!told) return [{ what: 'waiver', detail: `${name}: no entry records it` }];
  const { seq } = told;
  // Every step's digest covers the request: one changed request must not look like many changed steps.
  if (waiverDigest(waiver) !== told.request)
    return [{ what: 'waiver', seq, detail: `${name}: the request was changed after it was recorded` }];
  const rows: readonly (readonly [string, string])[] = [
    ...approvals.map((each) => [`approval ${String(each.ordinal)}`, approvalDigest(waiver, each)] as const),
    ...(refusal ? [['refusal', endingDigest(waiver, 'refusal', refusal)] as const] : []),
    ...(revocation ? [['revocation', endingDigest(waiver, 'revocation', revocation)] as const] : []),
  ];
  const findings = rows
    .filter(([, digest]) => !told.steps.delete(digest))
    .map(([what]): Finding => ({ what: 'waiver', seq, detail: `${name}: no entry records its ${what}` }));
  const missing = [...told.steps.values()].map((at): Finding => ({
    what: 'waiver',
    seq: at,
    detail: `${name}: the row of this step is missing`,
  }));
  return [...findings, ...missing];
}
