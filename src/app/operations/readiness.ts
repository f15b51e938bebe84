import { digestFrom } from '../../kernel/digest.js';
import { pendingMigrations } from '../database/migrate.js';
import { ofAll } from '../database/on-behalf-of.js';
import type { Platform } from '../platform/platform.js';
import { BlobBundles } from '../compose/policy-sources.js';

/** One thing that must be so before work is sent here. The detail is for operators and names no secret. */
export interface CheckResult {
  readonly ok: boolean;
  readonly detail: string;
}
export type ReadinessChecks = Readonly<Record<string, () => Promise<CheckResult>>>;

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** A check that has not answered by then counts as failed: a probe must not hang. */
const CHECK_LIMIT_MS = 2_000;
/** The integrator signs several times a second; entries that wait so long mean that it is away. */
const OLDEST_UNSIGNED_MS = 60_000;

/** All at once; one that throws has failed, with the reason kept to its kind. */
export async function assess(checks: ReadinessChecks): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await limited(check)] as const),
  );
  return { ready: results.every(([, result]) => result.ok), checks: Object.fromEntries(results) };
}

async function limited(check: () => Promise<CheckResult>): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => {
      resolve({ ok: false, detail: `no answer within ${CHECK_LIMIT_MS} ms` });
    }, CHECK_LIMIT_MS);
  });
  const answer = check().catch((): CheckResult => ({ ok: false, detail: 'failed: see the log' }));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the worker needs to do its work. */
export function workerReadiness({ database }: Pick<Platform, 'database'>): ReadinessChecks {
  let migrated = false; // migrations are not taken back under a running service
  return {
    database: async () => {
      await ofAll(database.manager).query('SELECT 1'); // and may be asked for every organisation: else nobody is recognised
      return { ok: true, detail: 'answers' };
    },
    migrations: async () => {
      const pending = migrated ? [] : await pendingMigrations((sql) => database.query(sql));
      migrated = pending.length === 0;
      return { ok: migrated, detail: migrated ? 'current' : `pending: ${pending.join(', ')}` };
    },
  };
}

/** What the integrator needs, and that it does its work. */
export const integratorReadiness = (platform: Pick<Platform, 'database' | 'clock'>): ReadinessChecks => ({
  integrator: integratorCheck(platform),
});

/** What the API needs to do its work. */
export function apiReadiness(platform: Platform): ReadinessChecks {
  const { database, blobs } = platform;
  const bundles = new BlobBundles(blobs);
  const provenBundles = new Set<string>(); // content never changes, so once found is enough
  return {
    ...workerReadiness(platform),
    policies: async () => {
      const rows = await ofAll(database.manager).query<{ bundle: string }[]>(
        `SELECT DISTINCT document::jsonb ->> 'bundle' AS bundle FROM assay.policy_version`,
      );
      for (const { bundle } of rows) {
        if (provenBundles.has(bundle)) continue;
        if (!(await bundles.get(digestFrom(bundle)))) return { ok: false, detail: `not compiled: ${bundle}` };
        provenBundles.add(bundle);
      }
      return { ok: true, detail: `${rows.length} compiled` };
    },
    // Shown, not refused: whoever edits one row must not be able to stop every gate by it. The alarm is the metric.
    verification: async () => {
      const [last] = await database.query<{ findings: number; at: Date }[]>(
        'SELECT findings, at FROM ledger.verification',
      );
      if (!last) return { ok: true, detail: 'no pass of the verify job yet' };
      return { ok: true, detail: `${last.findings} findings on ${last.at.toISOString()}` };
    },
    integrator: integratorCheck(platform),
  };
}

/** No entry waits for a signature for long. */
const integratorCheck =
  ({ database, clock }: Pick<Platform, 'database' | 'clock'>) =>
  async (): Promise<CheckResult> => {
    const [lag] = await database.query<{ entries: string; oldest: Date | null; refused: string | null }[]>(
      `SELECT coalesce((SELECT max(seq) + 1 FROM ledger.entry), 0) - signed.size AS entries,
           (SELECT at FROM ledger.entry WHERE seq = signed.size) AS oldest,
           (SELECT problem FROM ledger.signing) AS refused
         FROM (SELECT coalesce(max(size), 0) AS size FROM ledger.checkpoint) AS signed`,
    );
    if (lag?.refused) return { ok: false, detail: `refuses to sign: ${lag.refused}` };
    const waitedMs = lag?.oldest ? clock.now() - lag.oldest.getTime() : 0;
    return { ok: waitedMs <= OLDEST_UNSIGNED_MS, detail: `${lag?.entries ?? 0} entries not signed yet` };
  };
