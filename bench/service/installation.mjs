// The service as `npm start` runs it – API, worker, integrator, embedded PostgreSQL that survives a power cut – in a folder
// of its own, with the bench's policies, its gate and its waivers; and more API processes on it where they are asked for.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { parse } from 'yaml';
import { Client, expectMember, findInstallation } from '../../scripts/demo/client.mjs';
import { rbacData } from '../engine/inputs.mjs';
import { policySource } from '../engine/kit.mjs';
import { GATE_ID } from './requests.mjs';

const ROOT = join(import.meta.dirname, '../..');
const OWN = join(import.meta.dirname, 'root');
const START_LIMIT_MS = 180_000;
const PROJECT = 'shop';
/** 200 users, 20 roles, 10 grants each. */
export const RBAC_DATA = rbacData(200, 20, 10);

/** `profile`: a folder for CPU profiles; the API that is measured is then one of its own, started with --cpu-prof. */
export async function startInstallation({ opa, replicas = 1, profile, log = () => undefined }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'assay-bench-service-'));
  const env = {
    PATH: process.env.PATH,
    ASSAY_DATA_DIR: dataDir,
    ASSAY_OPA: opa,
    ASSAY_RATE_SERVICE: '0',
    ASSAY_RATE_PERSON: '0',
  };
  const undo = [() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const main = start(env, ['dist/src/start.js']);
    undo.push(() => stop(main, 'SIGINT'));
    const state = await ready(dataDir, main);
    const apis = [{ url: state.apiUrl, pid: state.doors.api }];
    for (let n = profile ? 0 : 1; n < replicas; n += 1) {
      const api = await startApi({ ...env, ASSAY_DEMO: 'true' }, profile);
      undo.push(() => stop(api.child, 'SIGTERM'));
      apis.push(api);
    }
    const admin = new pg.Client({ connectionString: await adminUrl(dataDir) });
    await admin.connect();
    undo.push(() => admin.end());
    const { tokens } = findInstallation(dataDir);
    const as = (who) => new Client(state.apiUrl, tokens[who]);
    log('publishing the policies of the bench');
    const orgId = await publish(dataDir, opa);
    await permit(as, admin);
    const targets = (profile ? apis.slice(1) : apis).map(({ url }) => {
      const { hostname: host, port } = new URL(url);
      return { host, port: Number(port) };
    });
    const pids = {
      ...{ worker: state.doors.worker, integrator: state.doors.integrator, postgres: state.postgres.pid },
      api: apis.map(({ pid }) => pid),
    };
    /** One more API process on the same database, with variables of its own; ends with the installation. */
    const addApi = async (more) => {
      const api = await startApi({ ...env, ASSAY_DEMO: 'true', ...more });
      undo.push(() => stop(api.child, 'SIGTERM'));
      const { hostname: host, port } = new URL(api.url);
      return { url: api.url, pid: api.pid, target: { host, port: Number(port) } };
    };
    return { dataDir, orgId, admin, as, tokens, targets, pids, addApi, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function start(env, args) {
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (child.said = (child.said + text).slice(-4_000)));
  return child;
}

async function stop(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(late);
}

/** When the first screen has been shown to its end: before that the newcomer's demonstration still runs. */
async function ready(dataDir, child) {
  for (const giveUp = performance.now() + START_LIMIT_MS; ; await pause(200)) {
    if (child.exitCode !== null) throw new Error(`the start ended with ${child.exitCode}:\n${child.said}`);
    if (child.said.includes('A first query to paste'))
      return JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'));
    if (performance.now() > giveUp) throw new Error(`the service did not start in time:\n${child.said}`);
  }
}

async function startApi(env, profile) {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const child = start({ ...env, ASSAY_PORT: String(port) }, [
    ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []),
    'dist/src/main.js',
  ]);
  for (const giveUp = performance.now() + START_LIMIT_MS; ; await pause(100)) {
    if (
      await fetch(`${url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return { url, pid: child.pid, child };
    if (child.exitCode !== null || performance.now() > giveUp)
      throw new Error(`an API process did not start:\n${child.said}`);
  }
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function adminUrl(dataDir) {
  const { embeddedDatabaseUrl } = await import('../../dist/src/app/platform/run-state.io.js');
  return embeddedDatabaseUrl(dataDir, 'admin');
}

/** Packs that are no part of the product come in by the use cases that publish those that are. Answers the organisation. */
async function publish(dataDir, opa) {
  const load = (path) => import(`../../dist/src/${path}.js`);
  const { loadConfig } = await load('app/platform/config');
  const { openPlatform } = await load('app/platform/platform');
  const { composeServices } = await load('app/compose/services');
  const config = loadConfig({ ASSAY_DATA_DIR: dataDir, ASSAY_DEMO: 'true', ASSAY_OPA: opa }, ROOT);
  const platform = await openPlatform({ ...config, logLevel: 'silent' }, 'cli');
  const services = composeServices(platform);
  try {
    const { orgId } = await services.principals.organisationBySlug('demo');
    const { projectId } = await services.principals.projectBySlug(orgId, PROJECT);
    for (const name of ['bench-gate', 'bench-rbac'])
      done(await services.publishing.publishPack(orgId, await packOf(name), 'system'));
    const policies = [{ policyId: 'bench-gate', version: '1.0.0', parameters: {} }];
    const chkId = 'CHK_BENCH';
    const common = { context: {}, idempotencyKey: 'bench' };
    const draft = { chkId, title: { en: 'Bench', nl: 'Meting' }, policies, freshness: {} };
    done(await services.checklistPublisher.publish({ orgId, draft, ...common }, 'system'));
    const inForce = { orgId, chkId, version: 1, expectedActivation: 0, reason: '', ...common };
    done(await services.activations.activate(inForce, 'system'));
    const gate = {
      ...{
        orgId,
        projectId,
        chkId,
        gateId: GATE_ID,
        title: 'Bench',
        locus: 'RELEASE',
        checklistVersion: null,
      },
      ...{ ownerRole: 'SEC', maxRunMs: 60_000 },
    };
    done(await services.gateDefinitions.define({ gate, expectedVersion: 0, ...common }, 'system'));
    return orgId;
  } finally {
    await services.close();
    await platform.close();
  }
}

async function packOf(name) {
  const { parseManifest } = await import('../../dist/src/policy/manifest.js');
  const manifest = done(
    parseManifest(parse(readFileSync(join(OWN, 'policies', name, 'policy.yaml'), 'utf8'))),
  );
  const files =
    name === 'bench-rbac'
      ? [
          {
            path: 'bench_rbac/rbac.rego',
            text: policySource('rbac').replace('package bench.rbac', 'package assay.bench_rbac'),
          },
          { path: 'data.json', text: JSON.stringify(RBAC_DATA) },
        ]
      : readdirSync(join(OWN, 'rego/rules')).map((rule) => ({
          path: `rules/${rule}/${rule}.rego`,
          text: readFileSync(join(OWN, 'rego/rules', rule, `${rule}.rego`), 'utf8'),
        }));
  return { manifest, dutch: {}, files };
}

function done(result) {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

/** The service's answers about the RBAC policy are not recorded: what high-rate questions of authorisation are for. */
async function permit(as, admin) {
  const { rows } = await admin.query(
    `SELECT principal_id AS id FROM assay.principal WHERE subject = 'service'`,
  );
  const input = {
    ...{ principalId: rows[0].id, role: 'service', project: PROJECT, unrecordedPolicies: ['bench-rbac'] },
    ...{ reason: 'bench', idempotencyKey: randomUUID() },
  };
  const text = `mutation($input: GiveGrantInput!) { giveGrant(input: $input) { __typename ... on Problem { message } } }`;
  expectMember((await as('admin').query(text, { input })).giveGrant, 'Grant');
}
