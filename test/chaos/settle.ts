import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { HistoryCheck } from './check-history.js';
import type { StoredEntry, Verdict } from './history.js';
import { readHistory } from './history-file.js';
import { query } from './installation.js';

const PAGE = 10_000;
const STANDSTILL_LIMIT_MS = 300_000;

/** Waits until the latest published checkpoint covers every entry: what was durable is then provable too. */
export async function untilAllIsSigned(adminUrl: string): Promise<void> {
  let before: string | undefined;
  for (let since = performance.now(); ;) {
    const [row] = await query<{ next: string; signed: string | null }>(
      adminUrl,
      'SELECT next, (SELECT max(size) FROM ledger.checkpoint) AS signed FROM ledger.seqcoord',
    );
    const signed = row?.signed ?? '0';
    if (row?.next === signed) return;
    if (signed !== before) [before, since] = [signed, performance.now()];
    if (performance.now() - since > STANDSTILL_LIMIT_MS)
      throw new Error(`only ${signed} of ${row?.next ?? '?'} entries are under a checkpoint`);
    await pause(100);
  }
}

export interface Findings extends Verdict {
  /** Idempotency records that point to no entry. */
  readonly orphanKeys: number;
  /** Evidence that was received and never normalised, or more than once. */
  readonly jobsAmiss: number;
}

/** Holds the whole ledger against every history in the folder, which the checker's own files go to as well. */
export async function checkInstallation(adminUrl: string, folder: string): Promise<Findings> {
  const work = mkdtempSync(join(folder, 'check-'));
  try {
    return await checkIn(work, adminUrl, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function checkIn(work: string, adminUrl: string, folder: string): Promise<Findings> {
  const check = new HistoryCheck(work);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.history'))
    .map((name) => join(folder, name));
  for (const file of files)
    for (const event of readHistory(file)) if (event.type === 'seen') check.checkpoint(event.checkpoint);
  for await (const entry of storedEntries(adminUrl)) check.entry(entry);
  for (const file of files)
    for (const event of readHistory(file)) {
      if (event.type === 'sent') check.sent(event.key);
      else if (event.type === 'acknowledged') check.acknowledged(event.ack);
    }
  const verdict = check.verdict();
  const [row] = await query<{ orphans: string; amiss: string }>(adminUrl, AMISS);
  const [orphanKeys, jobsAmiss] = [Number(row!.orphans), Number(row!.amiss)];
  return { ...verdict, orphanKeys, jobsAmiss, accepted: verdict.accepted && orphanKeys + jobsAmiss === 0 };
}

const AMISS = `
  SELECT
    (SELECT count(*) FROM ledger.idem LEFT JOIN ledger.entry USING (seq) WHERE entry.seq IS NULL) AS orphans,
    (SELECT count(*) FROM (
       SELECT e.evidence_id FROM assay.evidence e
       LEFT JOIN assay.evidence_report r USING (evidence_id)
       GROUP BY e.evidence_id HAVING count(r.evidence_id) <> 1) AS each)
    + abs((SELECT count(*) FROM ledger.fact WHERE kind = 'evidence.received')
        - (SELECT count(*) FROM ledger.fact WHERE kind = 'evidence.normalised')) AS amiss`;

async function* storedEntries(adminUrl: string): AsyncGenerator<StoredEntry> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows: last } = await client.query<{ seq: string | null }>(
      'SELECT max(seq) AS seq FROM ledger.entry',
    );
    for (let from = 0; from <= Number(last[0]?.seq ?? -1); from += PAGE) {
      const { rows } = await client.query<Row>(ENTRIES, [from, from + PAGE]);
      for (const row of rows)
        yield {
          seq: Number(row.seq),
          key: row.idem_key ?? undefined,
          content: row.content_digest,
          leaf: row.leaf,
          leafHash: row.leaf_hash,
        };
    }
  } finally {
    await client.end();
  }
}

interface Row {
  readonly seq: string;
  readonly idem_key: Buffer | null;
  readonly content_digest: Buffer;
  readonly leaf: string;
  readonly leaf_hash: Buffer;
}
/** Both sides by range: whatever the planner knows of the tables, a page costs a page. */
const ENTRIES = `
  SELECT e.seq, i.idem_key, e.content_digest, e.leaf, e.leaf_hash
  FROM (SELECT * FROM ledger.entry WHERE seq >= $1 AND seq < $2) e
  LEFT JOIN (SELECT * FROM ledger.idem WHERE seq >= $1 AND seq < $2) i USING (seq)
  ORDER BY e.seq`;
