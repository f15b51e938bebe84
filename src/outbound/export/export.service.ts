import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { idempotencyKey, uuidFromKey } from '../../kernel/id.js';
import { failed, ok, type Result } from '../../kernel/result.js';
import type { InTransaction } from '../../kernel/transaction.js';
import { openCheckpoint, type Checkpoint } from '../../ledger/checkpoint.js';
import type { RecordedContinuation } from '../../ledger/continuation.js';
import type { Ledger } from '../../ledger/ledger.js';
import { parseVkey, type NoteVerifier } from '../../ledger/signed-note.js';
import { exportRequested } from './export-entry.js';
import type { ExportProjects } from './export-projects.port.js';
import { faultOf, faultOfPrevious, queryOf, type RequestExport } from './export-request.js';
import type { ExportRead } from './export.read.js';
import type { ExportStore } from './export.store.js';
import { asksForSame, type ExportRecord, type ExportRequest, type ExportSettings } from './export.js';
import type { ExportProblem } from './problem.js';

interface Stores {
  readonly exports: ExportStore;
  readonly ledger: Ledger;
}

/** What may be looked up before a request is recorded. */
interface Reads {
  readonly exports: ExportRead;
  /** The signed note that the log publishes, with its cosignatures; undefined before the first. */
  readonly published: () => Promise<string | undefined>;
  readonly projects: ExportProjects;
  /** The logs that this one continues (ADR 0014), newest first. */
  readonly formerLogs: () => Promise<readonly RecordedContinuation[]>;
}

/** All but the log's beginning, which only the log knows. */
export type InstalledSettings = Omit<ExportSettings, 'log'> & {
  readonly log: Omit<ExportSettings['log'], 'since'>;
};

/** Takes requests for evidence packs. Making them is the worker's. */
export class ExportService {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly reads: Reads,
    /** Asked for each request: a key that is missing shows there, and not at the start. */
    private readonly installed: () => InstalledSettings,
    private readonly clock: Clock,
  ) {}

  /**
   * Records that somebody asks for a pack, and with that all that the pack depends on: the query, the checkpoint
   * it will cover, keys and version. The ledger's entry wakes the worker. Repeated under the same key it answers
   * the export that there is.
   */
  async request(asked: RequestExport, actor: Actor): Promise<Result<ExportRecord, ExportProblem>> {
    const fault = faultOf(asked);
    if (fault) return failed(fault);
    const { orgId, principalId } = actor;
    const named = await this.lookUp(orgId, asked);
    if (!named.ok) return named;
    const covering = await this.covering(asked.previousCheckpoint);
    if (!covering.ok) return covering;

    const { checkpoint, note, settings } = covering.value;
    const entryKey = idempotencyKey(orgId, 'export.request', `${principalId} ${asked.idempotencyKey}`);
    const request: ExportRequest = {
      exportId: uuidFromKey(entryKey),
      orgId,
      query: queryOf(asked, named.value),
      checkpoint: { size: checkpoint.size, note },
      previousCheckpoint: asked.previousCheckpoint ?? null,
      settings,
      requestedBy: principalId,
      requestedAt: this.clock.now(),
      entryKey,
    };
    return this.tx<ExportRecord, ExportProblem>(async (stores) => {
      if (!(await stores.exports.add(request))) {
        const standing = await stores.exports.find(request.orgId, request.exportId);
        return standing && asksForSame(standing.request, request)
          ? ok(standing)
          : failed({ kind: 'IdempotencyConflict', seq: standing?.seq ?? null });
      }
      const appended = await stores.ledger.append(
        exportRequested(request, checkpoint, { actor, context: asked.context ?? {} }),
      );
      return appended.ok ? ok({ request, seq: appended.value.seq, pack: null, run: null }) : appended;
    });
  }

  /** What is named must exist: a pack without decisions because of a slip of the pen would look like good news. */
  private async lookUp(
    orgId: string,
    { projectId, gateId, artefactDigest }: RequestExport,
  ): Promise<Result<string | undefined, ExportProblem>> {
    const { exports, projects } = this.reads;
    const project = projectId === undefined ? undefined : await projects.projectId(orgId, projectId);
    if (projectId !== undefined && project === undefined)
      return failed({ kind: 'ProjectNotFound', project: projectId });
    if (gateId !== undefined && !(await exports.gateIsDefined(orgId, gateId)))
      return failed({ kind: 'GateNotFound', gateId });
    if (artefactDigest !== undefined && !(await exports.artefactIsRegistered(orgId, artefactDigest)))
      return failed({ kind: 'ArtefactNotFound', artId: null, digest: artefactDigest });
    return ok(project);
  }

  private async covering(previous: string | undefined): Promise<Result<Covering, ExportProblem>> {
    const note = await this.reads.published();
    const since = await this.reads.exports.beginning();
    if (note === undefined || since === undefined) return failed({ kind: 'NoCheckpointYet' });
    const installed = this.installed();
    const log = verifierOf(installed.log.vkey);
    const checkpoint = openCheckpoint(note, log);
    if (!checkpoint.ok) throw new Error(`the published checkpoint does not open: ${checkpoint.problem.kind}`);
    if (checkpoint.value.size === 0) return failed({ kind: 'NoCheckpointYet' });
    if (previous !== undefined) {
      const signers = { log, former: await this.reads.formerLogs() };
      const fault = faultOfPrevious(previous, signers, checkpoint.value);
      if (fault) return failed(fault);
    }
    const settings = { ...installed, log: { ...installed.log, since } };
    return ok({ checkpoint: checkpoint.value, note, settings });
  }
}

interface Covering {
  readonly checkpoint: Checkpoint;
  readonly note: string;
  readonly settings: ExportSettings;
}

function verifierOf(vkey: string): NoteVerifier {
  const parsed = parseVkey(vkey);
  if (!parsed.ok) throw new Error(`${vkey} is no key of ours: ${parsed.problem.kind}`);
  return parsed.value;
}
