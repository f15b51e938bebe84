import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import {
  DAY_MS,
  MINUTE_MS,
  openTestApplication,
  type Answer,
  type TestApplication,
} from '../support/application.js';
import { catchUp } from '../support/drift.js';
import { CLEAN, evaluate, registerBuild, uploadAll, waiverFor, type Build } from '../support/shop.js';
import { actorOf } from '../support/whole-story.js';

let app: TestApplication;
let build: Build;
beforeAll(async () => {
  app = await openTestApplication();
  build = await registerBuild(app);
}, 120_000);
afterAll(() => app.close());

const inbox = (subject: string, section: string, more: object = {}): Promise<Answer> =>
  app.ask(subject, 'inbox', { section, ...more });
const ids = async (subject: string, section: string, more: object = {}): Promise<string[]> =>
  (await inbox(subject, section, more)).nodes.map(({ id }: Answer) => id);
const counts = async (subject: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await app.ask(subject, 'inbox-counts')).map(({ section, count }: Answer) => [section, count]),
  );

describe('waivers in an inbox', () => {
  let waiverId: string;

  it('wait for who may approve them, and for nobody else: not for who asked, not without the role', async () => {
    const waiver = await app.command('lead', 'request-waiver', waiverFor(app, build, 'coverage-floor'));
    waiverId = waiver.id;
    expect(await ids('approver', 'WAIVER_TO_REVIEW')).toEqual([waiverId]);
    expect(await ids('lead', 'WAIVER_TO_REVIEW')).toEqual([]); // an approver too, but it is their own request
    expect(await ids('developer', 'WAIVER_TO_REVIEW')).toEqual([]);
    const { nodes } = await inbox('approver', 'WAIVER_TO_REVIEW');
    expect(nodes[0]).toMatchObject({
      ...{ gateId: 'GATE_RELEASE', artId: build.artId, artefactDigest: build.digest },
      viewerCan: expect.arrayContaining([{ action: 'approve', allowed: true, reasonCode: 'ok' }]),
    });
  });

  it('wait no longer once they are approved, and are back when they end soon', async () => {
    await app.command('approver', 'approve-waiver', { waiverId, note: 'Seen' });
    expect(await ids('approver', 'WAIVER_TO_REVIEW')).toEqual([]);
    expect(await ids('developer', 'WAIVER_EXPIRES', { withinDays: 2 })).toEqual([]); // it holds for three
    expect(await ids('developer', 'WAIVER_EXPIRES', { withinDays: 4 })).toEqual([waiverId]);
    expect(await counts('developer')).toMatchObject({ WAIVER_EXPIRES: 1, WAIVER_TO_REVIEW: 0 });
  });

  it('come in pages, most urgent first', async () => {
    const ends = [5, 1, 3];
    for (const days of ends)
      await app.command('lead', 'request-waiver', {
        ...waiverFor(app, build, 'no-secrets'),
        effectiveUntil: new Date(app.clock.now() + days * DAY_MS).toISOString(),
      });
    const dues: number[] = [];
    for (let after: string | undefined; ;) {
      const page = await inbox('approver', 'WAIVER_TO_REVIEW', { first: 1, after });
      expect(page.totalCount).toBe(3);
      dues.push(
        ...page.nodes.map(({ due }: Answer) => Math.round((Date.parse(due) - app.clock.now()) / DAY_MS)),
      );
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(dues).toEqual([1, 3, 5]);
  });
});

describe('decisions in an inbox', () => {
  it('are stale until they are judged again', async () => {
    const decision = await evaluate(app, build);
    await app.services.staleMarker.follow();
    expect(await ids('auditor', 'DECISION_STALE')).toEqual([]);
    app.clock.advance(MINUTE_MS);
    await uploadAll(app, build, [CLEAN.sast]);
    await app.normalise();
    await app.services.staleMarker.follow();
    await app.services.staleMarker.follow(); // reads the entry that the first one wrote
    expect(await ids('auditor', 'DECISION_STALE')).toEqual([decision.id]);
    const may = async (subject: string): Promise<boolean> =>
      (await inbox(subject, 'DECISION_STALE')).nodes[0].viewerCan[0].allowed;
    expect([await may('service'), await may('auditor')]).toEqual([true, false]);
    await catchUp(app);
    expect(await ids('auditor', 'DECISION_STALE')).toEqual([]);
  });

  it('are named before they hold no longer', async () => {
    const judged = await registerBuild(app);
    await uploadAll(app, judged, [CLEAN.sast, CLEAN.secrets]);
    await app.normalise();
    const { id, validUntil } = await evaluate(app, judged);
    await app.services.staleMarker.follow();
    const days = (Date.parse(validUntil) - app.clock.now()) / DAY_MS;
    expect(days).toBeGreaterThan(1);
    expect(await ids('auditor', 'DECISION_EXPIRES', { withinDays: Math.ceil(days) })).toContain(id);
    expect(await ids('auditor', 'DECISION_EXPIRES', { withinDays: Math.floor(days) - 1 })).not.toContain(id);
  });
});

describe('gate runs in an inbox', () => {
  it('wait for the owner of the gate, and are late after their time', async () => {
    await app.command('officer', 'define-gate', {
      ...{ gateId: 'GATE_ONCE', project: 'shop', title: 'QA', locus: 'PR', chkId: 'CHK_DOD' },
      ...{ ownerRole: 'QA', maxRunMs: 60_000, slaMs: 60_000, pauseMs: 3_600_000, expectedVersion: 0 },
      retry: { count: 0, firstBackOffMs: 1_000, maxBackOffMs: 10_000 },
      escalation: [],
    });
    const { principalId } = await actorOf(app, 'lead');
    await app.command('admin', 'change-process-role', {
      ...{ project: 'shop', role: 'QA', principalId, assigned: true },
    });
    const broken = await registerBuild(app, { artId: 'ART_BROKEN' });
    await uploadAll(
      app,
      broken,
      Object.values(CLEAN).map((text) => `${text}  `),
    );
    await app.normalise();
    await hideDocuments('ART_BROKEN');
    await app.command('service', 'evaluate-gate', { gateId: 'GATE_ONCE', ...broken });
    expect((await inbox('lead', 'RUN_PAUSED')).nodes).toMatchObject([
      { gateId: 'GATE_ONCE', artId: 'ART_BROKEN', viewerCan: expect.any(Array) },
    ]);
    expect(await ids('developer', 'RUN_PAUSED')).toEqual([]);
    expect(await ids('auditor', 'RUN_LATE')).toEqual([]);
    app.clock.advance(2 * 3_600_000);
    expect(await ids('auditor', 'RUN_LATE')).toEqual(await ids('lead', 'RUN_PAUSED'));
  });
});

describe('an inbox', () => {
  it.each([
    { withinDays: -1 },
    { withinDays: 100_000 },
    { after: 'nonsense' },
    { after: Buffer.from('[1,2]').toString('base64url') },
  ])('refuses %j', async (wrong) => {
    const { errors } = await app.graphql('auditor', 'inbox', { section: 'WAIVER_EXPIRES', ...wrong });
    expect(errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
  });
});

/** Takes away what the evidence was read into: our own fault, and not the artefact's. */
async function hideDocuments(artId: string): Promise<void> {
  const rows = await app.database.admin.query<{ digest: string }[]>(
    `SELECT r.document_digest AS digest FROM assay.evidence_report r JOIN assay.evidence e USING (evidence_id)
      WHERE e.art_id = $1`,
    [artId],
  );
  const names = rows.map(({ digest }) => digest.slice('sha256:'.length));
  const { dataDir } = app.platform.config;
  const files = readdirSync(dataDir, { recursive: true })
    .map((name) => join(dataDir, String(name)))
    .filter((path) => names.some((name) => path.replaceAll(/[\\/]/g, '').endsWith(name)));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) renameSync(file, `${file}.away`);
}
