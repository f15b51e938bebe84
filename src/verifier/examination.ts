import type { Crypto } from './crypto.port.js';
import type { Findings } from './finding.js';
import type { Pack } from './pack.js';
import type { Pins } from './verdict.js';

/** What every step of one judgement works on. */
export interface Examination {
  readonly pack: Pack;
  readonly crypto: Crypto;
  readonly pins: Pins;
  readonly findings: Findings;
  /** For people: what was not established, though nothing is wrong. */
  readonly notices: string[];
}

/** Keys, tables of contents, notes: what is read whole though its size is not known. */
export const MOST_SMALL = 1024 * 1024;
/** Paths of what is not in the pack. */
export const GIVEN = { vkey: '--vkey', checkpoint: '--checkpoint' } as const;
