import { createHash } from 'node:crypto';
import { sha256 } from '../../src/kernel/digest.js';
import type { IdempotencyKey } from '../../src/kernel/id.js';
import type { EntryDraft } from '../../src/ledger/entry.js';

/** A request of the appenders. Everything follows from its name, so that a successor can send it again. */
export const keyOfRequest = (name: string): IdempotencyKey =>
  createHash('sha256').update(`chaos ${name}`).digest().subarray(0, 16);

/** How many requests pass between two with personal fields: those need a data key and another table. */
const PERSONAL_EVERY = 50;

/**
 * A kind that no domain row belongs to, so that `assay ledger verify` accepts entries that no use case made.
 * `now` is not part of the content: a retry states another time.
 */
export function draftOfRequest(name: string, orgId: string, now: number): EntryDraft {
  const key = keyOfRequest(name);
  const person = `chaos ${String(key.readUInt8(0) % 8)}`;
  const personal = key.readUInt32LE(4) % PERSONAL_EVERY === 0;
  return {
    orgId,
    kind: 'access.denied',
    actor: { principalId: person },
    subjects: [{ name: 'chaos', digest: sha256(name) }],
    facts: { tsStart: now, tsEnd: now, result: 'denied', details: { request: name } },
    ...(personal ? { personal: [{ principalId: person, fields: { note: `said by ${name}` } }] } : {}),
    key,
  };
}
