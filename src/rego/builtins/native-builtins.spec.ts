import { readFileSync } from 'node:fs';
import { HOST_BUILTINS } from './table.js';
import { COMPILER_BUILTINS, NATIVE_BUILTINS } from './native-builtins.js';
import { REFUSED_BUILTINS } from './refused.js';

interface Capabilities {
  readonly builtins: readonly { readonly name: string }[];
  readonly features: readonly string[];
  readonly allow_net: readonly string[];
}
const capabilities = JSON.parse(readFileSync('rego/capabilities.json', 'utf8')) as Capabilities;
const offered = capabilities.builtins.map(({ name }) => name);

describe('rego/capabilities.json', () => {
  it('offers exactly what a compiled policy brings along and what the host implements, save what is refused', () => {
    const implemented = [...NATIVE_BUILTINS, ...COMPILER_BUILTINS, ...HOST_BUILTINS];
    const allowed = implemented.filter((name) => !REFUSED_BUILTINS.has(name));
    expect([...offered].sort()).toEqual(allowed.sort());
  });

  it('counts as OPA 1.22.0 does: 96 native builtins and 7 of the compiler', () => {
    expect([NATIVE_BUILTINS.size, COMPILER_BUILTINS.size]).toEqual([96, 7]);
  });

  it.each([...REFUSED_BUILTINS.keys()])('does not offer %s', (name) => {
    expect(offered).not.toContain(name);
  });

  it('allows no network and keeps the language features', () => {
    expect(capabilities.allow_net).toEqual([]);
    expect(capabilities.features).toEqual(
      expect.arrayContaining(['keywords_in_refs', 'rego_v1', 'template_strings']),
    );
  });
});
