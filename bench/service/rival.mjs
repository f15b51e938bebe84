// `opa run --server` with the same policies and its decision log on: written, unsigned, to a file that nobody flushes.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { policySource } from '../engine/kit.mjs';
import { freePort, RBAC_DATA } from './installation.mjs';

export async function startRival(opa) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-opa-'));
  writeFileSync(join(folder, 'gate.rego'), policySource('gate'));
  writeFileSync(join(folder, 'rbac.rego'), policySource('rbac'));
  writeFileSync(join(folder, 'data.json'), JSON.stringify(RBAC_DATA));
  const logFile = join(folder, 'decisions.log');
  const log = openSync(logFile, 'a');
  const port = await freePort();
  const args = [
    'run',
    '--server',
    '--addr',
    `127.0.0.1:${String(port)}`,
    '--set',
    'decision_logs.console=true',
  ];
  const files = ['gate.rego', 'rbac.rego', 'data.json'];
  const child = spawn(opa, [...args, '--skip-version-check', '--log-level', 'info', ...files], {
    cwd: folder,
    env: {},
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const url = `http://127.0.0.1:${String(port)}`;
  for (const giveUp = performance.now() + 20_000; ; await pause(50)) {
    if (
      await fetch(`${url}/health`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    if (performance.now() > giveUp) throw new Error('the OPA server does not answer');
  }
  return {
    pid: child.pid,
    targets: [{ host: '127.0.0.1', port }],
    logBytes: () => statSync(logFile).size,
    close: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
