import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '../../src/app/compose/services.js';
import { LocalScanners } from '../../src/scan/install/installed.io.js';
import { pinnedVersion } from '../../src/scan/install/recipe.js';
import { scannerNamed } from '../../src/scan/scanner-registry.js';
import { openTestApplication, type Answer, type TestApplication } from '../support/application.js';
import { registerBuild } from '../support/shop.js';
import { DATA_DATE, scannerData } from './databases.js';
import { fakeToken, scanned, scannedBy, shopFiles, type Files } from './kit.js';
import { sandboxModes } from './support.js';

/**
 * Real scanners, installed by `scripts/scanners.mjs`, in the sandbox, on the flawed shop, on a clean project, and on one
 * that they cannot read. Which of them are installed is asked first; the others say that they were skipped.
 */
const SCANNERS_DIR =
  process.env['ASSAY_TEST_SCANNERS'] ?? join(import.meta.dirname, '../../.assay/cache/scanners');
const canScan = sandboxModes().length > 0 && process.env['ASSAY_TEST_SCANNERS'] !== undefined;

const token = fakeToken();
const FLAWED = shopFiles({
  'config.env': `GITHUB_TOKEN=${token}\n`,
  // A source does not excuse itself.
  '.gitleaksignore': 'config.env:github-pat:1\n',
  '.gitleaks.toml': '[allowlist]\npaths = [".*"]\n',
  '.bandit': '[bandit]\nskips = B602,B324\n',
  'static/shelf.js': '/*! shelf v1.2.0 */\n',
});
const LOCK = JSON.stringify({
  name: 'clean',
  version: '1.0.0',
  lockfileVersion: 3,
  packages: {
    '': { name: 'clean', version: '1.0.0', dependencies: { pako: '2.1.0' } },
    'node_modules/pako': {
      version: '2.1.0',
      license: '(MIT AND Zlib)',
      resolved: 'https://registry.npmjs.org/pako/-/pako-2.1.0.tgz',
    },
  },
});
const CLEAN: Files = {
  'sum.py': 'def add(one: int, other: int) -> int:\n    return one + other\n',
  'test_sum.py': 'import sum\n\n\ndef test_add():\n    if sum.add(1, 2) != 3:\n        raise ValueError\n',
  'sum.js': 'export const add = (one, other) => one + other;\n',
  'go.mod': 'module example.test/clean\n\ngo 1.22\n',
  'sum.go':
    '// Package clean adds.\npackage clean\n\n// Add adds.\nfunc Add(one, other int) int { return one + other }\n',
  'sum_test.go':
    'package clean\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fail()\n\t}\n}\n',
  'package.json': JSON.stringify({
    name: 'clean',
    version: '1.0.0',
    dependencies: { pako: '2.1.0' },
    scripts: { test: 'node sum.js' },
  }),
  'package-lock.json': LOCK,
  'static/shelf.js': '/*! shelf v2.0.0 */\n',
  Dockerfile: 'FROM node:20.19.0\nUSER node\nHEALTHCHECK CMD true\nCMD ["node"]\n',
};
/** What no parser takes. */
const BROKEN: Files = {
  // With what rules are about, or semgrep does not even parse it.
  'bad.py': 'import subprocess\nsubprocess.run(x, shell=True\ndef (:\n',
  'test_bad.py': 'import nowhere\n',
  'bad.js': 'function (\n',
  'go.mod': 'module example.test/bad\n\ngo 1.22\n',
  'bad.go': 'package bad\n\nfunc (\n',
  'package.json': '{',
  'package-lock.json': '{"lockfileVersion": ',
  'requirements.txt': '\n',
  'main.tf': 'resource "aws_s3_bucket" {\n',
};

/** What npm would have installed. Others would take it for the shop's own. */
const withPackages = (declared: readonly string[], licences: Files): Files => ({
  'package.json': JSON.stringify({
    name: 'desk',
    version: '1.0.0',
    dependencies: Object.fromEntries(declared.map((name) => [name, '1.0.0'])),
  }),
  ...Object.fromEntries(
    Object.entries(licences).map(([name, license]) => [
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', license }),
    ]),
  ),
});
const OWN_SOURCES: Readonly<Record<string, Readonly<Record<string, Files>>>> = {
  'license-checker': {
    flawed: withPackages(['shelf', 'lamp'], { shelf: 'MIT', lamp: 'AGPL-3.0-only' }),
    clean: withPackages(['shelf'], { shelf: 'MIT' }),
    // Not all of it was installed.
    broken: withPackages(['shelf', 'lamp'], { shelf: 'MIT' }),
  },
};
/** A package that Go cannot load beside one that it can: gosec says so in none of its logs. */
const HALF: Files = {
  'go.mod': 'module example.test/half\n\ngo 1.22\n',
  'sum.go':
    '// Package half adds.\npackage half\n\n// Add adds.\nfunc Add(one, other int) int { return one + other }\n',
  'mixed/one.go': 'package one\n',
  'mixed/other.go': 'package other\n',
};

type Found = (document: Answer) => void;
const finds =
  (...rules: readonly string[]): Found =>
  ({ findings }) => {
    const all = findings.map(({ rule, path }: { rule: string; path: string }) => `${rule} ${path}`);
    expect(all).toEqual(expect.arrayContaining(rules.map((rule) => expect.stringContaining(rule))));
  };
const nothing: Found = ({ findings, vulnerabilities }) => {
  expect([findings, vulnerabilities]).toEqual([[], []]);
};
const components =
  (...names: readonly string[]): Found =>
  (document) => {
    expect(document.components.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining([...names]),
    );
  };
const covers =
  (covered: number, total: number): Found =>
  ({ coverage }) => {
    expect(coverage).toMatchObject({ covered, total });
  };

const licences =
  (expected: Readonly<Record<string, string>>): Found =>
  (document) => {
    const all = document.components.map(({ name, licence }: Answer) => [name, licence.expression]);
    expect(Object.fromEntries(all)).toEqual(expected);
  };

interface Case {
  readonly flawed: Found;
  readonly clean: Found;
  /** False where nothing can be wrong for it: what only looks for text can read all of it. */
  readonly breaks?: false;
}
const CASES: Readonly<Record<string, Case>> = {
  gitleaks: { flawed: finds('github-pat config.env'), clean: nothing, breaks: false },
  'detect-secrets': { flawed: finds('GitHub Token config.env'), clean: nothing, breaks: false },
  secretlint: { flawed: finds('config.env'), clean: nothing, breaks: false },
  trufflehog: { flawed: finds('config.env'), clean: nothing, breaks: false },
  bandit: { flawed: finds('B602 pricing/invoice.py', 'B324 pricing/voucher.py'), clean: nothing },
  semgrep: { flawed: finds('assay.python.shell-true', 'assay.javascript.eval'), clean: nothing },
  'eslint-security': {
    flawed: finds('security/detect-eval-with-expression storefront/promotions.js'),
    clean: nothing,
  },
  'ast-grep': {
    flawed: finds('assay-js-eval', 'assay-python-shell-true', 'assay-go-tls-unverified'),
    clean: nothing,
    breaks: false,
  },
  gosec: { flawed: finds('G402 delivery/carrier.go'), clean: nothing },
  checkov: { flawed: finds('infrastructure/main.tf'), clean: nothing, breaks: false },
  syft: { flawed: components('ua-parser-js', 'jszip'), clean: components('pako'), breaks: false },
  cdxgen: { flawed: components('ua-parser-js', 'jszip'), clean: components('pako'), breaks: false },
  'cyclonedx-npm': { flawed: components('ua-parser-js', 'jszip'), clean: components('pako') },
  'osv-scanner': {
    flawed: ({ vulnerabilities }) => {
      expect(JSON.stringify(vulnerabilities)).toContain('ASSAY-2026-0001');
    },
    clean: ({ vulnerabilities }) => {
      expect(JSON.stringify(vulnerabilities)).not.toContain('ASSAY-2026-0001');
    },
  },
  govulncheck: {
    flawed: ({ vulnerabilities }) => {
      expect(JSON.stringify(vulnerabilities)).toContain('GO-2026-0001');
    },
    clean: () => undefined,
  },
  retire: {
    flawed: ({ vulnerabilities }) => {
      expect(vulnerabilities).toMatchObject([
        { id: 'CVE-2026-0001', purl: 'pkg:npm/shelf@1.2.0', path: 'static/shelf.js' },
      ]);
    },
    clean: nothing,
    breaks: false,
  },
  'license-checker': {
    flawed: licences({ shelf: 'MIT', lamp: 'AGPL-3.0-only' }),
    clean: licences({ shelf: 'MIT' }),
  },
  c8: { flawed: covers(14, 50), clean: covers(1, 2) },
  'go-test': { flawed: covers(7, 20), clean: covers(1, 1) },
  'pytest-cov': {
    flawed: covers(19, 35),
    clean: ({ coverage }) => {
      expect(coverage.covered).toBeGreaterThan(0);
    },
  },
};
const only = process.env['ASSAY_TEST_SCANNERS_ONLY']?.split(',');
const asked = Object.keys(CASES).filter((name) => only?.includes(name) ?? true);
const NAMES: string[] = [];
const scanners = new LocalScanners(SCANNERS_DIR, '');
for (const name of canScan ? asked : []) if (await scanners.find(scannerNamed(name)!)) NAMES.push(name);

/** With less than any of them needs to begin: a tool that crashes by itself. */
const STARVED_BYTES = 2 ** 20;

/** Most tools build, or start an interpreter; on a busy machine that takes minutes. */
const LIMIT_MS = 20 * 60_000;

if (NAMES.length === 0)
  it.skip('real scanners: none is installed here (scripts/scanners.mjs), or no sandbox is allowed', () =>
    undefined);
else
  describe('real scanners in the sandbox', () => {
    let app: TestApplication;
    const data = scannerData();
    const results: Record<string, Readonly<Record<string, Answer>>> = {};
    beforeAll(async () => {
      app = await openTestApplication({ scannersDir: SCANNERS_DIR, scannerDataDir: data.folder });
      const shared = NAMES.filter((name) => !(name in OWN_SOURCES));
      for (const [variant, files] of Object.entries({ flawed: FLAWED, clean: CLEAN, broken: BROKEN })) {
        const build = await registerBuild(app);
        const found = { ...(shared.length > 0 && (await scanned(app, build, files, shared))) };
        for (const name of NAMES.filter((one) => one in OWN_SOURCES))
          Object.assign(found, await scanned(app, build, OWN_SOURCES[name]![variant]!, [name]));
        results[variant] = found;
      }
    }, 3 * LIMIT_MS);
    afterAll(async () => {
      await app.close();
      data.remove();
    });
    const resultOf = (variant: string, name: string): Answer => results[variant]?.[name];

    for (const name of asked.filter((one) => !NAMES.includes(one)))
      it.skip(`real scanner ${name}: not installed here`, () => undefined);

    it('are at least ten where CI says so', () => {
      if (process.env['ASSAY_TEST_SCANNERS_MIN'] !== undefined)
        expect(NAMES.length).toBeGreaterThanOrEqual(Number(process.env['ASSAY_TEST_SCANNERS_MIN']));
    });

    it.each(NAMES)('%s says what is wrong with the flawed shop', (name) => {
      const { outcome, state, reasons, document, source } = resultOf('flawed', name);
      expect({ outcome, state, reasons, source }).toEqual({
        ...{ outcome: 'FINISHED', state: 'COMPLETE', reasons: [] },
        source: `scan/${name}`,
      });
      CASES[name]?.flawed(document);
    });

    it.each(NAMES)('%s has nothing to say about a clean project, and did look at it', (name) => {
      const { outcome, state, reasons, document } = resultOf('clean', name);
      expect({ outcome, state, reasons }).toEqual({ outcome: 'FINISHED', state: 'COMPLETE', reasons: [] });
      CASES[name]?.clean(document);
    });

    for (const name of NAMES.filter((one) => CASES[one]?.breaks !== false))
      it(`${name} is not complete where it could not read`, () => {
        const { state, reasons } = resultOf('broken', name);
        expect(state).not.toBe('COMPLETE');
        expect(reasons.length).toBeGreaterThan(0);
      });

    it(
      'are errors, each of them, when they crash',
      async () => {
        const { platform } = app;
        const starving = composeServices({
          ...platform,
          config: { ...platform.config, scanMemoryBytes: STARVED_BYTES },
        });
        const by = { app, services: starving };
        try {
          const shared = NAMES.filter((name) => !(name in OWN_SOURCES));
          const build = await registerBuild(app);
          const found = { ...(shared.length > 0 && (await scannedBy(by, build, FLAWED, shared))) };
          for (const name of NAMES.filter((one) => one in OWN_SOURCES))
            Object.assign(found, await scannedBy(by, build, OWN_SOURCES[name]!['flawed']!, [name]));
          expect(Object.entries(found).map(([name, { outcome, state }]) => [name, outcome, state])).toEqual(
            Object.keys(found).map((name) => [name, 'FAILED', 'ERROR']),
          );
          expect(Object.keys(found).sort()).toEqual([...NAMES].sort());
        } finally {
          await starving.close();
        }
      },
      LIMIT_MS,
    );

    if (NAMES.includes('gosec'))
      it(
        'gosec is not complete where it could not load one package of several',
        async () => {
          const { gosec } = await scanned(app, await registerBuild(app), HALF, ['gosec']);
          expect(gosec).toMatchObject({
            ...{ outcome: 'PARTIAL', state: 'INCOMPLETE' },
            reasons: [{ code: 'scan.partly', params: { count: 1 } }],
          });
        },
        LIMIT_MS,
      );

    it.each(NAMES)('%s is recorded in the version that was installed', async (name) => {
      const adapter = scannerNamed(name)!;
      const found = await new LocalScanners(SCANNERS_DIR, data.folder).find(adapter);
      expect(found?.version).toBe(pinnedVersion(adapter.install) ?? found?.version);
      const [tool] = resultOf('flawed', name).document.tools;
      expect(tool).toMatchObject({ version: found?.version, versionFrom: 'worker' });
    });

    it('says how old the data is that was judged with', () => {
      for (const name of NAMES.filter((one) => ['osv-scanner', 'govulncheck', 'retire'].includes(one)))
        expect(resultOf('flawed', name).document.dataDate).toBe(DATA_DATE);
    });

    it('let no secret through: not into evidence, tables, ledger or log', async () => {
      const rows = await app.database.admin.query<{ found: boolean }[]>(
        `SELECT bool_or(t::text LIKE '%' || $1 || '%') AS found
           FROM (SELECT f.statement::text AS t FROM ledger.fact f UNION ALL SELECT e::text FROM assay.evidence e
                 UNION ALL SELECT r::text FROM assay.evidence_report r UNION ALL SELECT s::text FROM assay.scan_result s) x`,
        [token],
      );
      expect(rows[0]?.found).toBe(false);
      expect(app.log.join('\n')).not.toContain(token);
      const [org] = await app.database.admin.query<{ org_id: string }[]>(
        'SELECT DISTINCT org_id FROM assay.scan',
      );
      for (const name of NAMES) {
        const { digest, document } = resultOf('flawed', name);
        expect(JSON.stringify(document)).not.toContain(token);
        const bytes = await app.platform.blobs.get(org?.org_id ?? '', digest);
        expect(bytes?.includes(token)).toBe(false);
      }
    });

    it('leave nothing of the source behind', () => {
      const { dataDir } = app.platform.config;
      const left = ['sources', 'scan'].flatMap((folder) =>
        existsSync(join(dataDir, folder))
          ? readdirSync(join(dataDir, folder), { recursive: true, withFileTypes: true }).filter((one) =>
              one.isFile(),
            )
          : [],
      );
      expect(left.map(({ name }) => name)).toEqual([]);
    });
  });
