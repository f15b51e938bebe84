import type { Dependencies } from '../compiler.port.js';
import { regoText } from './rego-text.js';

type Term = Readonly<{ type: string; value?: unknown }>;
type Ref = readonly Term[];

/** Undefined when the entrypoint names no rule: OPA then takes it for base data. */
export function splitDependencies(
  { base, virtual }: { readonly base: readonly Ref[]; readonly virtual: readonly Ref[] },
  entrypoint: string,
): Dependencies | undefined {
  const asked = entrypoint.split('/');
  if (!virtual.some((ref) => isWithin(ref, asked))) return undefined;
  const of = (refs: readonly Ref[], root: string): readonly string[] =>
    [
      ...new Set(
        refs.filter(([first]) => first?.value === root).map((ref) => regoText({ type: 'ref', value: ref })),
      ),
    ].sort();
  return { input: of(base, 'input'), data: of(base, 'data'), rules: of(virtual, 'data') };
}

/** A rule at the path or, for a package, below it. */
const isWithin = (ref: Ref, path: readonly string[]): boolean =>
  path.every((part, index) => ref[index + 1]?.value === part);
