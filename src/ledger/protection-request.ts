import type { ProtectionProblem } from './protection-problem.js';

const PROSE_LENGTH = 4_000;
/** In clear in the ledger, so nothing in it may hold prose, and with it a name. */
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._/#-]{0,99}$/;

type InvalidInput = Extract<ProtectionProblem, { kind: 'InvalidInput' }>;

const invalid = (path: string, expected: string): InvalidInput => ({ kind: 'InvalidInput', path, expected });

export const proseFault = (reason: string): InvalidInput | undefined =>
  reason.trim() === '' || reason.length > PROSE_LENGTH
    ? invalid('reason', `1 to ${String(PROSE_LENGTH)} characters`)
    : undefined;

export const referenceFault = (reference: string | undefined): InvalidInput | undefined =>
  reference !== undefined && !REFERENCE.test(reference)
    ? invalid('reference', 'an id of 1 to 100 letters, digits and . _ / # -')
    : undefined;
