import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Whom PostgreSQL runs as. Undefined ids mean: as we are. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

const CANDIDATES = ['postgres', '_postgres']; // _postgres comes with macOS

/**
 * PostgreSQL refuses to run as root: then it runs as the owner of an existing cluster, else as the system user
 * `postgres`, made when absent.
 */
export function serverUser(dataFolder: string): ServerUser {
  const owner = statSync(dataFolder, { throwIfNoEntry: false });
  const self = process.getuid?.();
  if (self !== 0) {
    if (owner === undefined || self === undefined || owner.uid === self) return {};
    throw new Error(
      `${dataFolder} belongs to another user: was Assay started as root before? Do so again, or chown it`,
    );
  }
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const found = CANDIDATES.map(lookUp).find((user) => user !== undefined);
  if (found) return found;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres']);
  const made = lookUp('postgres');
  if (made) return made;
  throw new Error(
    'PostgreSQL does not run as root: create a system user "postgres", or start as another user',
  );
}

function lookUp(name: string): ServerUser | undefined {
  const uid = idOf('-u', name);
  const gid = idOf('-g', name);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

/**
 * Lets another user pass through every folder above `path`: search only (x), never list. Needed because a clone
 * below /root or a umask of 077 shuts `postgres` out of its own data. Returns the folders it changed.
 */
export function makeParentsSearchable(path: string): string[] {
  const changed: string[] = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const { mode } = statSync(folder);
    if ((mode & 0o001) !== 0) continue;
    chmodSync(folder, (mode & 0o7777) | 0o011);
    changed.push(folder);
  }
  return changed;
}

/** `chmod -R go+rX`, so that what a strict umask installed can be read and run by another user. */
export function makeReadable(path: string): void {
  const status = lstatSync(path);
  if (status.isSymbolicLink()) return;
  const wanted = status.isDirectory() || (status.mode & 0o100) !== 0 ? 0o055 : 0o044;
  if ((status.mode & wanted) !== wanted) chmodSync(path, (status.mode & 0o7777) | wanted);
  if (status.isDirectory()) for (const name of readdirSync(path)) makeReadable(join(path, name));
}
