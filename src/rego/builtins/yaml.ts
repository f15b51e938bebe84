import type { BuiltinFamily } from './builtin.js';
import { BuiltinError } from '../value/builtin-error.js';
import { text } from './operands.js';
import { readYaml } from '../yaml/read.js';
import { writeYaml } from '../yaml/write.js';

/** YAML as OPA 1.22 has it: the core schema of YAML 1.2 read, go-yaml's style written. */
export const YAML: BuiltinFamily = {
  'yaml.marshal': (_, value = null) => writeYaml(value),
  'yaml.unmarshal': (_, given) => readYaml(text(given, 1)),
  'yaml.is_valid': (_, given) => typeof given === 'string' && isYaml(given),
};

function isYaml(given: string): boolean {
  try {
    readYaml(given);
    return true;
  } catch (error) {
    if (error instanceof BuiltinError) return false;
    throw error;
  }
}
