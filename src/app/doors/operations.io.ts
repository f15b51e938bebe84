import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every operation of graphql/operations, as it stands. */
export function readOperations(root: string): readonly string[] {
  const folder = join(root, 'graphql', 'operations');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}
