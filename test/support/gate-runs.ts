import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, TestApplication, UploadOptions } from './application.js';
import { CLEAN, registerBuild, uploadAll, type Build } from './shop.js';

/** Tries three times, then waits for QA; whoever is late is told to PM and PO. */
export const GATE = {
  ...{ gateId: 'GATE_QA', project: 'shop', title: 'QA', locus: 'PR', chkId: 'CHK_DOD' },
  ...{ ownerRole: 'QA', maxRunMs: 60_000, slaMs: 60_000, pauseMs: 3_600_000, expectedVersion: 0 },
  retry: { count: 2, firstBackOffMs: 1_000, maxBackOffMs: 10_000 },
  escalation: [
    { role: 'PM', afterMs: 0 },
    { role: 'PO', afterMs: 600_000 },
  ],
};

/** A clean build whose evidence cannot be read until `mend` is called: our own fault, and not the artefact's. */
export async function brokenBuild(
  app: TestApplication,
  given: object = {},
  options: UploadOptions = {},
): Promise<{ build: Build; mend: () => void; artId: string }> {
  const artId = `ART_${randomUUID().slice(0, 8).toUpperCase()}`;
  const build = await registerBuild(app, { artId, ...given });
  await uploadAll(
    app,
    build,
    Object.values(CLEAN).map((text) => text.replace(/\n?$/, ' '.repeat(++spaces))),
    options,
  );
  await app.normalise();
  const documents = await app.database.admin.query<{ digest: string }[]>(
    `SELECT r.document_digest AS digest FROM assay.evidence_report r JOIN assay.evidence e USING (evidence_id)
      WHERE e.art_id = $1`,
    [artId],
  );
  const names = documents.map(({ digest }) => digest.slice('sha256:'.length));
  const files = readdirSync(app.platform.config.dataDir, { recursive: true })
    .map((name) => join(app.platform.config.dataDir, String(name)))
    .filter((path) => names.some((name) => path.replaceAll(/[\\/]/g, '').endsWith(name)));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    renameSync(file, `${file}.away`);
    away.add(file);
  }
  const mend = (): void => {
    for (const file of files) renameSync(`${file}.away`, file);
  };
  return { build, artId, mend };
}
let spaces = 0;
const away = new Set<string>();

/** Mends whatever is broken still. */
export function putBack(): void {
  for (const file of away) if (existsSync(`${file}.away`)) renameSync(`${file}.away`, file);
}

/** Steps of a run, as the ledger has them. */
export const entriesOf = (app: TestApplication, runId: string): Promise<Answer[]> =>
  app.database.admin.query(
    `SELECT kind, actor, statement::jsonb -> 'predicate' -> 'urn:assay:facts:v1' AS facts FROM ledger.fact
      WHERE kind LIKE 'gate-run.%' AND statement LIKE '%' || $1 || '%' ORDER BY seq`,
    [runId],
  );
/** What the worker does in one round, without a queue between. */
export async function round(app: TestApplication): Promise<void> {
  const { gateRunWatch, gates } = app.services;
  await gateRunWatch.endDead();
  await gateRunWatch.escalate();
  for (const { orgId, runId } of await gateRunWatch.due()) await gates.attempt(orgId, runId);
}
