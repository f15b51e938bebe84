import { PROJECT_THINGS, type About } from '../access/project-of.port.js';
import type { Place } from './requires.js';

/**
 * What the arguments name, of the things that lie in a project. Undefined where one that the place speaks of is not
 * named: what may lie in another project must not be reached by leaving it out.
 */
export function namedIn(place: Exclude<Place, 'anywhere'>, args: unknown): readonly About[] | undefined {
  const named: About[] = [];
  for (const what of PROJECT_THINGS) {
    const path = place[what];
    if (path === undefined) continue;
    const id = memberAt(args, path.split('.'));
    if (typeof id !== 'string') return undefined;
    named.push({ what, id });
  }
  return named;
}

function memberAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return memberAt((value as Readonly<Record<string, unknown>>)[name], rest);
}
