import { z } from 'zod';
import type { JsonValue } from '../../kernel/canonical-json.js';
import { parseRfc3339 } from '../../kernel/clock.js';
import { aDocument, unreadable, type EvidenceDocument } from '../model/document.js';
import { readOwn } from './own-format.js';

export const ATTESTATION_FORMAT = 'assay.attestation/1';

const id = z.string().min(1).max(120);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hex digits');
export const instant = z
  .string()
  .max(40)
  .refine((text) => parseRfc3339(text) !== undefined, 'an RFC 3339 time with a zone');

/**
 * What one person vouches for, item by item, where no tool can show it. `by` names the person as the customer
 * does; who really sent the file is in its custody, and a policy may ask that the two be one.
 */
export const attestationFile = z.strictObject({
  format: z.literal(ATTESTATION_FORMAT),
  checklistId: id,
  by: id,
  at: instant,
  items: z
    .array(
      z.strictObject({
        itemId: id,
        answer: z.enum(['yes', 'no', 'not-applicable']),
        note: z.string().max(4000).optional(),
        evidence: z.array(digest).max(100).optional(),
      }),
    )
    .max(1000),
});

/** Reads a filled-in checklist. An item answered twice is no answer, so the file is refused. */
export function normaliseAttestation(value: JsonValue): EvidenceDocument {
  const read = readOwn(attestationFile, value);
  if (!read.ok) return unreadable(ATTESTATION_FORMAT, ['attestation'], read.problem);
  const { checklistId, by, at, items } = read.value;
  const ids = items.map(({ itemId }) => itemId);
  const twice = ids.find((itemId, index) => ids.indexOf(itemId) !== index);
  if (twice !== undefined)
    return unreadable(ATTESTATION_FORMAT, ['attestation'], {
      code: 'people.item-twice',
      params: { item: twice },
    });
  return aDocument({
    format: ATTESTATION_FORMAT,
    formatVersion: '1',
    kinds: ['attestation'],
    state: items.length === 0 ? 'NOT_MEASURED' : 'COMPLETE',
    reasons: items.length === 0 ? [{ code: 'people.nothing-attested', params: {} }] : [],
    attestations: items.map(({ itemId, answer, note = null, evidence = [] }) => ({
      ...{ checklistId, itemId, answer, by, at, note },
      evidence: [...evidence],
    })),
  });
}
