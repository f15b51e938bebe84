import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Config } from '../platform/config.js';

/**
 * Where `opa` is, without obtaining it: ASSAY_OPA, the cache that `npm start` fills, PATH. Whether it is the
 * pinned version is asked when it is used. Undefined: decisions go on, authoring answers OpaUnavailable.
 */
export function findOpa(config: Config): string | undefined {
  const pinned = (
    JSON.parse(readFileSync(join(config.root, 'rego', 'toolchain.json'), 'utf8')) as { opa: string }
  ).opa;
  const candidates = [
    config.opaPath,
    join(config.root, '.assay', 'tools', `opa-${pinned}`, 'opa'),
    ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'opa')),
  ];
  return candidates.find((path) => path !== undefined && existsSync(path));
}
