import { folderOf, named, OUT_FOLDER, withSuffix, type ScannerAdapter } from '../adapter.js';
import { DATA_FOLDER } from '../sandbox/sandbox.port.js';
import { GO_OFFLINE } from './sast.js';

const MANIFESTS = named(
  ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'package.json'],
  ...['requirements.txt', 'poetry.lock', 'Pipfile.lock', 'uv.lock', 'pyproject.toml'],
  ...['go.mod', 'Cargo.lock', 'Gemfile.lock', 'composer.lock', 'pom.xml', 'build.gradle', 'gradle.lockfile'],
  ...['packages.lock.json', 'mix.lock', 'pubspec.lock', 'conan.lock'],
);
const LOCK_FILES = named(
  ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml'],
  ...['requirements.txt', 'poetry.lock', 'Pipfile.lock', 'uv.lock'],
  ...[
    'go.mod',
    'Cargo.lock',
    'Gemfile.lock',
    'composer.lock',
    'pom.xml',
    'gradle.lockfile',
    'packages.lock.json',
  ],
);

export const syft: ScannerAdapter = {
  name: 'syft',
  kinds: ['sbom'],
  format: 'cyclonedx',
  install: { from: 'go', module: 'github.com/anchore/syft/cmd/syft@v1.52.0', program: 'bin/syft' },
  looksAt: MANIFESTS,
  complete: [0],
  leftOut: /\b(?:ERROR|WARN)\b.*(?:unable to|failed|error)/i,
  plan: ({ tool }) => ({
    program: `${tool}/bin/syft`,
    args: ['scan', 'dir:.', '-o', `cyclonedx-json=${OUT_FOLDER}/syft.cdx.json`],
    env: { SYFT_CHECK_FOR_APP_UPDATE: 'false', SYFT_QUIET: 'false' },
    reportPath: `${OUT_FOLDER}/syft.cdx.json`,
  }),
};

export const cdxgen: ScannerAdapter = {
  name: 'cdxgen',
  kinds: ['sbom'],
  format: 'cyclonedx',
  install: {
    from: 'npm',
    packages: ['@cyclonedx/cdxgen@12.8.4'],
    main: '@cyclonedx/cdxgen',
    program: 'node_modules/@cyclonedx/cdxgen/bin/cdxgen.js',
  },
  languages: ['node'],
  looksAt: MANIFESTS,
  complete: [0],
  leftOut: /\bTypeError\b|ERESOLVE|Unable to parse/,
  plan: ({ tool }) => ({
    program: 'node',
    args: [
      `${tool}/node_modules/@cyclonedx/cdxgen/bin/cdxgen.js`,
      ...[
        '--no-install-deps',
        '--no-banner',
        '--spec-version',
        '1.6',
        '-o',
        `${OUT_FOLDER}/cdxgen.cdx.json`,
        '.',
      ],
    ],
    env: { CDXGEN_NO_BANNER: 'true', NO_COLOR: '1' },
    reportPath: `${OUT_FOLDER}/cdxgen.cdx.json`,
    copySource: true,
  }),
};

/** For the lock file nearest to the root; `npm` must lie beside our own node. */
export const cyclonedxNpm: ScannerAdapter = {
  name: 'cyclonedx-npm',
  kinds: ['sbom'],
  format: 'cyclonedx',
  install: {
    from: 'npm',
    packages: ['@cyclonedx/cyclonedx-npm@6.0.1'],
    main: '@cyclonedx/cyclonedx-npm',
    program: 'node_modules/@cyclonedx/cyclonedx-npm/bin/cyclonedx-npm-cli.js',
  },
  languages: ['node'],
  looksAt: named('package-lock.json', 'npm-shrinkwrap.json'),
  complete: [0],
  // `omit=dev`, say.
  hides: ['.npmrc'],
  plan: ({ tool, files, has }) => {
    const folder = folderOf(nearestRoot(files));
    const installed = has(folder === '.' ? 'node_modules' : `${folder}/node_modules`);
    return {
      program: 'node',
      args: [
        `${tool}/node_modules/@cyclonedx/cyclonedx-npm/bin/cyclonedx-npm-cli.js`,
        ...(installed ? [] : ['--package-lock-only']),
        ...['--spec-version', '1.6', '--output-reproducible', '--output-file', `${OUT_FOLDER}/npm.cdx.json`],
        `${folder}/package.json`,
      ],
      env: {
        npm_config_offline: 'true',
        npm_config_update_notifier: 'false',
        npm_config_cache: '/scratch/tmp/npm',
      },
      reportPath: `${OUT_FOLDER}/npm.cdx.json`,
    };
  },
};

const nearestRoot = (files: readonly string[]): string =>
  [...files].sort(
    (one, other) => one.split('/').length - other.split('/').length || (one < other ? -1 : 1),
  )[0] ?? '';

const INSTALLED = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/;

/**
 * Licences of what npm installed, in the folder nearest to the root. It passes over what is missing without a word, and
 * `npm ls` does not.
 */
export const licenseChecker: ScannerAdapter = {
  name: 'license-checker',
  kinds: ['sbom'],
  format: 'license-checker',
  install: {
    from: 'npm',
    packages: ['license-checker-rseidelsohn@4.4.2'],
    main: 'license-checker-rseidelsohn',
    program: 'node_modules/license-checker-rseidelsohn/bin/license-checker-rseidelsohn.js',
  },
  languages: ['node'],
  looksAt: (path) => INSTALLED.test(path),
  complete: [0],
  leftOut: /^npm (?:ERR!|error) (?:missing|invalid):/,
  hides: ['.npmrc'],
  plan: ({ tool, files }) => {
    const found = nearestRoot(files);
    const folder = found.slice(0, found.search(/(?:^|\/)node_modules\//)) || '.';
    return {
      program: '/bin/sh',
      args: [
        '-c',
        'npm ls --all --prefix "$2" >/dev/null; exec node "$1" --start "$2" --json --out "$3"',
        ...['sh', `${tool}/node_modules/license-checker-rseidelsohn/bin/license-checker-rseidelsohn.js`],
        ...[folder, `${OUT_FOLDER}/licences.json`],
      ],
      env: {
        npm_config_offline: 'true',
        npm_config_update_notifier: 'false',
        npm_config_cache: '/scratch/tmp/npm',
      },
      reportPath: `${OUT_FOLDER}/licences.json`,
    };
  },
};

/** 127 and more: it could not. 128 is that it found no package at all. */
export const osvScanner: ScannerAdapter = {
  name: 'osv-scanner',
  kinds: ['vulnerabilities'],
  format: 'osv-scanner',
  install: {
    from: 'go',
    module: 'github.com/google/osv-scanner/cmd/osv-scanner@v1.9.2',
    program: 'bin/osv-scanner',
  },
  looksAt: LOCK_FILES,
  complete: [0, 1],
  data: 'osv',
  hides: ['osv-scanner.toml'],
  leftOut: /could not load db|failed to|unable to|Attempted to scan lockfile but failed/i,
  plan: ({ tool }) => ({
    program: `${tool}/bin/osv-scanner`,
    args: [
      ...['scan', '--experimental-offline', '--experimental-local-db-path', DATA_FOLDER],
      ...['--format', 'json', '--output', `${OUT_FOLDER}/osv.json`, '--no-ignore', '--recursive', '.'],
    ],
    reportPath: `${OUT_FOLDER}/osv.json`,
  }),
};

export const govulncheck: ScannerAdapter = {
  name: 'govulncheck',
  kinds: ['vulnerabilities'],
  format: 'govulncheck',
  install: { from: 'go', module: 'golang.org/x/vuln/cmd/govulncheck@v1.8.0', program: 'bin/govulncheck' },
  languages: ['go'],
  looksAt: named('go.mod'),
  complete: [0],
  data: 'govulndb',
  plan: ({ tool, files }) => ({
    program: '/bin/sh',
    // Each module by itself: that is what Go knows. The first that fails ends it.
    args: [
      '-c',
      'program=$1; shift; for module; do "$program" -C "$module" -db file://' +
        `${DATA_FOLDER} -format json ./... || exit; done`,
      ...['sh', `${tool}/bin/govulncheck`, ...files.map(folderOf)],
    ],
    env: GO_OFFLINE,
  }),
};

/** Its CycloneDX says which libraries there are, and not what is wrong with them. */
export const retire: ScannerAdapter = {
  name: 'retire',
  kinds: ['vulnerabilities'],
  format: 'retire',
  install: {
    from: 'npm',
    packages: ['retire@5.7.0'],
    main: 'retire',
    program: 'node_modules/retire/lib/cli.js',
  },
  languages: ['node'],
  looksAt: withSuffix('.js', 'package.json'),
  complete: [0, 13],
  data: 'retire',
  hides: ['.retireignore', '.retireignore.json'],
  plan: ({ tool }) => ({
    program: 'node',
    args: [
      `${tool}/node_modules/retire/lib/cli.js`,
      ...['--path', '.', '--jsrepo', `${DATA_FOLDER}/jsrepository-v5.json`],
      ...['--verbose', '--outputformat', 'json', '--outputpath', `${OUT_FOLDER}/retire.json`],
    ],
    reportPath: `${OUT_FOLDER}/retire.json`,
  }),
};

const INFRASTRUCTURE = withSuffix('.tf', '.tf.json', '.yaml', '.yml', 'Dockerfile', '.bicep', '.json');

export const checkov: ScannerAdapter = {
  name: 'checkov',
  kinds: ['iac'],
  format: 'sarif',
  install: {
    from: 'pypi',
    packages: ['checkov==3.3.30'],
    main: 'checkov',
    program: 'venv/bin/checkov',
  },
  languages: ['python'],
  looksAt: INFRASTRUCTURE,
  complete: [0, 1],
  leftOut: /\[ERROR\]|Failed to/,
  hides: ['.checkov.yaml', '.checkov.yml', '.checkov.baseline'],
  plan: ({ tool }) => ({
    program: `${tool}/venv/bin/python`,
    args: [
      ...['-m', 'checkov.main', '--directory', '.', '--output', 'sarif', '--output-file-path', OUT_FOLDER],
      ...[
        '--skip-download',
        '--framework',
        'terraform',
        'dockerfile',
        'kubernetes',
        'cloudformation',
        'github_actions',
      ],
      ...['--quiet', '--compact'],
    ],
    env: { LOG_LEVEL: 'WARNING', ANSI_COLORS_DISABLED: '1' },
    reportPath: `${OUT_FOLDER}/results_sarif.sarif`,
  }),
};
