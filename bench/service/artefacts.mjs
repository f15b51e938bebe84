// What is judged: one artefact version that came in as any does – registered, its reports uploaded and normalised – and as
// many versions like it as are asked for, whose rows and documents are written beside it. Each has findings of its own: its
// document is a blob of its own, at other lines. The bill of materials and the coverage are the same for all.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expectMember } from '../../scripts/demo/client.mjs';
import { EVALUATE, REGISTER, REQUEST_WAIVER, APPROVE_WAIVER } from '../../scripts/demo/operations.mjs';
import { gateInput } from '../engine/inputs.mjs';
import { ART_ID, digestOf, GATE_ID } from './requests.mjs';

const DAY_MS = 86_400_000;
/** For so long after a change a decision is looked at again, because it may have been under way when the change came. */
const UNDER_WAY_MS = 6_000;
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** The facts of bench/engine/inputs.mjs as tools report them. */
function reports() {
  const { findings, components } = gateInput();
  const levels = { high: 'error', medium: 'warning', low: 'note', none: 'none' };
  const sarif = {
    ...{ version: '2.1.0', $schema: 'https://json.schemastore.org/sarif-2.1.0.json' },
    runs: [
      {
        tool: { driver: { name: 'bench', version: '1.0.0', rules: [] } },
        invocations: [{ executionSuccessful: true }],
        results: findings.map(({ rule, severity, path, line, fingerprint }) => ({
          ...{ ruleId: rule, level: levels[severity], message: { text: `${rule} at ${path}` } },
          ...{ partialFingerprints: { 'bench/v1': fingerprint } },
          locations: [
            { physicalLocation: { artifactLocation: { uri: path }, region: { startLine: line + 1 } } },
          ],
        })),
      },
    ],
  };
  const bom = {
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
    components: components.map(({ licence, purl }, index) => ({
      ...{ type: 'library', name: `p${String(index)}`, version: purl.split('@')[1], purl },
      licenses: [{ license: { id: licence } }],
    })),
  };
  const lines = Array.from({ length: 200 }, (_, line) => `DA:${String(line + 1)},${line < 171 ? '1' : '0'}`);
  const lcov = `TN:\nSF:src/a.ts\n${lines.join('\n')}\nLF:200\nLH:171\nend_of_record\n`;
  return { 'findings.sarif': JSON.stringify(sarif), 'bom.cdx.json': JSON.stringify(bom), 'lcov.info': lcov };
}

/** Registers the first version, and has five of its ten severe findings excused at the gate. Answers their rule's name. */
export async function firstArtefact({ as, orgId, admin, dataDir }) {
  const artefact = { artId: ART_ID, digest: `sha256:${sha256('the first of the bench')}` };
  const input = { project: 'shop', name: 'Bench', ...artefact, idempotencyKey: randomUUID() };
  expectMember((await as('service').query(REGISTER, { input })).registerArtefact, 'ArtefactVersion');
  for (const [source, report] of Object.entries(reports()))
    await as('service').upload(report, { ...artefact, source, collectedAt: new Date().toISOString() });
  const before = await ask(as, artefact);
  const rule = before.rules.find(({ ruleId }) => ruleId === 'bench-findings');
  if (rule.violations.length !== 10) throw new Error(`expected 10 violations: ${JSON.stringify(before)}`);
  for (const { identity } of rule.violations.slice(0, 5)) await excuse(as, rule.ruleId, identity);
  const after = await ask(as, artefact);
  if (after.verdict !== 'FAIL' || after.waiverIds.length !== 5)
    throw new Error(`expected FAIL with five waivers: ${JSON.stringify(after)}`);
  // A bench that begins at once would have each of its first decisions looked at seven times beside it.
  await new Promise((resolve) => setTimeout(resolve, UNDER_WAY_MS));
  return {
    orgId,
    admin,
    dataDir,
    template: await documentOf({ admin, dataDir, orgId }, artefact.digest),
    digest: artefact.digest,
  };
}

async function ask(as, { artId, digest }) {
  const input = { gateId: GATE_ID, artId, digest, waitMs: 30_000, idempotencyKey: randomUUID() };
  return expectMember((await as('service').query(EVALUATE, { input })).evaluateGate, 'Decision');
}

async function excuse(as, rule, { scheme, value, occurrence }) {
  const input = {
    selectors: [{ gate: GATE_ID }, { rule }, { finding: { scheme, value, occurrence } }],
    ...{ severity: 'HIGH', effectiveUntil: new Date(Date.now() + 3 * DAY_MS).toISOString() },
    ...{ reason: 'bench', compensatingControl: 'CTL-BENCH', idempotencyKey: randomUUID() },
  };
  const waiver = expectMember((await as('lead').query(REQUEST_WAIVER, { input })).requestWaiver, 'Waiver');
  for (const who of ['approver', 'second-approver'].slice(0, waiver.requiredApprovals)) {
    const review = { waiverId: waiver.id, note: 'bench', idempotencyKey: randomUUID() };
    expectMember((await as(who).query(APPROVE_WAIVER, { input: review })).approveWaiver, 'Waiver');
  }
}

async function documentOf({ admin, dataDir, orgId }, digest) {
  const { rows } = await admin.query(
    `SELECT e.evidence_id AS id, r.document_digest AS document FROM assay.evidence e JOIN assay.evidence_report r USING (evidence_id)
      WHERE e.org_id = $1 AND e.artefact_digest = $2 AND e.source = 'findings.sarif'`,
    [orgId, digest],
  );
  const text = readFileSync(blobPath(dataDir, orgId, rows[0].document), 'utf8');
  return { evidenceId: rows[0].id, digest: rows[0].document, document: JSON.parse(text) };
}

const blobPath = (dataDir, orgId, digest) => {
  const hex = digest.slice('sha256:'.length);
  return join(dataDir, 'blobs', orgId, 'sha256', hex.slice(0, 2), hex);
};

/** The versions `from` to `to`, exclusive. `alike`: with the findings of the first, for tests of how much is borne. */
export async function makeArtefacts({ admin, dataDir, orgId, template, digest }, from, to, alike = false) {
  const { canonicalJson } = await import('../../dist/src/kernel/canonical-json.js');
  for (let start = from; start < to; start += 1_000) {
    const numbers = Array.from({ length: Math.min(1_000, to - start) }, (_, place) => start + place);
    const documents = numbers.map((n) => {
      if (alike) return template.digest;
      const findings = template.document.findings.map((finding) => ({
        ...finding,
        startLine: finding.startLine + n,
      }));
      const text = canonicalJson({ ...template.document, findings });
      const name = `sha256:${sha256(text)}`;
      const path = blobPath(dataDir, orgId, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return name;
    });
    await admin.query('BEGIN');
    await admin.query(
      `CREATE TEMP TABLE made ON COMMIT DROP AS
         SELECT n, digest, document FROM unnest($1::integer[], $2::text[], $3::text[]) AS one(n, digest, document)`,
      [numbers, numbers.map(digestOf), documents],
    );
    for (const statement of COPIES)
      await admin.query(
        statement,
        [orgId, digest, template.evidenceId].slice(0, statement.includes('$3') ? 3 : 2),
      );
    await admin.query('COMMIT');
  }
  await admin.query('ANALYZE assay.artefact_version, assay.evidence, assay.evidence_report');
}

const COPIES = [
  `INSERT INTO assay.artefact_version
     SELECT (jsonb_populate_record(v, jsonb_build_object('digest', made.digest, 'entry_key', '\\x' || md5('bench version ' || n)))).*
       FROM assay.artefact_version v, made WHERE v.org_id = $1 AND v.digest = $2`,
  `CREATE TEMP TABLE made_evidence ON COMMIT DROP AS
     SELECT n, made.digest, document, e.evidence_id AS of, gen_random_uuid() AS evidence_id, e.evidence_id = $3 AS own
       FROM assay.evidence e, made WHERE e.org_id = $1 AND e.artefact_digest = $2`,
  `INSERT INTO assay.evidence
     SELECT (jsonb_populate_record(e, jsonb_build_object('evidence_id', m.evidence_id, 'artefact_digest', m.digest,
              'stored_digest', CASE WHEN own THEN m.document ELSE e.stored_digest END,
              'entry_key', '\\x' || md5('bench evidence ' || m.evidence_id)))).*
       FROM assay.evidence e JOIN made_evidence m ON m.of = e.evidence_id WHERE e.org_id = $1 AND e.artefact_digest = $2`,
  `INSERT INTO assay.evidence_report
     SELECT (jsonb_populate_record(r, jsonb_build_object('evidence_id', m.evidence_id,
              'document_digest', CASE WHEN own THEN m.document ELSE r.document_digest END,
              'entry_key', '\\x' || md5('bench report ' || m.evidence_id)))).*
       FROM assay.evidence_report r JOIN made_evidence m ON m.of = r.evidence_id
       JOIN assay.evidence e ON e.evidence_id = r.evidence_id WHERE e.org_id = $1 AND e.artefact_digest = $2`,
];
