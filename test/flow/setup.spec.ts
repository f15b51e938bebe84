import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { TEMPLATES } from '../../src/process/template.js';
import { loadConfig } from '../../src/app/platform/config.js';
import { ensureKeys } from '../../src/app/platform/keys.io.js';
import { openPlatform, type Platform } from '../../src/app/platform/platform.js';
import { DEMO_SETUP } from '../../src/app/seed/demo.js';
import { composeServices, type Services } from '../../src/app/compose/services.js';
import { applySetup } from '../../src/app/setup/apply-setup.js';
import type { SetupReport } from '../../src/app/setup/setup-run.js';
import type { Setup } from '../../src/app/setup/setup.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.js';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, 'deploy/setup.example.yaml');
const ISSUER = 'urn:assay:test';

/** An installation that is not the demo: keys, an issuer and a log of its own. */
const environmentOf = (database: TestDatabase, dataDir: string) => ({
  DATABASE_URL: database.url,
  ASSAY_DATA_DIR: dataDir,
  ASSAY_LOG_ORIGIN: 'log.example.org',
  ASSAY_JWT_ISSUER: ISSUER,
  ASSAY_JWT_PUBLIC_KEY_FILE: join(dataDir, 'keys/demo-issuer.pub.pem'),
  ASSAY_OPA: process.env['ASSAY_TEST_OPA'],
});

const countsOf = async ({ admin }: TestDatabase): Promise<object> => {
  const tables = [
    'organisation',
    'project',
    'principal',
    'access_grant',
    'policy_version',
    'checklist_version',
    'checklist_activation',
  ];
  const counts = [...tables.map((name) => `assay.${name}`), 'ledger.entry'].map(
    (table) => `(SELECT count(*)::int FROM ${table}) AS "${table}"`,
  );
  const [row] = await admin.query<object[]>(`SELECT ${counts.join(', ')}`);
  return row ?? {};
};

const prepare = async (): Promise<{ database: TestDatabase; dataDir: string }> => {
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'assay-setup-'));
  ensureKeys(loadConfig({ DATABASE_URL: database.url, ASSAY_DEMO: 'true', ASSAY_DATA_DIR: dataDir }, ROOT));
  return { database, dataDir };
};

describe('a setup', () => {
  let database: TestDatabase;
  let dataDir: string;
  let platform: Platform;
  let services: Services;
  let orgId: string;
  /** A copy of what is shipped, for the tests to change. */
  let root: string;
  const warnings: { readonly message: string; readonly [fact: string]: unknown }[] = [];

  const apply = (setup: Setup = DEMO_SETUP, by: Services = services): Promise<SetupReport> => {
    const warn = (facts: object, message: string) => void warnings.push({ ...facts, message });
    return applySetup(by, setup, { root, issuer: ISSUER, logger: { warn } });
  };
  const withFloor = (floor: number): Setup => ({
    ...DEMO_SETUP,
    checklists: DEMO_SETUP.checklists.map((checklist) => ({
      ...checklist,
      packs: checklist.packs.map((pin) =>
        pin.pack === 'secure-release' ? { ...pin, parameters: { coverage_floor: floor } } : pin,
      ),
    })),
  });
  const changePack = (change: (manifest: { version: string; freshness: object }) => object): void => {
    const file = join(root, 'policies/definition-of-done/policy.yaml');
    writeFileSync(file, stringify(change(parse(readFileSync(file, 'utf8')))));
  };
  const gate = (gateId: string) => services.gateRead.gate(orgId, gateId);
  const checklist = async (chkId: string) => (await services.policyRead.checklist(orgId, chkId))?.document;
  const standing = (chkId: string) => services.checklistRead.standing(orgId, chkId);

  beforeAll(async () => {
    ({ database, dataDir } = await prepare());
    root = mkdtempSync(join(tmpdir(), 'assay-packs-'));
    for (const folder of ['policies', 'rego', 'templates'])
      cpSync(join(ROOT, folder), join(root, folder), { recursive: true });
    platform = await openPlatform(loadConfig(environmentOf(database, dataDir), ROOT), 'cli');
    services = composeServices(platform);
    const { problems } = await apply();
    expect(problems).toEqual([]);
    orgId = (await services.principals.organisationBySlug('demo'))?.orgId ?? '';
  });
  beforeEach(() => {
    warnings.length = 0;
  });
  afterAll(async () => {
    await services.close();
    await platform.close();
    await database.drop();
    for (const folder of [dataDir, root]) rmSync(folder, { recursive: true, force: true });
  });

  it('makes everything it says', async () => {
    for (const { subject, roles } of DEMO_SETUP.principals)
      expect(await services.principals.byClaims({ issuer: ISSUER, subject, org: 'demo' })).toMatchObject({
        roles: [...roles].sort(),
      });
    expect(await gate('GATE_RELEASE')).toMatchObject({ checklistVersion: null, version: 1 });
    expect(await standing('CHK_RELEASE')).toEqual({ activation: 1, version: 1, byPerson: false });
    expect((await checklist('CHK_RELEASE'))?.policies.map(({ policyId }) => policyId)).toEqual([
      'secure-release',
      'model-governance',
    ]);
  });

  it('publishes the shipped template, and its next version once the file is another', async () => {
    const versions = async () =>
      (await services.processRead.find(TEMPLATES, { orgId, templateId: 'TMP_STORY' }, { by: 'version' })).map(
        ({ version, publishedBy }) => [version, publishedBy],
      );
    expect(await versions()).toEqual([[1, null]]);
    const file = join(root, 'templates/TMP_STORY.yaml');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('From story to release', 'From story to shop'));
    expect((await apply()).added).toEqual(['template TMP_STORY@2']);
    expect((await apply()).added).toEqual([]);
    writeFileSync(file, before);
    expect((await apply()).added).toEqual(['template TMP_STORY@3']);
    expect(await versions()).toEqual([1, 2, 3].map((version) => [version, null]));
  });

  it('changes nothing the second time', async () => {
    const before = await countsOf(database);
    const { added, stood, problems } = await apply();
    expect({ added, problems, warnings }).toEqual({ added: [], problems: [], warnings: [] });
    expect(stood).toEqual(
      expect.arrayContaining(['gate GATE_RELEASE with CHK_RELEASE', 'checklist CHK_RELEASE@1 in force']),
    );
    expect(await countsOf(database)).toEqual(before);
  });

  it('publishes changed parameters as the next version and puts it in force', async () => {
    const { added } = await apply(withFloor(90));
    expect(added).toEqual(['checklist CHK_RELEASE@2', 'checklist CHK_RELEASE@2 in force']);
    expect(await checklist('CHK_RELEASE')).toMatchObject({
      version: 2,
      policies: [{ parameters: { coverage_floor: 90 } }, {}],
    });
    expect(await standing('CHK_RELEASE')).toMatchObject({ version: 2 });
    expect(await standing('CHK_DOD')).toMatchObject({ version: 1, activation: 1 });
    expect(await gate('GATE_RELEASE')).toMatchObject({ checklistVersion: null, version: 1 });
    expect((await apply(withFloor(90))).added).toEqual([]);
  });

  it('goes back to what was published before, without another number for it', async () => {
    expect((await apply()).added).toEqual(['checklist CHK_RELEASE@1 in force']);
    expect(await standing('CHK_RELEASE')).toEqual({ activation: 3, version: 1, byPerson: false });
    expect((await checklist('CHK_RELEASE'))?.version).toBe(2);
  });

  it('pins a gate where it says so, and says which pinned gate it leaves behind', async () => {
    const pinned = (checklistVersion: number): Setup => ({
      ...withFloor(91),
      gates: DEMO_SETUP.gates.map((each) =>
        each.gateId === 'GATE_RELEASE' ? { ...each, checklistVersion } : each,
      ),
    });
    expect((await apply(pinned(2))).added).toEqual([
      'checklist CHK_RELEASE@3',
      'checklist CHK_RELEASE@3 in force',
      'gate GATE_RELEASE with CHK_RELEASE@2',
    ]);
    await apply({ ...withFloor(91), gates: [] });
    expect(warnings).toMatchObject([{ gateId: 'GATE_RELEASE', checklistVersion: 2, active: 3 }]);
    expect((await apply(pinned(99))).problems).toMatchObject([{ problem: { kind: 'ChecklistNotFound' } }]);
    expect((await apply(withFloor(91))).added).toEqual(['gate GATE_RELEASE with CHK_RELEASE']);
    expect(await gate('GATE_RELEASE')).toMatchObject({ checklistVersion: null, version: 3 });
  });

  it('keeps a published pack whose content changed under its number', async () => {
    changePack((manifest) => ({ ...manifest, freshness: { coverage: 5 } }));
    expect((await apply(withFloor(91))).added).toEqual([]);
    expect(warnings).toMatchObject([
      { pack: 'definition-of-done', version: '1.1.0', problem: 'VersionTaken' },
    ]);
    expect((await checklist('CHK_DOD'))?.freshness).not.toMatchObject({ coverage: 5 });
  });

  it('warns, and goes on, where a new version cannot be compiled for want of OPA', async () => {
    changePack((manifest) => ({ ...manifest, version: '1.2.0' }));
    const without = composeServices({
      ...platform,
      config: { ...platform.config, opaPath: join(root, 'policies/README.md') },
    });
    try {
      const { added, problems } = await apply(withFloor(92), without);
      expect({ added, problems }).toEqual({
        added: ['checklist CHK_RELEASE@4', 'checklist CHK_RELEASE@4 in force'],
        problems: [],
      });
      expect(warnings).toMatchObject([
        { pack: 'definition-of-done', version: '1.2.0', problem: 'OpaUnavailable' },
        { chkId: 'CHK_DOD', missing: ['definition-of-done'], latest: 1 },
      ]);
      // It judges without having been linked: the compiler was not there.
      expect((await checklist('CHK_RELEASE'))?.bundle).toBeUndefined();
    } finally {
      await without.close();
    }
  });

  it('publishes a new version of a pack, then the checklist that pins it, and puts that in force', async () => {
    expect((await apply(withFloor(92))).added).toEqual([
      'policy definition-of-done 1.2.0',
      'checklist CHK_DOD@2',
      'checklist CHK_DOD@2 in force',
    ]);
    expect(await checklist('CHK_DOD')).toMatchObject({
      freshness: { coverage: 5 },
      policies: [{ policyId: 'definition-of-done', version: '1.2.0' }],
    });
    expect((await apply(withFloor(92))).added).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('goes on past a pack that does not compile, and says where the mistake is', async () => {
    changePack((manifest) => ({ ...manifest, version: '1.3.0' }));
    const rule = join(root, 'rego/rules/no-open-errors/no-open-errors.rego');
    writeFileSync(rule, `${readFileSync(rule, 'utf8')}\nbroken := no_such_function(1)\n`);
    const { added, problems } = await apply(withFloor(93));
    expect(added).toEqual(['checklist CHK_RELEASE@5', 'checklist CHK_RELEASE@5 in force']);
    expect(problems).toMatchObject([
      { part: 'policy definition-of-done 1.3.0', problem: { kind: 'RegoInvalid' } },
    ]);
    expect(await standing('CHK_DOD')).toMatchObject({ version: 2 });
  });

  it('never undoes what a person put in force', async () => {
    const issuer = ISSUER;
    const officer = await services.principals.byClaims({ issuer, subject: 'officer', org: 'demo' });
    if (!officer) throw new Error('no officer');
    const { activation: expectedActivation } = await standing('CHK_RELEASE');
    const command = {
      ...{ orgId, chkId: 'CHK_RELEASE', version: 2, expectedActivation, reason: 'It blocks everybody' },
      ...{ context: {}, idempotencyKey: 'back' },
    };
    expect(await services.activations.activate(command, officer)).toMatchObject({ ok: true });
    const { added, stood } = await apply(withFloor(94));
    expect(added).toEqual(['checklist CHK_RELEASE@6']);
    expect(stood).toContain('checklist CHK_RELEASE@2 in force, activated by a person');
    expect(warnings).toContainEqual(expect.objectContaining({ chkId: 'CHK_RELEASE', version: 6, active: 2 }));
    expect(await standing('CHK_RELEASE')).toMatchObject({ version: 2, byPerson: true });
  });

  it('completes what is missing', async () => {
    const more: Setup = {
      ...DEMO_SETUP,
      checklists: [],
      gates: [],
      principals: [
        { subject: 'auditor', displayName: 'Aude Auditor', kind: 'person', roles: ['auditor', 'officer'] },
        { subject: 'new', displayName: 'Nina New', kind: 'person', roles: ['developer'] },
        { subject: 'lead', displayName: 'Lou Lead', kind: 'service', roles: ['approver'] },
      ],
    };
    const { added } = await apply(more);
    expect(added).toEqual([
      'principal auditor: role officer',
      'principal new',
      'principal new: role developer',
    ]);
    expect(warnings).toEqual([
      { part: 'principal lead', fields: ['kind'], message: 'differs from the setup and stays as it is' },
      {
        part: 'principal lead',
        roles: ['developer'],
        message: 'roles that the setup does not name; they stay',
      },
    ]);
  });
});

describe('the commands', () => {
  let database: TestDatabase;
  let dataDir: string;
  const run = (program: string, args: readonly string[], environment: Record<string, string | undefined>) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'dist/src', program), ...args],
      {
        env: environment,
        encoding: 'utf8',
      },
    );
    return { status, stdout, stderr };
  };
  const setup = (file: string) => run('cli.js', ['setup', file], environmentOf(database, dataDir));

  beforeAll(async () => {
    const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--unchecked']);
    if (built.status !== 0) throw new Error(built.stdout.toString());
    ({ database, dataDir } = await prepare());
  });
  afterAll(async () => {
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('assay setup applies the example, and may be repeated', async () => {
    const first = setup(EXAMPLE);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/^added {4}organisation acme$/m);
    expect(first.stdout).toMatch(/^added {4}checklist CHK_RELEASE@1 in force$/m);
    expect(first.stdout).toMatch(/^added {4}gate GATE_RELEASE with CHK_RELEASE$/m);
    const before = await countsOf(database);
    const second = setup(EXAMPLE);
    expect(second).toMatchObject({ status: 0, stderr: '' });
    expect(second.stdout).toMatch(/^0 added, \d+ stood already, 0 refused$/m);
    expect(await countsOf(database)).toEqual(before);
    const verified = run('cli.js', ['ledger', 'verify'], environmentOf(database, dataDir));
    expect(verified.stderr).toBe('');
  });

  it('assay setup lists every mistake with its line and writes nothing', async () => {
    const file = join(dataDir, 'bad.yaml');
    const text = readFileSync(EXAMPLE, 'utf8')
      .replace('slug: acme ', 'slug: Acme ')
      .replace('coverage_floor: 85', 'coverage_flor: 85')
      .replace('locus: RELEASE ', 'locus: MOON ');
    writeFileSync(file, text);
    const lineOf = (part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
    const before = await countsOf(database);
    const { status, stdout, stderr } = setup(file);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(`bad.yaml:${lineOf('slug: Acme')}: organisation.slug: `),
      expect.stringMatching(`bad.yaml:${lineOf('locus: MOON')}: gates.0.locus: `),
      expect.stringMatching(
        `bad.yaml:${lineOf('coverage_flor')}: checklists.1.packs.0.parameters.coverage_flor: no such parameter`,
      ),
      'nothing was set up: 3 mistake(s)',
    ]);
    expect(await countsOf(database)).toEqual(before);
  });

  it('assay setup says where a file is not YAML, and that a file is missing', () => {
    const file = join(dataDir, 'not.yaml');
    writeFileSync(file, 'organisation:\n  slug: a\n  slug: b\n');
    expect(setup(file)).toMatchObject({ status: 1, stderr: expect.stringMatching(/not\.yaml:3: .*unique/) });
    expect(setup(join(dataDir, 'none.yaml'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no such file'),
    });
    expect(run('cli.js', ['setup'], {}).status).toBe(2);
  });

  it('npm run migrate prepares an empty database with nothing but its address', async () => {
    const empty = await createEmptyDatabase();
    try {
      const first = run('migrate.js', [], { DATABASE_URL: empty.url });
      expect(first).toMatchObject({ status: 0, stderr: '' });
      expect(first.stdout).toMatch(/^applied {2}CreateFoundations\d+$/m);
      expect(run('migrate.js', [], { DATABASE_URL: empty.url })).toMatchObject({
        status: 0,
        stdout: 'the database is up to date\n',
      });
    } finally {
      await empty.drop();
    }
  });

  it.each([
    [{}, 'Set DATABASE_URL'],
    [{ DATABASE_URL: '' }, 'Set DATABASE_URL'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL: expected a URL'],
    [{ DATABASE_URL: 'postgres://nobody@localhost:1/x' }, 'ECONNREFUSED'],
  ])('npm run migrate with %j says what to do', (environment, message) => {
    expect(run('migrate.js', [], environment)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });
});
