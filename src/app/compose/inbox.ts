import type { Actor } from '../../kernel/actor.js';
import type { Page } from '../../kernel/page.js';
import { MAX_PAGE_SIZE } from '../../kernel/page.js';
import type { DriftRead } from '../../gate/drift/drift.read.js';
import type { GatePermits } from '../../gate/gate-desk.service.js';
import type { InboxRun, InboxRuns } from '../../gate/inbox/inbox-runs.port.js';
import { InboxService } from '../../gate/inbox/inbox.service.js';
import type { GateRunDesk } from '../../gate/run/run-desk.service.js';
import type { GateRun } from '../../gate/run/run.js';
import type { RunState } from '../../gate/run/run-state.js';
import type { WaiverDesk } from '../../waiver/waiver-desk.service.js';
import type { Platform } from '../platform/platform.js';

interface Standing {
  readonly waiverDesk: WaiverDesk;
  readonly driftRead: DriftRead;
  readonly gateRunDesk: GateRunDesk;
  readonly authoriser: GatePermits;
}

/** What waits for somebody, over all that waits. */
export function composeInbox({ clock }: Pick<Platform, 'clock'>, standing: Standing) {
  const { waiverDesk, driftRead, gateRunDesk, authoriser } = standing;
  return {
    inbox: new InboxService(waiverDesk, driftRead, new RunsForInbox(gateRunDesk), authoriser, clock),
  };
}

/** States in which a run can be late. */
const UNDER_WAY: readonly RunState[] = ['queued', 'running', 'paused'];

class RunsForInbox implements InboxRuns {
  constructor(private readonly desk: Pick<GateRunDesk, 'list' | 'viewerCan' | 'isLate'>) {}

  async paused(actor: Actor, limit: number): Promise<readonly InboxRun[]> {
    return this.shown(actor, await this.all(actor, 'paused', limit));
  }

  async late(actor: Actor, limit: number): Promise<readonly InboxRun[]> {
    const runs: GateRun[] = [];
    for (const state of UNDER_WAY) runs.push(...(await this.all(actor, state, limit)));
    return this.shown(
      actor,
      runs.filter((run) => this.desk.isLate(run)),
    );
  }

  private shown(actor: Actor, runs: readonly GateRun[]): Promise<readonly InboxRun[]> {
    return Promise.all(
      runs.map(async (run) => {
        const { runId, gateId, artId, artefactDigest, startedAt, dueAt } = run;
        const viewerCan = await this.desk.viewerCan(actor, run);
        return { runId, gateId, artId, artefactDigest, startedAt, dueAt, viewerCan };
      }),
    );
  }

  private async all(actor: Actor, state: RunState, limit: number): Promise<readonly GateRun[]> {
    const all: GateRun[] = [];
    for (let after: string | undefined; all.length < limit;) {
      const first = Math.min(MAX_PAGE_SIZE, limit - all.length);
      const page = await this.desk.list(actor, { state }, { first, ...(after !== undefined && { after }) });
      if (!page.ok) throw new Error(`${page.problem.given} is no cursor of ours`);
      const { items, hasNextPage, endCursor }: Page<GateRun> = page.value;
      all.push(...items);
      if (!hasNextPage || endCursor === null) break;
      after = endCursor;
    }
    return all;
  }
}
