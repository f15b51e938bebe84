import { Args, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { Caller } from '../../api/caller.js';
import type {
  EvidenceExport as SdlExport,
  EvidenceExportConnection,
  ExportQuery as SdlQuery,
  RequestExportInput,
  RequestExportResult,
  ViewerCan,
} from '../../api/generated.js';
import { contextOf } from '../../api/process-context.js';
import { badRequest, present } from '../../api/present.js';
import { Requires } from '../../api/requires.js';
import { Changes, watch } from '../../api/watch.js';
import type { Actor } from '../../kernel/actor.js';
import { parseRfc3339 } from '../../kernel/clock.js';
import { MAX_PAGE_SIZE } from '../../kernel/page.js';
import { ExportDesk } from './export-desk.service.js';
import { ExportService } from './export.service.js';
import {
  etaOf,
  isOver,
  noteDigest,
  stateOf,
  topicOf,
  type ExportQuery,
  type ExportRecord,
} from './export.js';
import { EXPORT_PROBLEM_MESSAGES } from './problem.js';

/** Whether the viewer may take it is asked only when that is asked for. */
type Shown = Omit<SdlExport, 'viewerCan'> & { readonly record: ExportRecord };

@Resolver('EvidenceExport')
export class ExportResolver {
  constructor(
    private readonly exports: ExportService,
    private readonly desk: ExportDesk,
    private readonly changes: Changes,
  ) {}

  @Query('export')
  @Requires('export.read')
  async find(@Args('id') id: string, @Caller() actor: Actor): Promise<Shown | null> {
    const found = await this.desk.find(actor, id);
    return found ? showExport(found) : null;
  }

  @Query('exports')
  @Requires('export.read')
  async list(
    @Args('first') first: number,
    @Args('after') after: string | null,
    @Caller() actor: Actor,
  ): Promise<Omit<EvidenceExportConnection, 'nodes'> & { nodes: Shown[] }> {
    const listed = await this.desk.list(actor, {
      first: Math.min(Math.max(first, 0), MAX_PAGE_SIZE),
      ...(after == null ? {} : { after }),
    });
    if (!listed.ok) throw badRequest(`after is not a cursor of ours: ${listed.problem.given}`);
    const { items, totalCount, endCursor, hasNextPage } = listed.value;
    return { nodes: items.map(showExport), totalCount, pageInfo: { endCursor, hasNextPage } };
  }

  /** The first look is at once; the last one is at the pack, or at what stands in its way. */
  @Subscription('exportProgress')
  @Requires('export.read')
  progress(
    @Args('id') id: string,
    @Caller() actor: Actor,
  ): AsyncIterableIterator<{ exportProgress: Shown | null }> {
    return watch(this.changes, {
      topic: topicOf(id),
      look: async () => {
        const found = await this.desk.find(actor, id);
        return { exportProgress: found ? showExport(found) : null };
      },
      isLast: ({ exportProgress: shown }) => shown === null || isOver(shown.record),
      keyOf: ({ exportProgress: shown }) => JSON.stringify([shown?.state, shown?.progress, shown?.failure]),
    });
  }

  @Mutation()
  @Requires('export.request')
  async requestExport(
    @Args('input') input: RequestExportInput,
    @Caller() actor: Actor,
  ): Promise<RequestExportResult | Shown> {
    const { from, to, projectId, gateId, artefactDigest, previousCheckpoint, context, idempotencyKey } =
      input;
    const requested = await this.exports.request(
      {
        ...(from == null ? {} : { from }),
        ...(to == null ? {} : { to }),
        ...(projectId == null ? {} : { projectId }),
        ...(gateId == null ? {} : { gateId }),
        ...(artefactDigest == null ? {} : { artefactDigest }),
        ...(previousCheckpoint == null ? {} : { previousCheckpoint }),
        context: contextOf(context),
        idempotencyKey,
      },
      actor,
    );
    if (requested.ok) return showExport(requested.value);
    return present(requested.problem, EXPORT_PROBLEM_MESSAGES) as RequestExportResult;
  }

  @ResolveField()
  viewerCan(@Parent() { record }: Shown, @Caller() actor: Actor): Promise<ViewerCan[]> {
    return this.desk.viewerCan(actor, record);
  }
}

function showExport(record: ExportRecord): Shown {
  const { request, pack, run, seq } = record;
  const files = pack ? (run?.total ?? 0) : (run?.done ?? 0);
  return {
    __typename: 'EvidenceExport',
    record,
    id: request.exportId,
    state: stateOf(record),
    progress: { done: files, total: run?.total ?? 0, etaMs: etaOf(record) },
    query: showQuery(request.query),
    checkpoint: { ...request.checkpoint, vkey: request.settings.log.vkey },
    uncoveredEntries: seq - request.checkpoint.size,
    previousCheckpoint: request.previousCheckpoint === null ? null : noteDigest(request.previousCheckpoint),
    pack: pack && {
      digest: pack.digest,
      sizeBytes: pack.sizeBytes,
      madeAt: pack.madeAt,
      path: `/exports/${request.exportId}`,
      ...pack.counts,
    },
    failure: pack ? null : (run?.failure ?? null),
    requestedBy: request.requestedBy,
    requestedAt: request.requestedAt,
    seq,
  };
}

const showQuery = ({ from, to, projectId, gateId, artefactDigest }: ExportQuery): SdlQuery => ({
  from: from === undefined ? null : (parseRfc3339(from) ?? null),
  to: to === undefined ? null : (parseRfc3339(to) ?? null),
  projectId: projectId ?? null,
  gateId: gateId ?? null,
  artefactDigest: artefactDigest ?? null,
});
