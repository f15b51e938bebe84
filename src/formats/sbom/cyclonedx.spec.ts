import { normaliseEvidence } from '../normalise.js';

const kindsOf = (more: object) =>
  normaliseEvidence(
    Buffer.from(
      JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ name: 'a' }], ...more }),
    ),
  ).kinds;

it('is no evidence about vulnerabilities unless it lists one: an empty list may be nobody’s finding', () => {
  expect(kindsOf({})).toEqual(['sbom']);
  expect(kindsOf({ vulnerabilities: [] })).toEqual(['sbom']);
  expect(kindsOf({ vulnerabilities: [{ id: 'CVE-2026-0001' }] })).toEqual(['sbom', 'vulnerabilities']);
  expect(kindsOf({ vulnerabilities: ['unreadable'] })).toEqual(['sbom', 'vulnerabilities']);
});
