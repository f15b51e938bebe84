import { folderOf, named, OUT_FOLDER, withSuffix, type ScannerAdapter } from '../adapter.js';
import { GO_OFFLINE } from './sast.js';

/**
 * Runners of the project's own tests, for projects that ask for them by name. They run code of the source, in the
 * sandbox and without a network: what they report is only as honest as that code.
 */
export const pytestCov: ScannerAdapter = {
  name: 'pytest-cov',
  tool: 'coverage.py',
  kinds: ['coverage'],
  format: 'coverage.py',
  install: {
    from: 'pypi',
    packages: ['pytest==9.2.0', 'pytest-cov==7.1.0', 'coverage==7.17.3'],
    main: 'coverage',
    program: 'venv/bin/pytest',
  },
  languages: ['python'],
  looksAt: withSuffix('.py'),
  complete: [0],
  partial: [1],
  plan: ({ tool }) => ({
    program: `${tool}/venv/bin/python`,
    args: [
      '-m',
      'pytest',
      '-q',
      '-p',
      'no:cacheprovider',
      '--cov',
      `--cov-report=json:${OUT_FOLDER}/coverage.json`,
    ],
    env: { PYTHONDONTWRITEBYTECODE: '1' },
    reportPath: `${OUT_FOLDER}/coverage.json`,
    copySource: true,
  }),
};

export const c8: ScannerAdapter = {
  name: 'c8',
  kinds: ['coverage'],
  format: 'lcov',
  install: { from: 'npm', packages: ['c8@12.0.0'], main: 'c8', program: 'node_modules/c8/bin/c8.js' },
  languages: ['node'],
  looksAt: named('package.json'),
  complete: [0],
  partial: [1],
  plan: ({ tool }) => ({
    program: 'node',
    args: [
      `${tool}/node_modules/c8/bin/c8.js`,
      ...['--all', '--reporter=lcovonly', '--report-dir', OUT_FOLDER, '--temp-directory', '/scratch/tmp/c8'],
      ...['npm', 'test', '--silent'],
    ],
    env: {
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
      npm_config_cache: '/scratch/tmp/npm',
    },
    reportPath: `${OUT_FOLDER}/lcov.info`,
    copySource: true,
  }),
};

export const goTest: ScannerAdapter = {
  name: 'go-test',
  tool: 'go',
  kinds: ['coverage'],
  format: 'go-coverprofile',
  install: {
    from: 'system',
    program: 'go',
    version: ['version'],
    versionPattern: /go version go(\S+)/,
    hint: 'Go from go.dev or the package manager of the system',
  },
  languages: ['go'],
  looksAt: named('go.mod'),
  complete: [0],
  partial: [1],
  plan: ({ files }) => ({
    program: '/bin/sh',
    // One profile for all modules: the header line of every one but the first is left out.
    args: [
      '-c',
      'status=0; echo "mode: set" >"$0"; for module; do rm -f /scratch/tmp/one; ' +
        '(cd "$module" && go test -count=1 -covermode=set -coverprofile=/scratch/tmp/one ./... >&2) || status=1; ' +
        'tail -n +2 /scratch/tmp/one >>"$0" || exit 2; done; exit $status',
      ...[`${OUT_FOLDER}/go.coverprofile`, ...files.map(folderOf)],
    ],
    env: GO_OFFLINE,
    reportPath: `${OUT_FOLDER}/go.coverprofile`,
    copySource: true,
  }),
};
