import { isArray, isNumber, type RegoValue } from '../value/rego-value.js';
import { COMPILER_BUILTINS, NATIVE_BUILTINS } from './native-builtins.js';
import { REFUSED_BUILTINS } from './refused.js';
import { FAMILIES, HOST_BUILTINS, loadBuiltins } from './table.js';

/** What OPA has and this host has not; each is refused with a reason. */
const ABSENT = ['rego.parse_module'];
/** OPA 1.22.0; test/engine/capabilities.spec.ts asks the program itself. */
const OPA_HAS = 206;

describe('the table of builtins', () => {
  it.each(FAMILIES.map((family) => [family.names[0] ?? '', family] as const))(
    'says of the family of %s what is in it',
    async (_, family) => {
      const members = await family.load();
      expect(Object.keys(members).sort()).toEqual([...family.names].sort());
    },
  );

  it('has each builtin in one place: in the module, in the compiler or in one family', () => {
    const names = [
      ...FAMILIES.flatMap((family) => family.names),
      ...NATIVE_BUILTINS,
      ...COMPILER_BUILTINS,
      ...ABSENT,
    ];
    expect(names.length).toBe(new Set(names).size);
    expect(names.length).toBe(OPA_HAS);
  });

  it('lacks only what is refused with a reason', () => {
    for (const name of ABSENT) {
      expect(HOST_BUILTINS.has(name)).toBe(false);
      expect(REFUSED_BUILTINS.get(name)).toMatch(/\w{4}/);
    }
  });

  it('refuses only builtins that there are', () => {
    for (const name of REFUSED_BUILTINS.keys())
      expect(HOST_BUILTINS.has(name) || ABSENT.includes(name)).toBe(true);
  });

  it('loads what is asked for and nothing else', async () => {
    expect([...(await loadBuiltins(['sprintf', 'time.now_ns'])).keys()].sort()).toEqual([
      'sprintf',
      'time.now_ns',
    ]);
    await expect(loadBuiltins(['rego.parse_module', 'sprintf', 'toString'])).rejects.toThrow(
      'no such builtin: rego.parse_module, toString',
    );
  });

  it('has no builtin that answers a call without operands by a fault of its own', async () => {
    const context = { instant: 1_795_203_000_123, seed: 'seed' };
    const faults = [];
    for (const [name, builtin] of await loadBuiltins([...HOST_BUILTINS])) {
      try {
        const answer = builtin(context);
        if (answer !== undefined && !isRego(answer)) faults.push(name);
      } catch (error) {
        if (!(error instanceof Error) || error.constructor.name !== 'BuiltinError') faults.push(name);
      }
    }
    expect(faults).toEqual([]);
  });
});

const isRego = (value: RegoValue): boolean =>
  value === null ||
  ['boolean', 'string', 'object'].includes(typeof value) ||
  isNumber(value) ||
  isArray(value);
