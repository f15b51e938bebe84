import type { ProcessContext } from '../kernel/actor.js';
import type { InputMaybe, ProcessContextInput } from './generated.js';

/** What the caller said of case, activity and role; what was left out stays out. */
export function contextOf(input: InputMaybe<ProcessContextInput> | undefined): ProcessContext {
  return {
    ...(input?.caseId == null ? {} : { caseId: input.caseId }),
    ...(input?.actId == null ? {} : { actId: input.actId }),
    ...(input?.role == null ? {} : { role: input.role }),
  };
}
