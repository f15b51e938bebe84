import { CHANGED } from './corpus-changed.js';
import { LESS } from './corpus-less.js';
import { MORE } from './corpus-more.js';
import { MOVED } from './corpus-moved.js';
import type { Tampering } from './tampering.js';

/** Every way of ledger.md §10 no. 6 to tamper with a pack's structure. Single bits are flips.ts. */
export const CORPUS: readonly Tampering[] = [...LESS, ...MORE, ...MOVED, ...CHANGED];
