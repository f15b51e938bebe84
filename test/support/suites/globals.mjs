// What '@jest/globals' is for suites that Node loads (runner.mjs): modules are loaded once for many suites, so what they
// import from here turns to the suite that runs.

const TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL'); // where jest-circus looks for it
let suite;

/** Until the function that it returns is called, these are the globals. */
export function enterSuite(globals, environment) {
  if (suite) throw new Error('one suite at a time in a process');
  const { env } = process;
  const variables = { ...env };
  const { console } = globalThis;
  const mocker = new environment.moduleMocker.constructor(globalThis);
  suite = { ...globals, mocker };
  Object.assign(globalThis, globals); // for suites that do not import them
  globalThis.console = environment.global.console;
  return () => {
    mocker.restoreAllMocks();
    for (const name of [TIMEOUT, ...Object.keys(globals)]) delete globalThis[name];
    process.env = env;
    for (const name of Object.keys(env)) if (!(name in variables)) delete env[name];
    Object.assign(env, variables);
    globalThis.console = console;
    suite = undefined;
  };
}

/** Of the suite that runs when it is called: `it(…)`, `it.each(…)`, `expect.any(…)`. */
const current = (name) =>
  new Proxy(function () {}, {
    apply: (_target, self, args) => Reflect.apply(suite[name], self, args),
    get: (_target, property) => suite[name][property],
  });

export const describe = current('describe');
export const it = current('it');
export const test = current('test');
export const beforeAll = current('beforeAll');
export const beforeEach = current('beforeEach');
export const afterAll = current('afterAll');
export const afterEach = current('afterEach');
export const expect = current('expect');

/** The part of it that suites need. Modules are not mocked here: tests use the real ones. */
export const jest = {
  fn: (...args) => suite.mocker.fn(...args),
  spyOn: (...args) => suite.mocker.spyOn(...args),
  restoreAllMocks: () => suite.mocker.restoreAllMocks(),
  setTimeout: (ms) => void (globalThis[TIMEOUT] = ms),
};
