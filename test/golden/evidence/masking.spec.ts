import { maskingKey } from '../../../src/evidence/masking/mask.js';
import { SecretMasker } from '../../../src/evidence/masking/secret-masker.js';
import { normaliseEvidence } from '../../../src/formats/normalise.js';
import { describeSamples, sampleBytes, sampleJson } from './samples.js';

const KEY = maskingKey(Buffer.alloc(32, 1), 'org');

function masked(path: string): Buffer {
  const masker = new SecretMasker(KEY);
  return Buffer.concat([masker.push(sampleBytes(path)), masker.end()]);
}

/** What gitleaks found in our planted source: 3 distinct values. */
const plantedSecrets = (): string[] =>
  [
    ...new Set(
      sampleJson('secrets/goldens/gitleaks-dir.json').map((finding: { Secret: string }) => finding.Secret),
    ),
  ] as string[];

describeSamples('secrets in reports of real scanners', () => {
  it.each([
    'secrets/goldens/gitleaks-dir.json',
    'secrets/goldens/gitleaks-git.json',
    'secrets/goldens/trufflehog.jsonl',
    'secrets/goldens/planted-source.txt',
    'sarif/goldens/gitleaks-dir.sarif',
    'sarif/goldens/gitleaks-git.sarif',
  ])('%s keeps none of the planted values', (path) => {
    const secrets = plantedSecrets();
    expect(secrets).toHaveLength(3);
    const text = masked(path).toString('utf8');
    for (const secret of secrets) expect(text.includes(secret)).toBe(false);
  });

  it('leaves the reports readable, and what was found in them the same', () => {
    for (const path of [
      'sarif/goldens/gitleaks-dir.sarif',
      'sarif/goldens/eslint.sarif',
      'sarif/defectdojo/codeQL-output.sarif',
    ]) {
      const before = normaliseEvidence(sampleBytes(path));
      const after = normaliseEvidence(masked(path));
      const facts = (document: typeof before): unknown =>
        document.findings.map(({ rule, level, path: file, startLine }) => [rule, level, file, startLine]);
      expect(facts(after)).toEqual(facts(before));
      expect(after.state).toBe(before.state);
    }
  });

  it('gives secrets an identity that rests on their value and not on their line', () => {
    const { findings } = normaliseEvidence(masked('sarif/goldens/gitleaks-git.sarif'));
    expect(findings.map(({ identity }) => identity.scheme)).toEqual(Array(3).fill('class+path+secret/1'));
    expect(new Set(findings.map(({ identity }) => identity.value)).size).toBe(3);
  });

  it.each([
    'cyclonedx/goldens/cyclonedx-npm-1.6.json',
    'coverage/go/lefthook.out',
    'coverage/python/golden-line.json',
  ])('%s has nothing to mask and stays byte for byte', (path) => {
    expect(masked(path).equals(sampleBytes(path))).toBe(true);
  });
});
