import { EvidenceGatherer } from '../../gate/evidence-gatherer.service.js';
import { ExplainService } from '../../gate/explain.service.js';
import type { ChecklistSource } from '../../gate/checklist.port.js';
import type { GateRead } from '../../gate/gate.read.js';
import { ReplayService } from '../../gate/replay.service.js';
import { RuleJudge } from '../../gate/rule-judge.service.js';
import { SecondOpinion } from '../../gate/second-opinion.service.js';
import type { SubjectSource } from '../../gate/subject.port.js';
import type { RegoToolchain } from '../../rego/compiler.port.js';
import type { Engine } from '../../rego/engine.port.js';
import type { WaiverRead } from '../../waiver/waiver.read.js';
import type { Platform } from '../platform/platform.js';
import type { BlobBundles } from './policy-sources.js';

/** What recorded decisions are judged again with. */
interface Sources {
  readonly engine: Engine;
  readonly toolchain: RegoToolchain;
  readonly bundles: BlobBundles;
  readonly checklists: ChecklistSource;
  readonly subjects: SubjectSource;
  readonly waiverRead: WaiverRead;
  readonly gateRead: GateRead;
}

/** Replaying and explaining recorded decisions: for the API and for `assay replay`. */
export function composeReplays({ blobs }: Pick<Platform, 'blobs'>, sources: Sources) {
  const { engine, toolchain, bundles, checklists, subjects, waiverRead, gateRead } = sources;
  const gatherer = new EvidenceGatherer(blobs);
  const replays = new ReplayService(
    gateRead,
    { checklists, subjects, waivers: waiverRead, bundles, blobs },
    new RuleJudge(engine, gatherer),
  );
  const opinions = new SecondOpinion(engine, toolchain, bundles, gatherer);
  return { replays, opinions, explaining: new ExplainService(replays, opinions) };
}
