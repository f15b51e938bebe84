import type { CheckedEntry, DomainCheck, Finding } from '../../ledger/verify.js';

/**
 * A check of things there are few of: it keeps what the entries say and compares at the end. `compare` gets
 * nothing: `collect` has filled what it closes over.
 */
export const collecting = (
  collect: (entry: CheckedEntry) => void,
  compare: () => Promise<readonly Finding[]>,
): DomainCheck => ({
  standsAlone: false,
  read: (page) => {
    page.forEach(collect);
    return Promise.resolve([]);
  },
  finish: compare,
});
