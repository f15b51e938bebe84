// npm run conformance                        OPA's own suite through our host
// npm run conformance -- --only graphql      cases whose folder, file or note contains a text
//                        --version v1        one version of the language
//                        --sample 150        so many, chosen by hash, every folder among them
//                        --engines wasm,sdk,opa,opa-wasm
//                                            wasm is ours and always runs; sdk: the npm SDK as published; opa,
//                                            opa-wasm: `opa eval` with either target, to compare
//                        --write             a complete run that makes docs/conformance.md
//                        --json <file>       the figures, and whatever did not pass
//                        --cache <folder>    where compiled cases are kept; .assay/conformance by default
//                        --lanes 2           cases at a time
//
// Exit status 1 when a case fails that OPA's own WASM runner passes, or `opa eval` disagrees with us;
// 3 when the suite cannot be had.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { obtainOpa } from './obtain-opa.mjs';

const ROOT = join(import.meta.dirname, '..');
const ENGINES = ['wasm', 'sdk', 'opa', 'opa-wasm'];

const options = readOptions();
await build(ROOT, { checked: false });
const { loadCases, loadExceptions, obtainModule, pinnedVersion, sampleOf } =
  await import('./conformance/suite.mjs');

const version = pinnedVersion(ROOT);
const { path: program } = await obtainOpa({ root: ROOT, dataDir: '.assay', log: () => undefined });
if (!program) fail(`OPA ${version} could not be had`, 3);
const module = await obtainModule(version).catch((error) =>
  fail(`OPA's suite could not be had: ${error.message}`, 3),
);
const cases = wantedOf(loadCases(module));
if (cases.length === 0) fail('no such case');
const summary = await run();
if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(summary.toJson(), null, 2));
if (options.write) {
  const { documentOf } = await import('./conformance/document.mjs');
  writeFileSync(join(ROOT, 'docs', 'conformance.md'), await documentOf(summary));
  console.log('docs/conformance.md is written');
}
process.exitCode = summary.isGood ? 0 : 1;

async function run() {
  const { CaseCompiler } = await import('./conformance/compile.mjs');
  const { Oracle } = await import('./conformance/oracle.mjs');
  const { Toolchain } = await import('./conformance/program.mjs');
  const { runCases } = await import('./conformance/run.mjs');
  const { Summary } = await import('./conformance/summary.mjs');
  const toolchain = new Toolchain({ program, version });
  const parts = { toolchain, cacheFolder: resolve(ROOT, options.cache) };
  const compiler = new CaseCompiler(parts);
  const oracles = {
    ...(options.engines.includes('opa') && { opa: new Oracle({ ...parts, target: 'rego' }) }),
    ...(options.engines.includes('opa-wasm') && { 'opa-wasm': new Oracle({ ...parts, target: 'wasm' }) }),
  };
  const setup = { compiler, instant: module.instant, exceptionOf: loadExceptions(module), oracles };
  const sdk = options.engines.includes('sdk');
  const started = performance.now();
  try {
    const records = await runCases(cases, { ...setup, sdk, lanes: options.lanes, onRecord: print });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const summary = new Summary(records, { module, builtins: toolchain.builtins });
    console.log(`\n${summary.lines().join('\n')}\n${compiler.built} compiled anew, ${seconds} s`);
    return summary;
  } finally {
    toolchain.close();
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        version: { type: 'string' },
        sample: { type: 'string' },
        engines: { type: 'string', default: 'wasm' },
        cache: { type: 'string', default: join('.assay', 'conformance') },
        lanes: { type: 'string', default: '2' },
        json: { type: 'string' },
        write: { type: 'boolean', default: false },
      },
    });
    if (values.write && (values.only ?? values.version ?? values.sample) !== undefined)
      throw new Error('--write is for a complete run');
    const engines = values.write ? ENGINES : values.engines.split(',');
    const unknown = engines.filter((name) => !ENGINES.includes(name));
    if (unknown.length > 0)
      throw new Error(`--engines takes ${ENGINES.join(', ')}; not ${unknown.join(', ')}`);
    return { ...values, engines, lanes: Number(values.lanes) };
  } catch (error) {
    return fail(error.message);
  }
}

function wantedOf(all) {
  const { only, version: language, sample } = options;
  const some = all
    .filter((each) => language === undefined || each.version === language)
    .filter(({ file, note }) => only === undefined || file.includes(only) || note.includes(only));
  return sample === undefined ? some : sampleOf(some, Number(sample));
}

function print({ wish, status, wanted, got, reason, opinions }) {
  const others = opinions.filter(({ agrees, setAside }) => !agrees && setAside === undefined);
  if (status === 'passed' && others.length === 0) return;
  console.log(`${status.padEnd(8)} ${wish.id} ${wish.note}`);
  if (reason !== undefined) console.log(`         ${reason}`);
  if (status !== 'refused' && status !== 'passed') console.log(`  wanted ${wanted}\n  got    ${got}`);
  for (const other of others) console.log(`  ours   ${other.host}\n  ${other.name} ${other.got}`);
}

function fail(message, status = 2) {
  console.error(message);
  process.exit(status);
}
