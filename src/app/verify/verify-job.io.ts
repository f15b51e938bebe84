import { setTimeout as pause } from 'node:timers/promises';
import type { VerifiedUpTo } from '../../ledger/verify.js';
import type { Pass } from '../../ledger/verify.service.js';
import type { Platform } from '../platform/platform.js';
import { verifyPass } from './verify-ledger.io.js';

/** Any constant does: one pass at a time, whatever the number of workers. */
const VERIFY_LOCK = 0x76657269; // 'veri'
/** Findings named in one log line; the metric has their number, the verifier all of them. */
const NAMED = 20;
/** How often is looked whether something is due. */
const LOOK_MS = 1_000;
/** Less than a door has to drain. */
const PATIENCE_MS = 3_000;

interface LastPass {
  readonly sinceMs: number;
  readonly sinceFullMs: number;
  readonly findings: number;
}

type Due = 'full' | 'new' | undefined;

/**
 * Verifies the ledger on a schedule: new entries often, everything from time to time. What it found is one row of
 * ledger.verification and, when it found something, a fatal line for each pass until it is gone. Where a pass
 * ended is remembered in this process alone, never in the database: that is what is being doubted.
 */
export class VerifyJob {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #upTo: VerifiedUpTo | undefined;

  constructor(private readonly platform: Platform) {}

  start(): void {
    this.#running = this.#run();
  }

  /** Gives a pass that is under way a moment to end; what it would have found, the next start finds. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.race([this.#running, pause(PATIENCE_MS)]);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.runDue();
      } catch (error) {
        this.platform.logger.warn({ err: error }, 'the verify job could not run; trying again');
      }
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One pass, if one is due and no other worker is at it. */
  async runDue(): Promise<Pass | undefined> {
    const { database } = this.platform;
    const holder = database.createQueryRunner();
    try {
      const [lock] = (await holder.query('SELECT pg_try_advisory_lock($1) AS held', [VERIFY_LOCK])) as {
        held: boolean;
      }[];
      if (!lock?.held) return undefined;
      try {
        const due = this.#due(await this.#last());
        return due && (await this.#pass(due));
      } finally {
        await holder.query('SELECT pg_advisory_unlock($1)', [VERIFY_LOCK]);
      }
    } finally {
      await holder.release();
    }
  }

  /** After a finding only a full pass can tell that all is well again. */
  #due(last: LastPass | undefined): Due {
    const { verifySeconds, verifyFullSeconds } = this.platform.config;
    if (!last || last.sinceFullMs >= verifyFullSeconds * 1000) return 'full';
    if (last.sinceMs < verifySeconds * 1000) return undefined;
    return this.#upTo && last.findings === 0 ? 'new' : 'full';
  }

  async #pass(due: 'full' | 'new'): Promise<Pass> {
    const pass = await verifyPass(this.platform, due === 'full' ? undefined : this.#upTo);
    const { report } = pass;
    this.#upTo = pass.upTo;
    await this.platform.database.query(
      `INSERT INTO ledger.verification AS v (id, at, full_at, entries, findings)
         VALUES (1, now(), now(), $1, $2)
       ON CONFLICT (id) DO UPDATE SET at = now(), entries = $1, findings = $2,
         full_at = CASE WHEN $3 THEN now() ELSE v.full_at END`,
      [report.size + report.notYetCovered, report.findings.length, due === 'full'],
    );
    if (!report.accepted)
      this.platform.logger.fatal(
        { pass: due, findings: report.findings.slice(0, NAMED), total: report.findings.length },
        'the ledger is not as it was signed: run `npx assay ledger verify`',
      );
    return pass;
  }

  async #last(): Promise<LastPass | undefined> {
    const [row] = await this.platform.database.query<LastPass[]>(
      `SELECT extract(epoch FROM now() - at)::float8 * 1000 AS "sinceMs",
              extract(epoch FROM now() - full_at)::float8 * 1000 AS "sinceFullMs", findings
         FROM ledger.verification`,
    );
    return row;
  }
}
