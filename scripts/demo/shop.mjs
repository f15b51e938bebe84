// The demo's artefact: one build of test/fixtures/flawed-shop, named by what is in it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const SHOP = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'flawed-shop');

/** Reports that real tools made of the shop; `make-reports.sh` beside them says how. */
export const REPORTS = [
  'bandit.sarif',
  'eslint.sarif',
  'gitleaks.sarif',
  'sbom.cdx.json',
  'coverage.json',
  'go.coverprofile',
];

export const readReport = (name) => readFileSync(join(SHOP, 'reports', name));

/**
 * SHA-256 over the sorted listing of the shop's sources and a build stamp: every run of the demo is a build of
 * its own, so that it starts without the waivers of the last one.
 */
export function buildDigest(stamp) {
  const hash = createHash('sha256').update(`build ${stamp}\n`);
  for (const file of sourcesOf(SHOP)) {
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
    hash.update(`${digest}  ${relative(SHOP, file).split(sep).join('/')}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}

function sourcesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(SHOP, file).startsWith('reports'))
    .sort();
}
