import { normaliseEvidence } from '../normalise.js';

const normalised = (more: object) =>
  normaliseEvidence(
    Buffer.from(
      JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ name: 'a' }], ...more }),
    ),
  );
const kindsOf = (more: object) => normalised(more).kinds;

const trivy = { metadata: { tools: { components: [{ name: 'trivy', version: '1' }] } } };
const CVE = { id: 'CVE-2026-0001' };
const SPEAKS = ['sbom', 'vulnerabilities'];

it('is no evidence about vulnerabilities unless it lists one: an empty list may be nobody’s finding', () => {
  expect(kindsOf(trivy)).toEqual(['sbom']);
  expect(kindsOf({ ...trivy, vulnerabilities: [] })).toEqual(['sbom']);
  expect(kindsOf({ ...trivy, vulnerabilities: [CVE] })).toEqual(SPEAKS);
  expect(kindsOf({ ...trivy, vulnerabilities: ['unreadable'] })).toEqual(SPEAKS);
});

it('that lists some vulnerabilities shows these, and no absence of others', () => {
  const analysed = { ...CVE, analysis: { state: 'exploitable' } };
  const partial = [{ aggregate: 'incomplete', vulnerabilities: ['v1'] }];
  for (const some of [
    { vulnerabilities: [CVE] }, // nobody says who looked
    { ...trivy, vulnerabilities: [analysed] }, // VEX
    { ...trivy, vulnerabilities: [CVE], compositions: partial },
  ]) {
    const read = normalised(some);
    expect(read.kinds).toEqual(['sbom']);
    expect(read.vulnerabilities).toHaveLength(1);
    expect(read.reasons.map(({ code }) => code)).toContain('cyclonedx.some-vulnerabilities');
  }
  expect(normalised({ vulnerabilities: [CVE] }).state).toBe('COMPLETE'); // as a list of components
  const whole = [{ aggregate: 'complete', vulnerabilities: ['v1'] }];
  expect(kindsOf({ vulnerabilities: [analysed], compositions: whole })).toEqual(SPEAKS);
  expect(kindsOf({ ...trivy, vulnerabilities: [CVE, analysed] })).toEqual(SPEAKS);
});
