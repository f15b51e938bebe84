import type { ChecklistSource } from '../../gate/checklist.port.js';
import { EvidenceGatherer } from '../../gate/evidence-gatherer.service.js';
import { GateBatchService } from '../../gate/gate-batch.service.js';
import type { GateRead } from '../../gate/gate.read.js';
import type { GateService } from '../../gate/gate.service.js';
import { RuleJudge } from '../../gate/rule-judge.service.js';
import type { SubjectSource } from '../../gate/subject.port.js';
import { VerdictAtService } from '../../gate/verdict-at.service.js';
import type { Engine } from '../../rego/engine.port.js';
import type { WaiverRead } from '../../waiver/waiver.read.js';
import type { Platform } from '../platform/platform.js';
import { ActivationHistory } from './checklist-history.js';
import { ofOrganisations } from '../database/on-behalf-of.js';

interface Sources {
  readonly engine: Engine;
  readonly checklists: ChecklistSource;
  readonly subjects: SubjectSource;
  readonly waiverRead: WaiverRead;
  readonly gateRead: GateRead;
  readonly gates: GateService;
}

/** Asking many gates at once, and asking about the past. */
export function composeVerdicts({ database, blobs, clock }: Platform, sources: Sources) {
  const { engine, checklists, subjects, waiverRead, gateRead, gates } = sources;
  const gatherer = new EvidenceGatherer(blobs);
  const history = ofOrganisations(database.manager, ActivationHistory);
  return {
    gateBatch: new GateBatchService(gates, gatherer),
    verdictsAt: new VerdictAtService(
      { gates: gateRead, checklists, history, subjects, waivers: waiverRead },
      new RuleJudge(engine, gatherer),
      clock,
    ),
  };
}
