import { createRequire, register } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sourceMapFile } from './compile.mjs';
import { enterSuite } from './globals.mjs';

const require = createRequire(import.meta.url);
const { default: jestCircus } = require('jest-circus/runner');
const CIRCUS = join(dirname(require.resolve('jest-circus/package.json')), 'build/jestAdapterInit.js');

let suites = 0;

/**
 * jest's `testRunner`: jest-circus, with Node's own module loader in place of jest's virtual machine. A process loads the
 * service once and not for each suite, which was two seconds each and code that never got warm. So the suites of one
 * process share modules, as everything in one process does in production. They do not share variables of the
 * environment, spies and the console: each begins with what the process began with.
 *
 * Watching and coverage need jest's own loader, and so do the suites when ASSAY_TEST_ISOLATED=1 says.
 */
export default async function runSuite(...given) {
  const [globalConfig, config, environment, runtime, testPath, sendMessage] = given;
  const { watch, watchAll, collectCoverage } = globalConfig;
  const isolated = watch || watchAll || collectCoverage || process.env.ASSAY_TEST_ISOLATED === '1';
  const run = (loader) => jestCircus(globalConfig, config, environment, loader, testPath, sendMessage);
  if (isolated) return run(runtime);
  const compiled = join(config.cacheDirectory, 'assay-suites');
  if (suites === 0) register('./hooks.mjs', import.meta.url, { data: { compiled } });
  suites += 1;
  runtime.getSourceMaps().get = (source) => sourceMapFile(compiled, source);
  let leave = () => undefined;
  const loader = Object.create(runtime, {
    requireInternalModule: { value: freshCircus },
    setGlobalsForRuntime: { value: (globals) => (leave = enterSuite(globals, environment)) },
    unstable_shouldLoadAsEsm: { value: () => true },
    // A module of its own each time: in one process jest may run a suite twice.
    unstable_importModule: { value: (path) => import(`${pathToFileURL(path).href}?suite=${suites}`) },
  });
  try {
    return await run(loader);
  } finally {
    leave();
    forgetCircus();
  }
}

/** A suite begins with an instance that knows of no other suite. */
function freshCircus() {
  delete require.cache[CIRCUS];
  return require(CIRCUS);
}

/** What an instance leaves: its handlers would hear of the next suite, its state holds on to all that was made. */
function forgetCircus() {
  for (const symbol of Object.getOwnPropertySymbols(globalThis))
    if (symbol.description === 'EVENT_HANDLERS' || symbol.description === 'JEST_STATE_SYMBOL')
      delete globalThis[symbol];
}
