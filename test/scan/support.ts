import { spawnSync } from 'node:child_process';
import type { SandboxMode } from '../../src/scan/sandbox/sandbox-script.js';

const SPACES = ['--mount', '--net', '--pid', '--ipc', '--uts', '--fork'];
const allowed = (...user: string[]): boolean =>
  process.platform === 'linux' && spawnSync('unshare', [...user, ...SPACES, 'true']).status === 0;

/** How this host lets us make namespaces; asked without the code under test. Empty: its tests are skipped. */
export function sandboxModes(): readonly SandboxMode[] {
  const root: SandboxMode[] = process.getuid?.() === 0 && allowed() ? ['root'] : [];
  return [...root, ...(allowed('--user', '--map-root-user') ? (['user'] as const) : [])];
}
