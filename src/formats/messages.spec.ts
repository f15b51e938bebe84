import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVIDENCE_MESSAGES } from './messages.js';

/** Every text in our sources that has the form of a reason code. */
function codesInSources(): string[] {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.endsWith('messages.ts'),
  );
  const text = files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n');
  const codes = text.match(
    /(?<=')(?:secrets|trufflehog|detect-secrets|findings|semgrep|zap|sonar|scan|vulnerability|osv|osv-scanner|trivy|grype|npm-audit|pip-audit|govulncheck|retire|snyk|format|json|xml|sarif|cyclonedx|license-checker|spdx|statement|people|coverage|coverage\.py|go-coverprofile|gcov|gcovr|llvm-cov|simplecov|opencover|sonar-coverage|istanbul|lcov|cobertura|jacoco|clover|junit|performance|k6|autocannon|locust|patch|expected-files)\.[a-z]+(?:-[a-z]+)*(?=')/g,
  );
  const limits = ['results', 'rules', 'extensions'].map((what) => `sarif.too-many-${what}`);
  return [...new Set([...(codes ?? []), ...limits])].filter((code) => code !== 'coverage.py').sort();
}

it('has words for every reason, and for nothing else', () => {
  expect(Object.keys(EVIDENCE_MESSAGES).sort()).toEqual(codesInSources());
});

it('says the same in both languages', () => {
  const holes = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();
  for (const [code, { en, nl }] of Object.entries(EVIDENCE_MESSAGES))
    expect([code, holes(nl)]).toEqual([code, holes(en)]);
});
