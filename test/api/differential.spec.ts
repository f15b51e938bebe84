import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readPack } from '../../src/app/compose/packs.io.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { registerBuild, someDigest, uploadAll, type Build } from '../support/shop.js';
import { actorOf } from '../support/whole-story.js';

interface Spot {
  readonly code: string;
  readonly path?: string;
  readonly line?: number;
  readonly level?: 'error' | 'note';
}

/** What Bandit would write about these places. */
const bandit = (spots: readonly Spot[], given: object = {}): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Bandit' } },
        invocations: [{ executionSuccessful: true, ...given }],
        results: spots.map(({ code, path = 'src/a.py', line = 3, level = 'error' }) => ({
          ruleId: 'B307',
          level,
          message: { text: 'eval' },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: path },
                region: { startLine: line, snippet: { text: code } },
              },
            },
          ],
        })),
      },
    ],
  });
const SECRETS = JSON.stringify({
  version: '2.1.0',
  runs: [
    { tool: { driver: { name: 'gitleaks' } }, invocations: [{ executionSuccessful: true }], results: [] },
  ],
});
const npmAudit = (...packages: string[]): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      packages.map((name) => [
        name,
        {
          ...{ name, severity: 'high', isDirect: true, effects: [], range: '<2', fixAvailable: true },
          nodes: [`node_modules/${name}`],
          via: [
            {
              ...{ source: 1, name, dependency: name, title: `bad ${name}`, severity: 'high', range: '<2' },
              ...{ url: `https://github.com/advisories/GHSA-aaaa-bbbb-${name}`, cwe: [] },
            },
          ],
        },
      ]),
    ),
    metadata: { vulnerabilities: { total: packages.length }, dependencies: { total: 9 } },
  });

let app: TestApplication;
beforeAll(async () => {
  app = await openTestApplication();
}, 60_000);
afterAll(() => app.close());

async function buildWith(...reports: string[]): Promise<Build> {
  app.clock.advance(60_000);
  const build = await registerBuild(app);
  await uploadAll(app, build, reports);
  await app.normalise();
  return build;
}

const between = (artefact: Build, baseline: Build, more: object = {}): Promise<Answer> =>
  app.ask('auditor', 'differential', { artefact, baseline, first: 50, ...more });

const BEFORE = [{ code: 'eval(moved)' }, { code: 'eval(gone)' }, { code: 'eval(renamed)', path: 'src/b.py' }];
const AFTER = [
  { code: 'eval(moved)', line: 90 },
  { code: 'eval(new)', line: 5 },
  { code: 'eval(renamed)', path: 'src/c.py' },
  { code: 'eval(small)', level: 'note' as const },
];

describe('a differential', () => {
  it('tells new, unchanged and fixed findings apart, whatever moved or was renamed', async () => {
    const baseline = await buildWith(bandit(BEFORE), npmAudit('left', 'right'));
    const head = await buildWith(bandit(AFTER), npmAudit('right', 'other'));
    const found = await between(head, baseline);
    expect(found).toMatchObject({
      ...{ __typename: 'Differential', new: 3, unchanged: 3, fixed: 2, unknown: 0, perhapsFixed: 0 },
      incomparable: [],
      items: { totalCount: 8, pageInfo: { hasNextPage: false } },
    });
    const shown = (found.items.nodes as Answer[]).map((node) => [
      node.state,
      node.kind,
      node.component ?? `${node.path}:${node.startLine}`,
    ]);
    expect(shown).toEqual([
      ['NEW', 'vulnerability', expect.stringContaining('other')],
      ['NEW', 'sast', 'src/a.py:5'],
      ['NEW', 'sast', 'src/a.py:3'],
      ['FIXED', 'vulnerability', expect.stringContaining('left')],
      ['FIXED', 'sast', 'src/a.py:3'],
      ['UNCHANGED', 'vulnerability', expect.stringContaining('right')],
      ['UNCHANGED', 'sast', 'src/a.py:90'],
      ['UNCHANGED', 'sast', 'src/c.py:3'],
    ]);
    expect(found.items.nodes.at(-1)).toMatchObject({ renamedFrom: 'src/b.py' });
  });

  it('is paged by a cursor that counts for one state of the evidence', async () => {
    const spots = Array.from({ length: 25 }, (_, n) => ({ code: `eval(${String(n)})`, line: n + 1 }));
    const [baseline, head] = [await buildWith(bandit([])), await buildWith(bandit(spots))];
    const lines: number[] = [];
    let after: string | null = null;
    do {
      const { items } = await between(head, baseline, { first: 10, states: ['NEW'], after });
      expect(items.totalCount).toBe(25);
      lines.push(...(items.nodes as { startLine: number }[]).map(({ startLine }) => startLine));
      after = items.pageInfo.hasNextPage ? (items.pageInfo.endCursor as string) : null;
    } while (after !== null);
    expect(lines).toEqual(spots.map(({ line }) => line));
    const first = await between(head, baseline, { first: 10 });
    expect(first.items.nodes).toHaveLength(10);
    const cursor = first.items.pageInfo.endCursor as string;
    await uploadAll(app, head, [npmAudit('late')]);
    expect(await between(head, baseline, { after: cursor })).toMatchObject({ code: 'EVIDENCE_PENDING' });
    await app.normalise();
    const stale = await app.graphql('auditor', 'differential', { artefact: head, baseline, after: cursor });
    expect(stale.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_REQUEST' } });
  });

  it('says what it cannot tell, and why', async () => {
    const baseline = await buildWith(bandit(BEFORE, { executionSuccessful: false }));
    const head = await buildWith(bandit(AFTER), npmAudit('other'));
    expect(await between(head, baseline)).toMatchObject({
      ...{ new: 0, unknown: 4, unchanged: 1, perhapsFixed: 2, fixed: 0 },
      incomparable: [
        { tool: 'Bandit', why: 'NOT_COMPLETE' },
        { tool: 'npm', why: 'NO_BASELINE' },
      ],
    });
  });

  it('takes no notice of a failed run that a later one replaced', async () => {
    const baseline = await buildWith(bandit(BEFORE, { executionSuccessful: false }));
    const later = new Date(app.clock.now() + 1_000).toISOString();
    app.clock.advance(60_000);
    await uploadAll(app, baseline, [bandit(BEFORE)], { collectedAt: later });
    await app.normalise();
    const head = await buildWith(bandit(AFTER));
    expect(await between(head, baseline)).toMatchObject({ new: 2, unknown: 0, unchanged: 2, fixed: 1 });
  });

  it('knows registered versions only', async () => {
    const build = await buildWith(bandit([]));
    const stranger = { ...build, digest: someDigest() };
    for (const [artefact, baseline] of [
      [stranger, build],
      [build, stranger],
    ] as const)
      expect(await between(artefact, baseline)).toMatchObject({ code: 'ARTEFACT_NOT_FOUND' });
  });
});

describe('a gate that judges what is new', () => {
  const define = async (parameters: object): Promise<string> => {
    const officer = await actorOf(app, 'officer');
    const pack = readPack(join(import.meta.dirname, '../..'), 'pull-request');
    const published = await app.services.publishing.publishPack(officer.orgId, pack, 'system');
    if (!published.ok) throw new Error(JSON.stringify(published.problem));
    const name = randomUUID().slice(0, 8).toUpperCase();
    const checklist = await app.command('officer', 'publish-checklist', {
      chkId: `CHK_${name}`,
      title: { en: name, nl: name },
      policies: [{ policyId: 'pull-request', version: published.value.document.version, parameters }],
    });
    expect(checklist).toMatchObject({ __typename: 'ChecklistVersion' });
    const [project] = await app.services.principals.projects(officer.orgId);
    const gate = {
      ...{ orgId: officer.orgId, projectId: project!.projectId, gateId: `GATE_${name}`, title: name },
      ...{
        locus: 'PR' as const,
        chkId: `CHK_${name}`,
        checklistVersion: 1,
        ownerRole: 'QA',
        maxRunMs: 60_000,
      },
    };
    const defined = await app.services.gateDefinitions.define(
      { gate, expectedVersion: 0, context: {}, idempotencyKey: randomUUID() },
      officer,
    );
    if (!defined.ok) throw new Error(JSON.stringify(defined.problem));
    return gate.gateId;
  };
  const judged = (gateId: string, build: Build, more: object = {}): Promise<Answer> =>
    app.command('service', 'evaluate-gate', { gateId, ...build, ...more });
  const ruleOf = (decision: Answer): Answer =>
    (decision.rules as Answer[]).find(({ ruleId }) => ruleId === 'no-new-findings');
  const codes = (list: Answer[]): string[] => list.map(({ message }) => message.code as string);
  let baseline: Build;
  let head: Build;
  let gateId: string;

  beforeAll(async () => {
    gateId = await define({});
    baseline = await buildWith(bandit(BEFORE), npmAudit('left'), SECRETS);
    head = await buildWith(bandit(AFTER), npmAudit('left', 'other'), SECRETS);
  }, 60_000);

  it('fails on new findings at or above the floor only, and comes out the same again', async () => {
    const decision = await judged(gateId, head, { baseline: baseline.digest });
    const rule = ruleOf(decision);
    expect(rule).toMatchObject({ outcome: 'FAIL', gaps: [] });
    expect(codes(rule.violations).sort()).toEqual([
      'no-new-findings.new-finding',
      'no-new-findings.new-vulnerability',
    ]);
    expect(decision.baseline).toMatchObject({ artId: baseline.artId, digest: baseline.digest });
    expect(decision.baseline.evidence).toHaveLength(3);
    await uploadAll(app, baseline, [bandit(AFTER)]); // later evidence makes no difference
    await app.normalise();
    expect(await app.ask('auditor', 'replay-decision', { id: decision.id })).toMatchObject({
      same: true,
      documentDigest: decision.documentDigest,
    });
    const later = await judged(gateId, head, { baseline: baseline.digest });
    expect(later.reused).toBe(false);
    expect(codes(ruleOf(later).violations)).toEqual(['no-new-findings.new-vulnerability']);
  });

  it('cannot say what is new without a baseline', async () => {
    const rule = ruleOf(await judged(gateId, head));
    expect(rule).toMatchObject({ outcome: 'INDETERMINATE', violations: [] });
    expect(codes(rule.gaps)).toEqual(['no-new-findings.no-baseline']);
  });

  it('takes no baseline that is unknown, is the version itself, or came after it', async () => {
    expect(await judged(gateId, head, { baseline: someDigest() })).toMatchObject({
      code: 'BASELINE_NOT_FOUND',
    });
    for (const digest of [baseline.digest, head.digest])
      expect(await judged(gateId, baseline, { baseline: digest })).toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('uses the baseline that its checklist names, and lets nobody name another', async () => {
    const pinned = await define({ baseline_versions: { [baseline.artId]: [baseline.digest] } });
    const decision = await judged(pinned, head);
    expect(decision.baseline).toMatchObject({ digest: baseline.digest });
    const other = await buildWith(bandit(AFTER), npmAudit('left', 'other'), SECRETS);
    const newest = await buildWith(bandit(AFTER), npmAudit('left', 'other'), SECRETS);
    expect(await judged(pinned, newest, { baseline: other.digest })).toMatchObject({ code: 'INVALID_INPUT' });
    expect((await judged(gateId, newest, { baseline: other.digest })).verdict).toBeDefined();
  });
});
