import { OUT_FOLDER, type ScannerAdapter } from '../adapter.js';

const everything = (): boolean => true;

export const gitleaks: ScannerAdapter = {
  name: 'gitleaks',
  kinds: ['secrets'],
  format: 'sarif',
  install: {
    from: 'go',
    module: 'github.com/zricethezav/gitleaks/v8@v8.30.1',
    program: 'bin/gitleaks',
    files: { 'gitleaks.toml': '[extend]\nuseDefault = true\n' },
  },
  looksAt: everything,
  complete: [0, 1],
  leftOut: /\b(?:ERR|FTL)\b/,
  hides: ['.gitleaksignore', '.gitleaks.toml'],
  plan: ({ tool }) => ({
    program: `${tool}/bin/gitleaks`,
    args: [
      ...['dir', '.', '--no-banner', '--no-color', '--log-level', 'warn'],
      ...['--config', `${tool}/gitleaks.toml`, '--ignore-gitleaks-allow'],
      ...['--report-format', 'sarif', '--report-path', `${OUT_FOLDER}/gitleaks.sarif`],
    ],
    reportPath: `${OUT_FOLDER}/gitleaks.sarif`,
  }),
};

/** In no registry of a language: found where it is installed. A clean scan writes nothing. */
export const trufflehog: ScannerAdapter = {
  name: 'trufflehog',
  kinds: ['secrets'],
  format: 'trufflehog',
  install: {
    from: 'system',
    program: 'trufflehog',
    version: ['--version'],
    versionPattern: /trufflehog (\d[\w.-]*)/,
    hint: 'Debian (sid): apt-get install trufflehog; `go install` cannot build it',
  },
  looksAt: everything,
  complete: [0],
  emptyIsClean: true,
  leftOut: /"level":"error"|encountered errors during scan/,
  plan: () => ({
    program: 'trufflehog',
    args: ['filesystem', '.', '--json', '--no-verification', '--no-update'],
  }),
};

export const detectSecrets: ScannerAdapter = {
  name: 'detect-secrets',
  kinds: ['secrets'],
  format: 'detect-secrets',
  install: {
    from: 'pypi',
    packages: ['detect-secrets==1.5.0'],
    main: 'detect-secrets',
    program: 'venv/bin/detect-secrets',
  },
  languages: ['python'],
  looksAt: everything,
  complete: [0],
  // It asks GitHub and others whether a secret is alive, and takes no answer for an answer.
  plan: ({ tool }) => ({
    program: `${tool}/venv/bin/detect-secrets`,
    args: [
      ...['scan', '--all-files', '--no-verify'],
      ...['--disable-filter', 'detect_secrets.filters.allowlist.is_line_allowlisted', '.'],
    ],
  }),
};

export const secretlint: ScannerAdapter = {
  name: 'secretlint',
  kinds: ['secrets'],
  format: 'sarif',
  install: {
    from: 'npm',
    packages: [
      'secretlint@11.7.1',
      '@secretlint/secretlint-rule-preset-recommend@11.7.1',
      '@secretlint/secretlint-formatter-sarif@11.7.1',
    ],
    main: 'secretlint',
    program: 'node_modules/secretlint/bin/secretlint.js',
    files: {
      'secretlintrc.json': JSON.stringify({
        rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }],
      }),
    },
  },
  languages: ['node'],
  looksAt: everything,
  complete: [0, 1],
  hides: ['.secretlintignore'],
  plan: ({ tool }) => ({
    program: 'node',
    args: [
      `${tool}/node_modules/secretlint/bin/secretlint.js`,
      ...[
        '--secretlintrc',
        `${tool}/secretlintrc.json`,
        '--format',
        '@secretlint/secretlint-formatter-sarif',
      ],
      ...['--output', `${OUT_FOLDER}/secretlint.sarif`, '**/*'],
    ],
    reportPath: `${OUT_FOLDER}/secretlint.sarif`,
  }),
};
