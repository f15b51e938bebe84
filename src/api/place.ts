import { PROJECT_THINGS, type About } from '../access/project-of.port.js';
import type { Place } from './requires.js';

/**
 * What the arguments name, of the things that lie in a project. Undefined where one that the place speaks of is not
 * named: what may lie in another project must not be reached by leaving it out. A path that ends in `?` may be left out.
 */
export function namedIn(place: Exclude<Place, 'anywhere'>, args: unknown): readonly About[] | undefined {
  const named: About[] = [];
  for (const what of PROJECT_THINGS) {
    const path = place[what];
    if (path === undefined) continue;
    const ids = membersAt(args, path.replace(/\?$/, '').split('.'));
    if (path.endsWith('?') && ids.every((id) => id == null)) continue;
    if (ids.length === 0) return undefined;
    for (const id of ids) {
      if (typeof id !== 'string') return undefined;
      named.push({ what, id });
    }
  }
  return named;
}

/** `*` is each item of a list, `+` those items that have the next member. */
function membersAt(value: unknown, [name, ...rest]: readonly string[]): readonly unknown[] {
  if (name === undefined) return [value];
  if (name === '*' || name === '+') {
    if (!Array.isArray(value)) return [];
    const all = value.map((item: unknown) => membersAt(item, rest));
    return name === '*'
      ? all.flatMap((found) => (found.length === 0 ? [undefined] : found))
      : all.flat().filter((id) => id != null);
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return membersAt((value as Readonly<Record<string, unknown>>)[name], rest);
}
