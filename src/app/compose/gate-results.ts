import type { Decision, DecisionDocument } from '../../gate/decision.js';
import type { GateRead } from '../../gate/gate.read.js';
import { MAX_PAGE_SIZE } from '../../kernel/page.js';
import type { ChecklistRead } from '../../policy/checklist/checklist.read.js';
import type { GateResult } from '../../process/conformance.js';
import type { GateResults } from '../../process/gate-results.port.js';
import type { StepArtefact } from '../../process/step.js';

/** What the gate module recorded, as the process asks for it. */
export class RecordedGateResults implements GateResults {
  constructor(
    private readonly gates: Pick<GateRead, 'decisions' | 'gate'>,
    private readonly checklists: Pick<ChecklistRead, 'standing'>,
  ) {}

  async about(
    orgId: string,
    artefacts: readonly Pick<StepArtefact, 'artId' | 'digest'>[],
  ): Promise<readonly GateResult[]> {
    const wanted = new Set(artefacts.map(({ artId, digest }) => `${artId} ${digest}`));
    const decisions: Decision[] = [];
    for (const digest of new Set(artefacts.map((each) => each.digest)))
      decisions.push(...(await this.everyOne(orgId, digest)).reverse());
    const counted = decisions.filter(({ artId, artefactDigest }) => wanted.has(`${artId} ${artefactDigest}`));
    const inForce = new Map<string, string | null>();
    for (const gateId of new Set(counted.map((decision) => decision.gateId)))
      inForce.set(gateId, await this.inForce(orgId, gateId));
    return counted.map((decision) => resultOf(decision, inForce.get(decision.gateId) ?? null));
  }

  /** Newest first. */
  private async everyOne(orgId: string, artefactDigest: string): Promise<Decision[]> {
    const all: Decision[] = [];
    for (let after: string | null = null; ;) {
      const page = await this.gates.decisions(
        orgId,
        { artefactDigest },
        { first: MAX_PAGE_SIZE, ...(after === null ? {} : { after }) },
      );
      if (!page.ok) throw new Error(`${page.problem.given} is no cursor of ours`);
      all.push(...page.value.items);
      if (!page.value.hasNextPage || page.value.endCursor === null) return all;
      after = page.value.endCursor;
    }
  }

  /** The version that the gate pins; without one, that of its checklist which is in force. */
  private async inForce(orgId: string, gateId: string): Promise<string | null> {
    const gate = await this.gates.gate(orgId, gateId);
    if (!gate) return null;
    const version =
      gate.checklistVersion ?? (await this.checklists.standing(orgId, gate.chkId)).version ?? null;
    return version === null ? null : `${gate.chkId}@${String(version)}`;
  }
}

function resultOf(decision: Decision, inForce: string | null): GateResult {
  const { gateId, artId, artefactDigest, decidedAt, verdict, chkId, checklistVersion } = decision;
  const { rules } = JSON.parse(decision.document) as DecisionDocument;
  return {
    ...{ gateId, artId, digest: artefactDigest, decidedAt, verdict, inForce },
    passed: verdict === 'PASS' || verdict === 'PASS_WITH_WAIVERS',
    checklistVersion: `${chkId}@${String(checklistVersion)}`,
    rules: Object.fromEntries(rules.map(({ ruleId, outcome }) => [ruleId, outcome])),
  };
}
