import type { Actor } from '../../kernel/actor.js';
import type { ChecklistVersion } from './checklist.js';

/** What an access policy would say before it is in force; wired in `app`. */
export interface AccessTrial {
  /** Whether the actor may still activate checklists under this version of CHK_ACCESS. No answer is no. */
  mayActivateUnder(actor: Actor, checklist: ChecklistVersion): Promise<boolean>;
}
