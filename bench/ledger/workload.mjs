// What one replica is asked to append: entries of the size and shape of a real decision, each with a key of its own.
import { createHash, randomBytes } from 'node:crypto';

const ORGANISATION = '11111111-1111-4111-8111-111111111111';
const digest = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const [POLICY, EVIDENCE, MORE_EVIDENCE, WAIVERS, CHECKLIST] = ['p', 'e', 'f', 'w', 'c'].map(digest);

/** A decision about an artefact version nobody else decides about; statement about 2.3 KB, leaf 489 bytes. */
export function decision(number, key = randomBytes(16)) {
  const now = Date.now();
  const artefact = digest(`artefact ${number}`);
  return {
    orgId: ORGANISATION,
    kind: 'decision.recorded',
    actor: { principalId: 'bench' },
    subjects: [{ name: 'ART_SHOP', digest: artefact }],
    facts: {
      tsStart: now,
      tsEnd: now,
      caseId: `CASE-${number % 1000}`,
      actId: 'ACT_RELEASE',
      role: 'SEC',
      gateId: 'GATE_RELEASE',
      artId: 'ART_SHOP',
      result: 'PASS',
      severity: 'none',
      artefactDigest: artefact,
      checklistVersion: 'CHK_RELEASE@3',
      waiverIds: [],
      policyDigests: [POLICY],
      evidenceDigests: [EVIDENCE, MORE_EVIDENCE],
      waiverSetDigest: WAIVERS,
      asOf: now,
      decisionId: key.toString('hex'),
      details: {
        locus: 'release',
        verdictWithoutWaivers: 'PASS',
        validUntil: null,
        checklistDigest: CHECKLIST,
        inputsDigest: artefact,
        documentDigest: artefact,
        rules: ['secrets', 'licences', 'findings'].map((ruleId) => ({
          ruleId,
          effect: 'block',
          outcome: 'PASS',
          outcomeWithoutWaivers: 'PASS',
          violations: 0,
          waived: 0,
          gaps: 0,
        })),
      },
    },
    verdictSummary: {
      verifier: { id: 'urn:assay:verifier:bench' },
      timeVerified: new Date(now).toISOString(),
      resourceUri: 'urn:assay:artefact:ART_SHOP',
      policy: { uri: 'urn:assay:checklist:CHK_RELEASE@3', digest: { sha256: CHECKLIST.slice(7) } },
      verificationResult: 'PASSED',
      verifiedLevels: ['ASSAY_GATE_PASSED'],
    },
    key,
  };
}
