import type { Platform } from '../platform/platform.js';
import { composeAccess } from './access.js';
import { composeDrift } from './drift.js';
import { composeEvidence } from './evidence.js';
import { composeExports } from './exports.js';
import { composeFoundation } from './foundation.js';
import { composeGates } from './gates.js';
import { composeInbox } from './inbox.js';
import { composeInsight } from './insight.js';
import { composeLogServing } from './log-serving.js';
import { composeChecklists, composePolicy } from './policies.js';
import { composePolicyWork } from './policy-work.js';
import { composeProcess } from './process.js';
import { composeProtection } from './protection.js';
import { composeReplays } from './replays.js';
import { composeRuns } from './runs.js';
import { composeScans } from './scans.js';
import { composeVerdicts } from './verdicts.js';
import { composeWaivers } from './waivers.js';

/** Every use case of the application, ready to be called by whichever door is open. */
export type Services = ReturnType<typeof composeServices>;

/**
 * Builds the application on a platform, in the order of the dependency rule. The doors differ only in what they
 * put in front of this. `close` ends the evaluation threads.
 */
export function composeServices(platform: Platform) {
  const foundation = composeFoundation(platform);
  const access = composeAccess(platform, foundation);
  const policy = composePolicy(platform, foundation);
  const checklists = composeChecklists(platform, foundation, { ...access, ...policy });
  const policyWork = composePolicyWork(platform, { ...foundation, ...access, ...policy });
  const evidence = composeEvidence(platform, foundation);
  const waiver = composeWaivers(platform, {
    ...foundation,
    ...evidence.reads,
    authoriser: access.authoriser,
  });
  const gate = composeGates(platform, foundation, { ...evidence.reads, authoriser: access.authoriser });
  const replay = composeReplays(platform, { ...foundation, ...policy, ...evidence.reads, ...gate });
  const log = composeLogServing(platform);
  const runs = composeRuns(platform, { ...foundation, ...access, ...evidence.reads, ...gate });
  const drift = composeDrift(platform, { ...foundation, ...waiver, ...evidence.reads, ...gate });
  return {
    ...access,
    ...policy,
    ...checklists,
    ...policyWork,
    ...evidence.services,
    ...waiver,
    ...gate,
    ...runs,
    ...composeVerdicts(platform, { ...foundation, ...evidence.reads, ...gate }),
    ...replay,
    ...composeInsight(platform, foundation),
    ...drift,
    ...composeInbox(platform, { ...access, ...waiver, ...drift, ...runs }),
    ...composeProcess(platform, { ...foundation, ...gate }),
    ...composeScans(platform, { ...foundation, evidence: evidence.services.evidence }),
    ...composeExports(platform, { ...foundation, ...access, ...log }),
    ledgerDesk: foundation.ledgerDesk,
    appends: foundation.appender,
    ...log,
    ...composeProtection(platform, { ...foundation, ...access }),
    close: () => foundation.closeEngine(),
  };
}
