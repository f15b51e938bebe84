import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST_BUILTINS } from '../../src/rego/builtins/table.js';
import { MOMENTARY_BUILTINS } from '../../src/rego/builtins/momentary.js';
import { NATIVE_BUILTINS } from '../../src/rego/builtins/native-builtins.js';
import { REFUSED_BUILTINS } from '../../src/rego/builtins/refused.js';
import { opaProgram, regoFolder, toolchain, valueOf } from './kit.js';

/** Plain JavaScript, hence a name the type checker does not follow. */
const SCRIPT = join(import.meta.dirname, '../../scripts/capabilities.mjs');

interface Builtin {
  readonly name: string;
  readonly nondeterministic?: boolean;
  readonly decl: { readonly args?: readonly unknown[] };
}
const file = readFileSync(join(regoFolder, 'capabilities.json'), 'utf8');
const { builtins } = JSON.parse(file) as { builtins: readonly Builtin[] };

/** One rule per builtin, its arguments from the input, so that nothing is computed at compile time. */
function callTo({ name, decl }: Builtin, index: number): string {
  const args = (decl.args ?? []).map((_, position) => `input.x${String(position)}`);
  return `r${String(index)} := ${name}(${args.join(', ')})`;
}

describe('rego/capabilities.json', () => {
  it('is what scripts/capabilities.mjs makes of the pinned OPA', async () => {
    const { capabilitiesText } = (await import(SCRIPT)) as {
      capabilitiesText: (opa: string) => Promise<string>;
    };
    expect(await capabilitiesText(opaProgram())).toBe(file);
  });

  it('calls native what the compiled module brings along, and host what it asks for', async () => {
    const callable = builtins.filter(({ name }) => NATIVE_BUILTINS.has(name) || HOST_BUILTINS.has(name));
    const text = (some: readonly Builtin[]): string => `package all\n\n${some.map(callTo).join('\n')}\n`;
    const checked = await toolchain().check([{ path: 'all.rego', text: text(callable) }]);
    // Rego v1 refuses OPA's deprecated names in every form: nobody can call them.
    const errors = checked.ok || checked.problem.kind !== 'RegoInvalid' ? [] : checked.problem.errors;
    for (const { message } of errors) expect(message).toContain('deprecated');
    const deprecated = new Set(errors.map(({ row }) => callable[row - 3]?.name));
    const usable = callable.filter(({ name }) => !deprecated.has(name));
    const files = [{ path: 'all.rego', text: text(usable) }];
    const bundle = valueOf(await toolchain().build({ files, entrypoints: ['all'] }));
    expect(bundle.builtins).toEqual(
      [...HOST_BUILTINS].filter((name) => !REFUSED_BUILTINS.has(name) && !deprecated.has(name)).sort(),
    );
  }, 60_000);

  it('marks as nondeterministic nothing that a later decision could reuse', () => {
    const marked = builtins.filter(({ nondeterministic }) => nondeterministic).map(({ name }) => name);
    expect(marked.length).toBeGreaterThan(2);
    // Marked because OPA's could fetch a schema from elsewhere; ours fetches nothing.
    const offline = ['json.match_schema', 'json.verify_schema'];
    for (const name of marked.filter((each) => !offline.includes(each)))
      expect([name, MOMENTARY_BUILTINS.has(name)]).toEqual([name, true]);
  });
});
