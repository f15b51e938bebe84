import type { Actor } from '../kernel/actor.js';
import type { Digest } from '../kernel/digest.js';
import type { Decision } from './decision.js';
import type { GateRead } from './gate.read.js';
import type { Gate } from './gate.js';

/** What a gate shows of its project; answered by access, wired in `app`. */
export interface ProjectNames {
  nameOf(orgId: string, projectId: string): Promise<{ slug: string; name: string }>;
  projectBySlug(orgId: string, slug: string): Promise<{ projectId: string } | undefined>;
}

/** Whether somebody may do something at all; answered by the access policy, wired in `app`. */
export interface GatePermits {
  may(
    actor: Actor,
    permission: 'gate.define' | 'gate.evaluate',
  ): Promise<{ readonly allowed: boolean; readonly reasonCode: string }>;
}

/** Everything people and services look up about gates and decisions; changes nothing. */
export class GateDesk {
  constructor(
    private readonly read: GateRead,
    private readonly projects: ProjectNames,
    private readonly permits: GatePermits,
  ) {}

  gate(actor: Actor, gateId: string): Promise<Gate | undefined> {
    return this.read.gate(actor.orgId, gateId);
  }

  gates(actor: Actor): Promise<readonly Gate[]> {
    return this.read.gates(actor.orgId);
  }

  decision(actor: Actor, decisionId: string): Promise<Decision | undefined> {
    return this.read.decision(actor.orgId, decisionId);
  }

  /** Newest first. */
  async decisionsOn(actor: Actor, artefactDigest: Digest, first: number): Promise<readonly Decision[]> {
    const page = await this.read.decisions(actor.orgId, { artefactDigest }, { first });
    if (!page.ok) throw new Error('the first page has no cursor');
    return page.value.items;
  }

  projectOf(actor: Actor, projectId: string): Promise<{ slug: string; name: string }> {
    return this.projects.nameOf(actor.orgId, projectId);
  }

  async projectId(actor: Actor, slug: string): Promise<string | undefined> {
    return (await this.projects.projectBySlug(actor.orgId, slug))?.projectId;
  }

  async viewerCan(actor: Actor): Promise<{ action: string; allowed: boolean; reasonCode: string }[]> {
    const actions = { define: 'gate.define', evaluate: 'gate.evaluate' } as const;
    return Promise.all(
      Object.entries(actions).map(async ([action, permission]) => ({
        action,
        ...(await this.permits.may(actor, permission)),
      })),
    );
  }
}
