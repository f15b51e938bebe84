import type { RegoSource } from '../../rego/compiler.port.js';

/**
 * The installation's shared Rego (`rego/lib`, paths `lib/…`), with the helpers that tests import. A draft that
 * does not bring a module of the same path gets this one.
 */
export interface PolicyLibrary {
  modules(): readonly RegoSource[];
}
