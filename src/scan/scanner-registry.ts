import type { ScannerAdapter } from './adapter.js';
import {
  checkov,
  cdxgen,
  cyclonedxNpm,
  govulncheck,
  licenseChecker,
  osvScanner,
  retire,
  syft,
} from './adapters/components.js';
import { c8, goTest, pytestCov } from './adapters/coverage.js';
import { astGrep, bandit, eslintSecurity, gosec, semgrep } from './adapters/sast.js';
import { detectSecrets, gitleaks, secretlint, trufflehog } from './adapters/secrets.js';

/** Every scanner that can be asked for, by name. */
export const SCANNERS: readonly ScannerAdapter[] = [
  ...[gitleaks, trufflehog, detectSecrets, secretlint],
  ...[bandit, semgrep, gosec, eslintSecurity, astGrep],
  ...[syft, cdxgen, cyclonedxNpm, licenseChecker],
  ...[osvScanner, govulncheck, retire],
  checkov,
  ...[pytestCov, c8, goTest],
].sort((one, other) => (one.name < other.name ? -1 : 1));

export const SCANNER_NAMES: readonly string[] = SCANNERS.map(({ name }) => name);

export const scannerNamed = (name: string): ScannerAdapter | undefined =>
  SCANNERS.find((scanner) => scanner.name === name);
