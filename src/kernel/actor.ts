/** What a principal may do. Process roles (PO, QA, SEC …) are something else: see docs/GLOSSARY.md. */
export const ACCESS_ROLES = [
  'service',
  'developer',
  'officer',
  'approver',
  'auditor',
  'admin',
  'data-protection',
] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** Who asks, as established by access: an authenticated principal of one organisation. */
export interface Actor {
  readonly orgId: string;
  readonly principalId: string;
  readonly kind: 'person' | 'service' | 'agent';
  readonly roles: readonly AccessRole[];
  /** When the person last proved who they are (`auth_time` claim), and how (`amr`). */
  readonly authTime?: number;
  readonly amr?: readonly string[];
}

/** The service itself, of its own accord: a decision that it found stale is judged again by nobody in particular. */
export const SYSTEM_PRINCIPAL = '00000000-0000-0000-0000-000000000000';

export const systemActor = (orgId: string): Actor => ({
  orgId,
  principalId: SYSTEM_PRINCIPAL,
  kind: 'service',
  roles: [],
});

/** Where in the delivery process a command happens (customer.md, event log). All optional, always carried. */
export interface ProcessContext {
  readonly caseId?: string;
  readonly actId?: string;
  /** Process role in which the actor acts: PO, PM, ARCH, QA, SEC, DEV, OPS … */
  readonly role?: string;
  /** The AI agent that gives the command, where one does. What it is about may be another agent's work. */
  readonly actingAgent?: AgentHeader;
}

/** Model governance: which agent made something, and with what (customer.md, quality management). */
export interface AgentHeader {
  readonly agentId: string;
  readonly modelName: string;
  readonly modelVersion: string;
  /** Text, so that what was configured is recorded exactly. */
  readonly temperature: string;
  readonly presetId: string;
  readonly promptHash: string;
}
