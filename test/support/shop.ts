import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, TestApplication, UploadOptions } from './application.js';

const SHOP = join(import.meta.dirname, '../fixtures/flawed-shop');

/** A build of the flawed shop, named by its digest. */
export interface Build {
  readonly artId: string;
  readonly digest: string;
}

export const REPORTS: readonly string[] = readdirSync(join(SHOP, 'reports')).sort();
export const report = (name: string): Buffer => readFileSync(join(SHOP, 'reports', name));
export const badReport = (name: string): Buffer => readFileSync(join(SHOP, 'bad', name));

export const BAD_REPORTS: readonly string[] = readdirSync(join(SHOP, 'bad'))
  .filter((name) => name !== 'README.md')
  .sort();

/** Made up, and all is well in them: by the kind of evidence each is. */
export const CLEAN: Readonly<Record<'sast' | 'secrets' | 'sbom' | 'coverage', string>> = {
  sast: sarif('Bandit'),
  secrets: sarif('gitleaks'),
  sbom: JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { tools: { components: [{ type: 'application', name: 'by-hand', version: '1' }] } },
    components: [
      {
        type: 'library',
        name: 'a',
        version: '1',
        purl: 'pkg:npm/a@1',
        licenses: [{ license: { id: 'MIT' } }],
      },
    ],
  }),
  coverage: 'mode: set\nexample.org/shop/stock.go:1.1,2.2 10 1\n',
};

function sarif(name: string): string {
  const invocations = [{ executionSuccessful: true }];
  return JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name, version: '1.0.0' } }, invocations, results: [] }],
  });
}

export const someDigest = (): string => `sha256:${randomBytes(32).toString('hex')}`;

/** Registers a build nobody has seen before. */
export async function registerBuild(app: TestApplication, given: object = {}): Promise<Build> {
  const build = { artId: 'ART_FLAWED_SHOP', digest: someDigest() };
  const registered = await app.command('service', 'register-artefact', {
    project: 'shop',
    name: 'The flawed shop',
    ...build,
    ...given,
  });
  if (registered.__typename !== 'ArtefactVersion') throw new Error(JSON.stringify(registered));
  return pick(registered as Build);
}

/** Uploads reports about a build; answers the receipts. Fails the test where one is refused. */
export async function uploadAll(
  app: TestApplication,
  build: Build,
  reports: readonly (Buffer | string)[],
  options: UploadOptions = {},
): Promise<Answer[]> {
  const receipts = [];
  for (const each of reports) {
    const { status, body } = await app.upload(each, pick(build), options);
    if (status !== 201) throw new Error(`${String(status)}: ${JSON.stringify(body)}`);
    receipts.push(body);
  }
  return receipts;
}

/** A build with all the reports that the real tools made of it, normalised. */
export async function judgeableBuild(app: TestApplication): Promise<Build> {
  const build = await registerBuild(app);
  await uploadAll(app, build, REPORTS.map(report));
  await app.normalise();
  return build;
}

/** Asks the release gate; a problem is answered like a decision. */
export const evaluate = (app: TestApplication, build: Build, more: object = {}): Promise<Answer> =>
  app.command('service', 'evaluate-gate', { gateId: 'GATE_RELEASE', ...pick(build), ...more });

/** A waiver for one rule on one build, three days long. */
export const waiverFor = (app: TestApplication, build: Build, ruleId: string): object => ({
  selectors: [{ rule: ruleId }, { gate: 'GATE_RELEASE' }, { artefact: pick(build) }],
  severity: 'HIGH',
  effectiveUntil: new Date(app.clock.now() + 3 * 24 * 3_600_000).toISOString(),
  reason: 'The fix is released on Monday',
  idempotencyKey: randomUUID(),
});

const pick = ({ artId, digest }: Build): Build => ({ artId, digest });
