import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { EntryFacts } from './entry.js';

/** Members that every kind of entry states alike. */
export type ActedFacts = Pick<EntryFacts, 'caseId' | 'actId' | 'role' | 'actingAgent' | 'authTime' | 'amr'>;

/**
 * Who gave a command, as far as it may be said in clear, and where in the process (customer.md, event log). A
 * login is stated for every actor that has one, not for approvals alone: an auditor asks the same of whoever
 * publishes, activates, erases or holds.
 */
export function actedBy(actor: Actor | 'system', context: ProcessContext = {}): ActedFacts {
  const { caseId, actId, role, actingAgent } = context;
  const { authTime, amr } = actor === 'system' ? {} : actor;
  return {
    ...(caseId !== undefined && { caseId }),
    ...(actId !== undefined && { actId }),
    ...(role !== undefined && { role }),
    ...(actingAgent !== undefined && { actingAgent }),
    ...(authTime !== undefined && { authTime }),
    ...(amr !== undefined && { amr: [...amr] }),
  };
}
