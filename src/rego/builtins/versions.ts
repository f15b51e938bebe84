import type { BuiltinFamily } from './builtin.js';
import { text } from './operands.js';
import { compareSemver, isSemver } from './semver.js';

/** Semantic versions. */
export const VERSIONS: BuiltinFamily = {
  'semver.is_valid': (_, given) => typeof given === 'string' && isSemver(given),
  'semver.compare': (_, a, b) => compareSemver(text(a, 1), text(b, 2)),
};
