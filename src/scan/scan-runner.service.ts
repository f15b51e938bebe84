import type { RunOutcome, ToolRun } from '../formats/model/tool-run.js';
import { scanReason, type ScanReasonCode } from '../formats/scan/scan-reason.js';
import type { Reason } from '../formats/model/evidence-state.js';
import type { PlanContext, ScannerAdapter } from './adapter.js';
import type { InstalledScanner, InstalledScanners, ScannerData } from './install/installed.port.js';
import type { PreparedSource, PreparedSources, SourceFault } from './prepared-sources.port.js';
import type { Sandbox, SandboxExit, SandboxJob, SandboxLimits } from './sandbox/sandbox.port.js';
import { scannerNamed } from './scanner-registry.js';
import type { ScanTask } from './scan.js';

/** What a run came to. Without a report it is itself the evidence. */
export interface Conclusion {
  readonly run: ToolRun;
  /** Of the report. */
  readonly format: string;
  /** To be read once, before the promise of `take` is fulfilled. */
  readonly report: AsyncIterable<Uint8Array> | null;
  /** What the tool, or we, had to say. May hold secrets: it goes where evidence goes, and nowhere else. */
  readonly complaint: string;
}

type Take<T> = (conclusion: Conclusion) => Promise<T>;

/** Runs one scanner on one source. Every way in which that can end is a conclusion; exceptions are for outages. */
export class ScanRunner {
  constructor(
    private readonly scanners: InstalledScanners,
    private readonly sources: PreparedSources,
    private readonly sandbox: Sandbox,
    private readonly limits: SandboxLimits,
  ) {}

  /** Calls `take` exactly once. */
  async run<T>(task: ScanTask, take: Take<T>): Promise<T> {
    const adapter = scannerNamed(task.scanner);
    if (!adapter)
      return take(notRun(unknownScanner(task), scanReason('scan.not-installed', { scanner: task.scanner })));
    const about: About = { adapter };
    const installed = await this.scanners.find(adapter);
    if (!installed) return take(notRun(about, scanReason('scan.not-installed', { scanner: adapter.name })));
    const data = adapter.data && (await this.scanners.data(adapter.data));
    const known: About = { adapter, installed, ...(data && { data }) };
    if (adapter.data && !data)
      return take(notRun(known, scanReason('scan.no-data', { scanner: adapter.name })));
    const used = await this.sources.use(task, (source) =>
      this.scan({ ...known, adapter, installed }, source, take),
    );
    return used.ok ? used.value : take(sourceFault(known, used.problem));
  }

  /** For a task whose attempts all ended with the worker. */
  gaveUp(task: ScanTask, attempts: number): Conclusion {
    const adapter = scannerNamed(task.scanner);
    return notRun(
      adapter ? { adapter } : unknownScanner(task),
      scanReason('scan.gave-up', { attempts }),
      'FAILED',
    );
  }

  private async scan<T>(about: Runnable, source: PreparedSource, take: Take<T>): Promise<T> {
    const { adapter } = about;
    const files = source.files.filter((file) => adapter.looksAt(file));
    const seen = { ...about, files: files.length };
    if (files.length === 0)
      return take(
        notRun(seen, scanReason('scan.nothing-to-scan', { scanner: adapter.name }), 'NOTHING_TO_SCAN'),
      );
    const job = this.jobFor(about, source, files);
    const outcome = await this.sandbox.run(job, (exit, report) => take(conclude(seen, exit, report)));
    if (outcome.kind === 'ended') return outcome.value;
    return take(notRun(seen, outcome.reason, outcome.kind === 'refused' ? 'NOT_RUN' : 'FAILED'));
  }

  private jobFor(
    { adapter, installed, data }: Runnable,
    source: PreparedSource,
    files: readonly string[],
  ): SandboxJob {
    const has: PlanContext['has'] = (path) =>
      source.files.some((file) => file === path || file.startsWith(`${path}/`));
    const plan = adapter.plan({ tool: installed.tool, files, has });
    return {
      program: plan.program,
      args: plan.args,
      env: plan.env ?? {},
      path: installed.path,
      source: source.folder,
      copySource: plan.copySource ?? false,
      hidden: source.files.filter((file) => adapter.hides?.includes(file.slice(file.lastIndexOf('/') + 1))),
      folder: '',
      visible: installed.visible,
      ...(data && { data: data.folder }),
      ...(plan.reportPath !== undefined && { reportPath: plan.reportPath }),
      limits: { ...this.limits, ...adapter.limits },
    };
  }
}

type Known = Pick<
  ScannerAdapter,
  'name' | 'tool' | 'kinds' | 'format' | 'complete' | 'partial' | 'leftOut' | 'proof' | 'emptyIsClean'
>;

/** What is known of a run so far. */
interface About {
  readonly adapter: Known;
  readonly installed?: InstalledScanner;
  readonly data?: ScannerData;
  readonly files?: number;
}

interface Runnable extends About {
  readonly adapter: ScannerAdapter;
  readonly installed: InstalledScanner;
}

/** Asked for by an older release, say. It speaks to no question, and so excuses none. */
const unknownScanner = ({ scanner }: ScanTask): About => ({
  adapter: { name: scanner, kinds: [], format: '', complete: [] },
});

const runOf = (
  { adapter, installed, data, files = 0 }: About,
  rest: Pick<ToolRun, 'outcome' | 'reasons' | 'exitStatus'>,
): ToolRun => ({
  scanner: adapter.name,
  tool: { name: adapter.tool ?? adapter.name, version: installed?.version ?? null },
  kinds: adapter.kinds,
  files,
  dataDate: data?.dataDate ?? null,
  emptyIsClean: adapter.emptyIsClean ?? false,
  ...rest,
});

const notRun = (
  about: About,
  reason: Reason,
  outcome: RunOutcome = 'NOT_RUN',
  complaint = '',
): Conclusion => ({
  run: runOf(about, { outcome, reasons: [reason], exitStatus: null }),
  format: about.adapter.format,
  report: null,
  complaint,
});

const FAULTS = {
  missing: 'scan.source-missing',
  altered: 'scan.source-altered',
} as const satisfies Record<string, ScanReasonCode>;

/** The name of an entry may be anything, so it is no part of the reason. */
function sourceFault(about: About, problem: SourceFault): Conclusion {
  if (problem.kind !== 'refused') return notRun(about, scanReason(FAULTS[problem.kind]));
  const { fault } = problem;
  const reason = scanReason('scan.source-refused', { fault: fault.kind });
  return notRun(about, reason, 'NOT_RUN', JSON.stringify(fault));
}

/** What an end means is the adapter's to say. A status that it does not know is a failure, whatever was written. */
function conclude(
  about: About,
  { status, reportBytes, complaint }: SandboxExit,
  report: AsyncIterable<Uint8Array>,
): Conclusion {
  const { adapter } = about;
  const left = countLeftOut(complaint, adapter.leftOut);
  const ended = endOf(adapter, status);
  const isMissing =
    reportBytes === null || (reportBytes === 0 && (ended === 'FAILED' || !adapter.emptyIsClean));
  const reasons: Reason[] = left > 0 ? [scanReason('scan.partly', { count: left })] : [];
  if (isMissing) reasons.push(scanReason('scan.no-report', { status }));
  else if (ended !== 'FINISHED') reasons.push(scanReason('scan.exit-status', { status }));
  const idle = adapter.proof !== undefined && !adapter.proof.test(complaint);
  if (idle) reasons.push(scanReason('scan.looked-at-nothing', { scanner: adapter.name }));
  const outcome = isMissing || idle ? 'FAILED' : ended === 'FINISHED' && left > 0 ? 'PARTIAL' : ended;
  return {
    run: runOf(about, { outcome, reasons, exitStatus: status }),
    format: adapter.format,
    report: isMissing ? null : report,
    complaint,
  };
}

function endOf({ complete, partial = [] }: Known, status: number): 'FINISHED' | 'PARTIAL' | 'FAILED' {
  if (complete.includes(status)) return 'FINISHED';
  return partial.includes(status) ? 'PARTIAL' : 'FAILED';
}

const countLeftOut = (complaint: string, pattern: RegExp | undefined): number =>
  pattern === undefined ? 0 : complaint.split('\n').filter((line) => pattern.test(line)).length;
