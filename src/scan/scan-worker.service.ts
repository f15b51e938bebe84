import type { EvidenceService } from '../evidence/evidence.service.js';
import type { ReceiveEvidence } from '../evidence/receipt.js';
import type { Evidence } from '../evidence/evidence.js';
import { scanReason } from '../formats/scan/scan-reason.js';
import { encodeScanRecord } from '../formats/scan/scan-record.js';
import type { Clock, Instant } from '../kernel/clock.js';
import { idempotencyKey } from '../kernel/id.js';
import { failed, ok, type Result } from '../kernel/result.js';
import type { InTransaction } from '../kernel/transaction.js';
import type { DispatchStore } from '../ledger/dispatch.store.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ScanRunProblem } from './problem.js';
import { scanFinished } from './scan-entry.js';
import type { Conclusion, ScanRunner } from './scan-runner.service.js';
import type { ScanResult, ScanTask, ScanTaskRecord } from './scan.js';
import type { ScanStore } from './scan.store.js';
import type { SourceService } from './source.service.js';

interface Stores {
  readonly scans: ScanStore;
  readonly dispatch: Pick<DispatchStore, 'handled' | 'recorded'>;
  readonly ledger: Ledger;
}

/** The reader of the ledger that scans; never renamed. */
export const SCAN_READER = 'scan';
/** Attempts that were begun. A task that kills its worker each time must end too, with evidence that it did not. */
export const MAX_ATTEMPTS = 5;

type Outcome = Result<ScanResult, ScanRunProblem>;

/** Does what entries `scan.requested` ask for: one scanner on one source, with exactly one result. */
export class ScanWorker {
  constructor(
    private readonly tx: InTransaction<Stores>,
    private readonly runner: ScanRunner,
    private readonly evidence: Pick<EvidenceService, 'receive' | 'received'>,
    private readonly sources: Pick<SourceService, 'removeUnneeded'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs the scanner that entry `seq` asks for and records what came of it. Running twice, also at the same time or
   * after a death in between, leaves one piece of evidence, one result and one entry. Throws where trying again may help.
   */
  async runEntry(seq: number): Promise<Outcome> {
    const found = await this.tx<ScanTaskRecord, ScanRunProblem>(async ({ dispatch, scans }) => {
      const entry = await dispatch.recorded(seq);
      if (entry?.kind !== 'scan.requested') return failed({ kind: 'ScanNotFound', seq });
      const { scanId, scanner } = entry.facts.details;
      const tasks = typeof scanId === 'string' ? await scans.find(entry.orgId, scanId) : [];
      const record = tasks.find(({ task }) => task.scanner === scanner);
      if (record?.seq !== seq) return failed({ kind: 'ScanNotFound', seq });
      if (record.result) await dispatch.handled(SCAN_READER, seq);
      return ok(record);
    });
    if (!found.ok) return found;
    const { task, result } = found.value;
    const done = result ? ok(result) : await this.run(task, seq);
    if (done.ok && task.source.checkout === null)
      await this.sources.removeUnneeded(task.orgId, task.source.digest);
    return done;
  }

  private async run(task: ScanTask, seq: number): Promise<Outcome> {
    const startedAt = this.clock.now();
    // Received by a worker that died before it could say so: that is the evidence, and no other.
    const standing = await this.evidence.received(task.orgId, evidenceKey(task));
    if (standing) return this.record(task, standing, { seq, startedAt });
    const attempt = await this.tx<number, never>(async ({ scans }) => ok(await scans.begin(task, startedAt)));
    const attempts = attempt.ok ? attempt.value : 1;
    const received =
      attempts > MAX_ATTEMPTS
        ? await this.handIn(task, startedAt, this.runner.gaveUp(task, attempts - 1))
        : await this.runner.run(task, (conclusion) => this.handIn(task, startedAt, conclusion));
    return received.ok ? this.record(task, received.value, { seq, startedAt }) : received;
  }

  /** The same way in as any other evidence: masked before the first write, with its custody. */
  private async handIn(
    task: ScanTask,
    startedAt: Instant,
    { run, format, report, complaint }: Conclusion,
  ): Promise<Result<Evidence, ScanRunProblem>> {
    const { orgId, artId, artefactDigest, scanner, requestedBy } = task;
    const command: ReceiveEvidence = {
      artId,
      digest: artefactDigest,
      stream: report ?? once(encodeScanRecord(run, complaint)),
      ...(report && { declaredFormat: format }),
      source: `scan/${scanner}`,
      collectedAt: startedAt,
      toolRun: run,
      context: {},
      idempotencyKey: evidenceKey(task),
    };
    const actor = { orgId, principalId: requestedBy, kind: 'service', roles: [] } as const;
    const received = await this.evidence.receive(command, actor);
    if (received.ok) return received;
    const { problem } = received;
    // Two workers at once: the first one's is the evidence.
    const first =
      problem.kind === 'IdempotencyConflict' && (await this.evidence.received(orgId, evidenceKey(task)));
    if (first) return ok(first);
    if (!report) return failed({ kind: 'EvidenceRefused', detail: JSON.stringify(problem) });
    const reasons = [...run.reasons, scanReason('scan.report-refused', { problem: problem.kind })];
    return this.handIn(task, startedAt, {
      ...{ format, complaint, report: null },
      run: { ...run, outcome: 'FAILED', reasons },
    });
  }

  private record(
    task: ScanTask,
    evidence: Evidence,
    { seq, startedAt }: { readonly seq: number; readonly startedAt: Instant },
  ): Promise<Outcome> {
    const { scanId, scanner, orgId } = task;
    const result: ScanResult = {
      ...{ scanId, scanner, orgId, evidenceId: evidence.evidenceId, startedAt },
      outcome: evidence.toolRun?.outcome ?? 'FAILED',
      finishedAt: this.clock.now(),
      entryKey: idempotencyKey(orgId, 'scan.finish', `${scanId} ${scanner}`),
    };
    return this.tx<ScanResult, ScanRunProblem>(async ({ scans, dispatch, ledger }) => {
      const isFirst = await scans.addResult(result);
      await dispatch.handled(SCAN_READER, seq);
      if (!isFirst) {
        const standing = (await scans.find(orgId, scanId)).find((one) => one.task.scanner === scanner);
        return ok(standing?.result ?? result);
      }
      const appended = await ledger.append(scanFinished(task, result, evidence));
      return appended.ok ? ok(result) : appended;
    });
  }
}

/** One piece of evidence per task, however often it is tried. */
const evidenceKey = ({ scanId, scanner }: ScanTask): string => `scan ${scanId} ${scanner}`;

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}
