import { GraphQLError } from 'graphql';
import type { ProcessContext } from '../kernel/actor.js';
import { contextFault } from '../kernel/process-context.js';
import type { InputMaybe, ProcessContextInput } from './generated.js';

/** What the caller said of case, activity, role and agent; what was left out stays out. Refuses what is no id. */
export function contextOf(input: InputMaybe<ProcessContextInput> | undefined): ProcessContext {
  const context = {
    ...(input?.caseId == null ? {} : { caseId: input.caseId }),
    ...(input?.actId == null ? {} : { actId: input.actId }),
    ...(input?.role == null ? {} : { role: input.role }),
    ...(input?.agent == null ? {} : { actingAgent: { ...input.agent } }),
  };
  const fault = contextFault(context);
  if (fault)
    throw new GraphQLError(`context.${fault.path}: expected ${fault.expected}`, {
      extensions: { code: 'BAD_REQUEST' },
    });
  return context;
}
