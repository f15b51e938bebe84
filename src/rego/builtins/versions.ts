import type { RegoValue } from '../value/rego-value.js';
import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { text } from './operands.js';
import { compareSemver, isSemver } from './semver.js';

/** Semantic versions. */
export const VERSIONS: BuiltinFamily = {
  'semver.is_valid': (_, given) => typeof given === 'string' && isSemver(given),
  'semver.compare': (_, a, b) => compareSemver(version(a, 1), version(b, 2)),
};

function version(value: RegoValue | undefined, position: number): string {
  const given = text(value, position);
  if (isSemver(given)) return given;
  throw new BuiltinError(`operand ${position}: string ${JSON.stringify(given)} is not a valid SemVer`);
}
