import type { EntityManager } from 'typeorm';
import { STEP_COLUMNS, stepFrom, type StepRow } from '../../gate/run/run-row.read.pg.js';
import { stepDigest } from '../../gate/run/run.js';
import type { CheckedEntry, DomainCheck, Finding } from '../../ledger/verify.js';

const STEP = /^gate-run\/([0-9a-f-]{36})\/(\d{1,9})$/;

/** Runs that do not stand where their last step left them: it moved on by being tried, decided or given up alone. */
const ASTRAY = `
  SELECT r.run_id AS "runId", r.state FROM assay.gate_run r
    LEFT JOIN assay.gate_run_step s ON s.run_id = r.run_id AND s.ordinal = r.steps
   WHERE CASE WHEN r.steps = 0 THEN r.state NOT IN ('running', 'decided', 'failed')
              WHEN s.run_id IS NULL THEN true
              WHEN s.state_after IN ('queued', 'running')
                THEN r.state NOT IN (s.state_after, 'running', 'decided', 'failed')
              ELSE r.state <> s.state_after END
      OR EXISTS (SELECT FROM assay.gate_run_step l WHERE l.run_id = r.run_id AND l.ordinal > r.steps)
   LIMIT 100`;

/**
 * Every step of a gate run against its entry, which commits to all of it, and every run against its last step. Rows
 * without an entry are the link check's.
 */
export const gateRunCheck = (manager: EntityManager): DomainCheck => ({
  standsAlone: true,
  read: async (page) => {
    const told = page.flatMap((entry) => {
      const step = subjectOf(entry);
      return step ? [{ ...step, seq: entry.seq }] : [];
    });
    if (told.length === 0) return [];
    const rows = await manager.query<StepRow[]>(
      `SELECT ${STEP_COLUMNS} FROM assay.gate_run_step WHERE run_id = ANY ($1)`,
      [told.map(({ runId }) => runId)],
    );
    const digests = new Map(rows.map((row) => [`${row.runId}/${String(row.ordinal)}`, digestSafely(row)]));
    return told.flatMap(({ runId, ordinal, digest, seq }): Finding[] => {
      const found = digests.get(`${runId}/${ordinal}`);
      if (found === digest) return [];
      const detail = `step ${ordinal} of gate run ${runId}: ${found === undefined ? 'the row is missing' : 'changed'}`;
      return [{ what: 'gate', seq, detail }];
    });
  },
  finish: async () => {
    const rows = await manager.query<{ runId: string; state: string }[]>(ASTRAY);
    return rows.map(({ runId, state }): Finding => ({
      what: 'gate',
      detail: `gate run ${runId}: is ${state}, and no step led there`,
    }));
  },
});

function subjectOf({ recorded }: CheckedEntry) {
  if (!recorded.kind.startsWith('gate-run.')) return undefined;
  for (const { name, digest } of recorded.subjects) {
    const [, runId, ordinal] = STEP.exec(name) ?? [];
    if (runId !== undefined && ordinal !== undefined) return { runId, ordinal, digest };
  }
  return undefined;
}

/** A column that cannot even be read was changed. */
function digestSafely(row: StepRow): string {
  try {
    return stepDigest(stepFrom(row));
  } catch {
    return 'unreadable';
  }
}
