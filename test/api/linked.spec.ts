import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import fc from 'fast-check';
import { BlobBundles, PinnedChecklists } from '../../src/app/compose/policy-sources.js';
import type { PinnedChecklist } from '../../src/gate/checklist.js';
import { asInputs, orderEvidence } from '../../src/gate/decision-input.js';
import { EvidenceGatherer } from '../../src/gate/evidence-gatherer.service.js';
import { RuleJudge } from '../../src/gate/rule-judge.service.js';
import type { JudgedEvidence } from '../../src/gate/subject.js';
import { digestFrom, sha256 } from '../../src/kernel/digest.js';
import { ThreadedEngine } from '../../src/rego/host/engine.io.js';
import { openTestApplication, START, type TestApplication } from '../support/application.js';
import { badReport, BAD_REPORTS, CLEAN, registerBuild, report, REPORTS, uploadAll } from '../support/shop.js';

const RUNS = 150;

/**
 * The packs that judge, all in one checklist: two of them have the same rules, with parameters of their own.
 * One module for all of them must say what each one's own module says.
 */
describe('a linked checklist', () => {
  let app: TestApplication;
  let linked: PinnedChecklist;
  let evidence: readonly JudgedEvidence[];
  let judge: RuleJudge;
  let engine: ThreadedEngine;

  beforeAll(async () => {
    app = await openTestApplication();
    const published = await app.command('officer', 'publish-checklist', {
      chkId: 'CHK_ALL',
      title: { en: 'All', nl: 'Alles' },
      policies: ['secure-release', 'model-governance', 'definition-of-done'].map((policyId) => ({
        policyId,
        version: policyId === 'secure-release' ? '1.2.0' : '1.1.0',
      })),
    });
    expect(published.bundle).toMatch(/^sha256:/);
    const build = await registerBuild(app);
    const reports = [
      ...REPORTS.map(report),
      ...Object.values(CLEAN).map((text) => Buffer.from(text)),
      ...BAD_REPORTS.map(badReport).filter((bytes) => bytes.length > 0),
    ];
    await uploadAll(app, build, reports);
    await app.normalise();
    const [{ orgId }] = await app.database.admin.query<[{ orgId: string }]>(
      'SELECT org_id AS "orgId" FROM assay.organisation',
    );
    const rows = await app.database.admin.query<{ storedDigest: string; documentDigest: string }[]>(
      `SELECT e.stored_digest AS "storedDigest", r.document_digest AS "documentDigest"
         FROM assay.evidence e JOIN assay.evidence_report r USING (evidence_id) ORDER BY 1`,
    );
    evidence = rows.map((row) => ({
      storedDigest: digestFrom(row.storedDigest),
      documentDigest: digestFrom(row.documentDigest),
      collectedAt: START,
    }));
    expect(evidence.length).toBeGreaterThan(15);
    const { policyRead, checklistRead } = app.services;
    const found = await new PinnedChecklists(policyRead, checklistRead).pinned(orgId, 'CHK_ALL', 1);
    if (!found) throw new Error('not published');
    linked = found;
    const { root } = app.platform.config;
    const thread = pathToFileURL(join(root, 'dist/src/rego/host/evaluate.io.js'));
    engine = new ThreadedEngine(new BlobBundles(app.platform.blobs), thread);
    judge = new RuleJudge(
      engine,
      new EvidenceGatherer({
        ...app.platform.blobs,
        get: (_, digest) => app.platform.blobs.get(orgId, digest),
      }),
    );
  }, 120_000);
  afterAll(async () => {
    await engine.close();
    await app.close();
  });

  it('judges as its policies do one by one, whatever the evidence and the parameters', async () => {
    let sameRuleDiffered = 0;
    const percent = fc.integer({ min: 0, max: 100 });
    const scenario = fc.record({
      pieces: fc.uniqueArray(fc.nat(evidence.length - 1), { maxLength: 6 }),
      floors: fc.tuple(percent, percent),
      severity: fc.constantFrom('critical', 'high', 'medium', 'low'),
      required: fc.subarray(['sast', 'secrets', 'sbom', 'coverage'], { minLength: 1 }),
      asOfDays: fc.constantFrom(0, 0, 1, 2, 40),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ pieces, floors, severity, required, asOfDays }) => {
        const parameters = [
          { coverage_floor: floors[0], severity_threshold: severity, required_evidence_kinds: required },
          {},
          { coverage_floor: floors[1] },
        ];
        const policies = linked.policies.map((policy, at) => {
          const known = Object.entries(parameters[at] ?? {}).filter(([name]) => name in policy.parameters);
          return { ...policy, parameters: { ...policy.parameters, ...Object.fromEntries(known) } };
        });
        const chosen = pieces.flatMap((at) => evidence[at] ?? []);
        const inputs = asInputs({
          orgId: 'o',
          gate: { gateId: 'GATE_A', locus: 'RELEASE' },
          checklist: { ...linked, policies },
          artefact: {
            ...{ artId: 'ART_A', digest: sha256('a'), projectId: 'p' },
            ...{ registeredAt: 0, authorId: null, agent: null },
          },
          evidence: orderEvidence(chosen),
          waivers: [],
        });
        const { bundle: _, ...apart } = inputs.checklist;
        const asOf = START + asOfDays * 86_400_000;
        const together = await judge.judge(inputs, asOf, 20_000);
        const onebyone = await judge.judge({ ...inputs, checklist: apart }, asOf, 20_000);
        expect(together.judged).toEqual(onebyone.judged);
        expect(together.judged.rules.filter(({ outcome }) => outcome === 'ERROR')).toEqual([]);
        const floorsSaid = together.judged.rules.filter(({ ruleId }) => ruleId === 'coverage-floor');
        // Each was asked with its own policy's parameter, in one module with the other.
        expect(floorsSaid.map(({ facts }) => facts['floorHundredths'])).toEqual(floors.map((at) => at * 100));
        if (floorsSaid[0]?.outcome !== floorsSaid[1]?.outcome) sameRuleDiffered += 1;
      }),
      { numRuns: RUNS },
    );
    expect(sameRuleDiffered).toBeGreaterThan(0);
  }, 300_000);
});
