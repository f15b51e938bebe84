import type { Actor } from '../kernel/actor.js';
import type { Digest } from '../kernel/digest.js';
import type { Decision } from './decision.js';
import type { GateRead } from './gate.read.js';
import type { Gate } from './gate.js';

/** What a gate shows of its project; answered by access, wired in `app`. */
export interface ProjectNames {
  nameOf(orgId: string, projectId: string): Promise<{ slug: string; name: string }>;
}

/** Everything people and services look up about gates and decisions; changes nothing. */
export class GateDesk {
  constructor(
    private readonly read: GateRead,
    private readonly projects: ProjectNames,
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
    return (await this.read.decisions(actor.orgId, { artefactDigest }, { first })).items;
  }

  projectOf(actor: Actor, projectId: string): Promise<{ slug: string; name: string }> {
    return this.projects.nameOf(actor.orgId, projectId);
  }
}
