import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { signDemoToken } from '../../access/demo-token.io.js';
import type { Organisation, Project } from '../../access/organisation.js';
import type { Result } from '../../kernel/result.js';
import type { PolicyVersion } from '../../policy/policy-version.js';
import { writeFileDurably } from '../durable-file.io.js';
import { DEMO_KEY_ID } from '../keys.io.js';
import { readPack } from '../packs.io.js';
import type { Platform } from '../platform.js';
import { composeServices, type Services } from '../services.js';
import { DEMO_CHECKLISTS, DEMO_GATES, DEMO_ORGANISATION, DEMO_PRINCIPALS, DEMO_PROJECT } from './demo.js';

/** Where the demo's bearer tokens are, for the commands beside the service. Mode 0600. */
export const demoTokensFile = (dataDir: string): string => join(dataDir, 'demo-tokens.json');

/**
 * Makes sure that the demo organisation is there, with somebody per role, the starter packs, checklists and
 * gates. Every step may be repeated: a warm start finds all of it and compiles nothing.
 */
export async function seedDemo(platform: Platform): Promise<void> {
  if (!platform.config.demo) return;
  const services = composeServices(platform);
  try {
    const organisation = must(await services.organisations.createOrganisation(DEMO_ORGANISATION));
    const project = must(
      await services.organisations.createProject({ ...DEMO_PROJECT, orgId: organisation.orgId }),
    );
    await addPrincipals(platform, services, organisation);
    await publishPolicies(platform, services, organisation);
    await defineGates(services, project);
    writeDemoTokens(platform);
  } finally {
    await services.close();
  }
}

async function addPrincipals(
  { config }: Platform,
  { organisations }: Services,
  { orgId }: Organisation,
): Promise<void> {
  for (const { roles, ...person } of DEMO_PRINCIPALS) {
    const principal = must(await organisations.addPrincipal({ ...person, orgId, issuer: config.jwtIssuer }));
    for (const role of roles) must(await organisations.giveGrant(principal, role));
  }
}

async function publishPolicies(
  { config, logger }: Platform,
  { publishing, policyRead }: Services,
  { orgId }: Organisation,
): Promise<void> {
  const published = new Map<string, PolicyVersion>();
  for (const name of packNames(config.root)) {
    const pack = readPack(config.root, name);
    const result = await publishing.publishPack(orgId, pack, null);
    if (result.ok) {
      published.set(name, result.value);
      continue;
    }
    // Without OPA what was compiled before still judges; what never was is missing, and its gates say so.
    logger.warn({ pack: name, problem: result.problem }, 'starter pack not published');
    const known = await policyRead.policy(orgId, pack.manifest.id, pack.manifest.version);
    if (known) published.set(name, known);
  }
  for (const { chkId, packs, title } of DEMO_CHECKLISTS) {
    const policies = packs.flatMap((pack) => published.get(pack) ?? []);
    if (policies.length < packs.length) continue;
    const pins = policies.map((policy) => ({ policy, parameters: {} }));
    const result = await publishing.publishChecklist(
      orgId,
      { chkId, version: 1, title, policies: pins },
      null,
    );
    if (!result.ok) logger.warn({ chkId, problem: result.problem }, 'starter checklist not published');
  }
}

async function defineGates({ gateDefinitions }: Services, { orgId, projectId }: Project): Promise<void> {
  for (const definition of DEMO_GATES) {
    const gate = { ...definition, orgId, projectId, checklistVersion: 1 };
    await gateDefinitions.define(
      { gate, expectedVersion: 0, context: {}, idempotencyKey: `starter ${gate.gateId}` },
      'system',
    );
  }
}

const packNames = (root: string): string[] =>
  readdirSync(join(root, 'policies'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

/** Fresh tokens at every start: they last a day. */
function writeDemoTokens({ config, keys, clock }: Platform): void {
  const key = { pem: keys.demoIssuerPem(), keyId: DEMO_KEY_ID };
  const rules = { issuer: config.jwtIssuer, audience: config.jwtAudience, algorithm: config.jwtAlgorithm };
  const tokens = Object.fromEntries(
    DEMO_PRINCIPALS.map(({ subject }) => [
      subject,
      signDemoToken({ subject, org: DEMO_ORGANISATION.slug }, key, rules, clock.now()),
    ]),
  );
  const text = `${JSON.stringify({ org: DEMO_ORGANISATION.slug, tokens }, null, 2)}\n`;
  writeFileDurably(demoTokensFile(config.dataDir), text);
}

/** Seeding repeats itself exactly: a refusal is a fault of ours. */
function must<T, P>(result: Result<T, P>): T {
  if (result.ok) return result.value;
  throw new Error(`seeding the demo failed: ${JSON.stringify(result.problem)}`);
}
