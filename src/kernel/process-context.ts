import type { AgentHeader, ProcessContext } from './actor.js';
import { parseHumanId } from './id.js';

/** Ids go into the log in clear, so nothing in them may hold prose, and with it a person's name. */
const CASE_ID = /^[A-Za-z0-9][A-Za-z0-9._/#-]{0,99}$/;
const ROLE = /^[A-Z][A-Z0-9_]{0,31}$/;

/** Names, versions and digests of machines. Printable ASCII: long enough for each, and no page of prose. */
const AGENT_TEXT = /^[\x20-\x7e]{1,200}$/;

export interface ContextFault {
  /** `caseId`, `actId`, `role` or, of the agent, `agent.modelName` and so on. */
  readonly path: string;
  readonly expected: string;
}

/** What is wrong with a process context; undefined when nothing is. */
export function contextFault({ caseId, actId, role, actingAgent }: ProcessContext): ContextFault | undefined {
  if (caseId !== undefined && !CASE_ID.test(caseId))
    return { path: 'caseId', expected: 'an id of 1 to 100 letters, digits and . _ / # -' };
  const act = actId === undefined ? undefined : parseHumanId('ACT', actId);
  if (act && !act.ok) return { path: 'actId', expected: act.problem.expected };
  if (role !== undefined && !ROLE.test(role)) return { path: 'role', expected: 'a process role such as QA' };
  return actingAgent && agentFault(actingAgent);
}

function agentFault(agent: AgentHeader): ContextFault | undefined {
  const wrong = Object.entries(agent).find(([, value]) => !AGENT_TEXT.test(String(value)));
  return wrong && { path: `agent.${wrong[0]}`, expected: '1 to 200 printable ASCII characters' };
}
