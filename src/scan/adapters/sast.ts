import { folderOf, named, OUT_FOLDER, withSuffix, type ScannerAdapter } from '../adapter.js';
import { GOSEC_MERGE, GOSEC_SCRIPT } from './gosec-script.js';
import { AST_GREP_RULES, ESLINT_CONFIG, SEMGREP_RULES } from './rules.js';

export const bandit: ScannerAdapter = {
  name: 'bandit',
  kinds: ['sast'],
  format: 'sarif',
  install: {
    from: 'pypi',
    packages: ['bandit[sarif]==1.9.4'],
    main: 'bandit',
    program: 'venv/bin/bandit',
  },
  languages: ['python'],
  looksAt: withSuffix('.py'),
  complete: [0, 1],
  hides: ['.bandit'],
  leftOut: /\[main\]\s+ERROR|Exception occurred|syntax error while parsing/i,
  plan: ({ tool }) => ({
    program: `${tool}/venv/bin/bandit`,
    args: ['--ignore-nosec', '-r', '.', '-f', 'sarif', '-o', `${OUT_FOLDER}/bandit.sarif`],
    reportPath: `${OUT_FOLDER}/bandit.sarif`,
  }),
};

const SEMGREP_LANGUAGES = withSuffix('.py', '.js', '.mjs', '.cjs', '.jsx', '.ts', '.tsx', '.go');

/** With rules of our own: the public ones may not be passed on (formats.md §17). */
export const semgrep: ScannerAdapter = {
  name: 'semgrep',
  kinds: ['sast'],
  format: 'semgrep',
  install: {
    from: 'pypi',
    packages: ['semgrep==1.182.0'],
    main: 'semgrep',
    program: 'venv/bin/semgrep',
    files: { 'rules.yaml': SEMGREP_RULES },
  },
  languages: ['python'],
  looksAt: SEMGREP_LANGUAGES,
  complete: [0],
  hides: ['.semgrepignore'],
  // What it cannot parse is a warning to it.
  leftOut: /Parsed lines: ~(?!100(?:\.0)?%)/,
  plan: ({ tool }) => ({
    program: `${tool}/venv/bin/semgrep`,
    args: [
      ...[
        'scan',
        '--metrics=off',
        '--disable-version-check',
        '--no-git-ignore',
        '--disable-nosem',
        '--jobs',
        '1',
      ],
      ...['--config', `${tool}/rules.yaml`, '--json', '--output', `${OUT_FOLDER}/semgrep.json`, '.'],
    ],
    env: { SEMGREP_SEND_METRICS: 'off', SEMGREP_ENABLE_VERSION_CHECK: '0' },
    reportPath: `${OUT_FOLDER}/semgrep.json`,
  }),
};

/** Says on standard error which packages it looked at; one that it cannot load it passes over in silence. */
export const gosec: ScannerAdapter = {
  name: 'gosec',
  kinds: ['sast'],
  format: 'sarif',
  install: { from: 'go', module: 'github.com/securego/gosec/v2/cmd/gosec@v2.29.0', program: 'bin/gosec' },
  languages: ['go'],
  looksAt: named('go.mod'),
  complete: [0, 1],
  leftOut: /Golang errors|error (?:parsing|building|loading)|could not import|Error building/i,
  proof: /Checking (?:package|file)/,
  plan: ({ tool, files }) => ({
    program: '/bin/sh',
    // Each module by itself, for it finds only those of the folder it is started in; then their runs in one report.
    args: ['-c', GOSEC_SCRIPT, 'sh', `${tool}/bin/gosec`, ...files.map(folderOf)],
    env: { ...GO_OFFLINE, MERGE: GOSEC_MERGE, OUT: `${OUT_FOLDER}/gosec.sarif` },
    reportPath: `${OUT_FOLDER}/gosec.sarif`,
  }),
};

/** What every tool that calls Go needs to hear: nothing can be fetched, and where it may build. */
export const GO_OFFLINE: Readonly<Record<string, string>> = {
  GOPROXY: 'off',
  GOFLAGS: '-buildvcs=false',
  GOTOOLCHAIN: 'local',
  GOTELEMETRY: 'off',
  GOCACHE: '/scratch/tmp/go-build',
  GOPATH: '/scratch/tmp/go',
};

/** The project's own configuration is code of strangers; ours is what is run. */
export const eslintSecurity: ScannerAdapter = {
  name: 'eslint-security',
  tool: 'ESLint',
  kinds: ['sast'],
  format: 'sarif',
  install: {
    from: 'npm',
    packages: [
      'eslint@10.15.0',
      'eslint-plugin-security@4.1.0',
      '@microsoft/eslint-formatter-sarif@3.1.0',
      '@typescript-eslint/parser@8.73.0',
      'typescript@6.0.3',
    ],
    main: 'eslint',
    program: 'node_modules/eslint/bin/eslint.js',
    files: { 'eslint.config.mjs': ESLINT_CONFIG },
  },
  languages: ['node'],
  looksAt: withSuffix('.js', '.mjs', '.cjs', '.jsx', '.ts', '.tsx', '.mts', '.cts'),
  complete: [0, 1],
  plan: ({ tool }) => ({
    program: 'node',
    args: [
      `${tool}/node_modules/eslint/bin/eslint.js`,
      ...['--config', `${tool}/eslint.config.mjs`, '--no-inline-config', '--no-error-on-unmatched-pattern'],
      ...['--format', `${tool}/node_modules/@microsoft/eslint-formatter-sarif/sarif.js`],
      ...['--output-file', `${OUT_FOLDER}/eslint.sarif`, '.'],
    ],
    reportPath: `${OUT_FOLDER}/eslint.sarif`,
  }),
};

export const astGrep: ScannerAdapter = {
  name: 'ast-grep',
  kinds: ['sast'],
  format: 'sarif',
  install: {
    from: 'npm',
    packages: ['@ast-grep/cli@0.51.1'],
    main: '@ast-grep/cli',
    program: 'node_modules/@ast-grep/cli/ast-grep',
    scripts: ['@ast-grep/cli'],
    files: { 'rules.yml': AST_GREP_RULES },
  },
  looksAt: SEMGREP_LANGUAGES,
  complete: [0, 1],
  plan: ({ tool }) => ({
    program: `${tool}/node_modules/@ast-grep/cli/ast-grep`,
    args: ['scan', '--rule', `${tool}/rules.yml`, '--format', 'sarif', '--no-ignore', 'vcs', '.'],
  }),
};
