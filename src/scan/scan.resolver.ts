import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { Caller } from '../api/caller.js';
import type {
  RequestScanInput,
  RequestScanResult,
  Scan as SdlScan,
  Scanner as SdlScanner,
  ScanTask as SdlTask,
} from '../api/generated.js';
import { badRequest, present } from '../api/present.js';
import { Requires } from '../api/requires.js';
import { Changes, watch } from '../api/watch.js';
import type { Actor, ProcessContext } from '../kernel/actor.js';
import type { Digest } from '../kernel/digest.js';
import { contextFault } from '../kernel/process-context.js';
import { SCAN_PROBLEM_MESSAGES, type ScanProblem } from './problem.js';
import { ScanDesk, type ScanView } from './scan-desk.service.js';
import { stateOfTask, topicOf, type ScanTaskRecord } from './scan.js';
import { ScanService } from './scan.service.js';

@Resolver('Scan')
export class ScanResolver {
  constructor(
    private readonly service: ScanService,
    private readonly desk: ScanDesk,
    private readonly changes: Changes,
  ) {}

  @Query('scan')
  @Requires('evidence.read')
  async find(@Args('id') id: string, @Caller() actor: Actor): Promise<SdlScan | null> {
    const found = await this.desk.find(actor, id);
    return found ? showScan(found) : null;
  }

  @Query('scans')
  @Requires('evidence.read', { artefact: 'artId' })
  async about(
    @Args('artId') artId: string,
    @Args('digest') digest: Digest,
    @Caller() actor: Actor,
  ): Promise<SdlScan[]> {
    return (await this.desk.about(actor, { artId, digest })).map(showScan);
  }

  /** The first look is at once; the last one is at the result of the last scanner. */
  @Subscription('scanProgress')
  @Requires('evidence.read')
  progress(
    @Args('id') id: string,
    @Caller() actor: Actor,
  ): AsyncIterableIterator<{ scanProgress: SdlScan | null }> {
    return watch(this.changes, {
      topic: topicOf(id),
      look: async () => ({ scanProgress: await this.find(id, actor) }),
      isLast: ({ scanProgress: shown }) => shown === null || shown.progress.done === shown.progress.total,
      // Not by the estimate, which is another one at each look.
      keyOf: ({ scanProgress: shown }) =>
        JSON.stringify((shown?.tasks ?? []).map(({ state, attempts }) => [state, attempts])),
    });
  }

  @Query('scanners')
  @Requires('evidence.read')
  scanners(): SdlScanner[] {
    return this.desk.scanners().map((one) => ({ __typename: 'Scanner', ...one, kinds: [...one.kinds] }));
  }

  @Mutation()
  @Requires('evidence.submit')
  async requestScan(
    @Args('input') { artId, digest, source, checkout, scanners, context, idempotencyKey }: RequestScanInput,
    @Caller() actor: Actor,
  ): Promise<RequestScanResult> {
    const where: ProcessContext = Object.fromEntries(
      Object.entries(context ?? {}).filter(([, value]) => value !== null),
    );
    const fault = contextFault(where);
    if (fault) return refused({ kind: 'InvalidInput', ...fault });
    const requested = await this.service.request(
      {
        ...{ artId, digest, source, scanners, context: where, idempotencyKey },
        ...(checkout == null ? {} : { checkout }),
      },
      actor,
    );
    if (!requested.ok) return refused(requested.problem);
    const view = await this.desk.show(actor, requested.value);
    if (!view) throw badRequest('scanners: expected at least one');
    return showScan(view);
  }
}

const refused = (problem: ScanProblem): RequestScanResult =>
  present(problem, SCAN_PROBLEM_MESSAGES) as RequestScanResult;

function showScan({ scanId, tasks, progress }: ScanView): SdlScan {
  const [first] = tasks;
  if (!first) throw new Error(`scan ${scanId} has no task`);
  const { artId, artefactDigest, source, requestedBy, requestedAt } = first.task;
  return {
    __typename: 'Scan',
    id: scanId,
    ...{ artId, artefactDigest, requestedBy, requestedAt },
    source: source.digest,
    checkout: source.checkout,
    progress: { __typename: 'ScanProgress', ...progress },
    tasks: tasks.map(showTask),
  };
}

function showTask(record: ScanTaskRecord): SdlTask {
  const { task, run, result, seq } = record;
  return {
    __typename: 'ScanTask',
    scanner: task.scanner,
    state: stateOfTask(record),
    attempts: run?.attempts ?? 0,
    startedAt: result?.startedAt ?? run?.startedAt ?? null,
    finishedAt: result?.finishedAt ?? null,
    outcome: result?.outcome ?? null,
    evidenceId: result?.evidenceId ?? null,
    evidence: result?.evidenceDigest ?? null,
    seq,
  };
}
