// npm run conformance                        OPA's own suite through our host, and through the npm SDK
// npm run conformance -- --only graphql      cases whose folder, file or note contains a text
//                        --version v1        one version of the language
//                        --engines wasm,sdk  wasm is ours and always runs
//                        --cache <folder>    where compiled cases are kept; .assay/conformance by default
//                        --write             makes docs/conformance.md, from a complete run only
//                        --lanes 2           cases at a time
//
// Exit status 1 when a case fails that OPA's own WASM runner passes.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { obtainOpa } from './obtain-opa.mjs';

const ROOT = join(import.meta.dirname, '..');
const ENGINES = ['wasm', 'sdk'];

const options = readOptions();
await build(ROOT, { checked: false });
const { CaseCompiler } = await import('./conformance/compile.mjs');
const { runCases } = await import('./conformance/run.mjs');
const { loadCases, loadExceptions, obtainModule, pinnedVersion } = await import('./conformance/suite.mjs');

const version = pinnedVersion(ROOT);
const { path: program } = await obtainOpa({ root: ROOT, dataDir: '.assay', log: () => undefined });
if (!program) fail(`OPA ${version} could not be had`);
const module = await obtainModule(version).catch((error) =>
  fail(`the suite could not be had: ${error.message}`),
);
const all = loadCases(module);
const cases = all.filter(isWanted);
if (cases.length === 0) fail('no such case');

const compiler = new CaseCompiler({ program, version, cacheFolder: resolve(ROOT, options.cache) });
const started = performance.now();
const records = await runCases(cases, {
  compiler,
  instant: module.instant,
  exceptionOf: loadExceptions(module),
  engines: options.engines.split(','),
  lanes: Number(options.lanes),
  onRecord: print,
}).finally(() => compiler.close());
const seconds = ((performance.now() - started) / 1000).toFixed(1);

console.log(`\nOPA ${version}, ${module.sum}; ${compiler.built} built, ${seconds} s`);
for (const name of ['v1', 'v0']) {
  const some = records.filter(({ wish }) => wish.version === name);
  if (some.length === 0) continue;
  const n = (status) => some.filter((record) => record.status === status).length;
  console.log(
    `${name}: ${some.length} cases, ${n('passed')} passed, ${n('failed')} failed, ${n('refused')} refused, ${n('excepted')} excepted by OPA`,
  );
}
process.exitCode = records.some(({ status }) => status === 'failed') ? 1 : 0;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        version: { type: 'string' },
        engines: { type: 'string', default: 'wasm' },
        cache: { type: 'string', default: join('.assay', 'conformance') },
        lanes: { type: 'string', default: '2' },
        write: { type: 'boolean', default: false },
      },
    });
    const unknown = values.engines.split(',').filter((name) => !ENGINES.includes(name));
    if (unknown.length > 0)
      throw new Error(`--engines takes ${ENGINES.join(', ')}; not ${unknown.join(', ')}`);
    return values;
  } catch (error) {
    fail(error.message);
  }
}

function isWanted({ version: name, file, note }) {
  if (options.version !== undefined && options.version !== name) return false;
  return options.only === undefined || file.includes(options.only) || note.includes(options.only);
}

function print({ wish, status, wanted, got, reason }) {
  if (status === 'passed') return;
  console.log(`${status.padEnd(8)} ${wish.id} ${wish.note}`);
  if (status === 'refused') console.log(`         ${reason}`);
  else console.log(`  wanted ${wanted}\n  got    ${got}`);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
