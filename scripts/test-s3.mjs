// npm run test:s3: the blob store against a real S3-compatible server, gofakes3, built from the Go module proxy (half a
// minute the first time, checked against the Go checksum database) and kept in the project's cache.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const MODULE = 'github.com/johannesboyne/gofakes3/cmd/gofakes3';
const VERSION = 'v1.2.0';

const folder = join(ROOT, '.assay', 'cache', `gofakes3-${VERSION}`);
const program = process.env.ASSAY_TEST_S3_SERVER ?? join(folder, 'gofakes3');
if (!existsSync(program)) {
  mkdirSync(folder, { recursive: true });
  run('go', ['install', `${MODULE}@${VERSION}`], { GOBIN: folder });
}
run(process.execPath, [join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), 'test/store/s3-blobs.spec.ts'], {
  ASSAY_TEST_S3_SERVER: program,
  NODE_OPTIONS: '--experimental-vm-modules',
});

function run(file, args, env) {
  const { status, error } = spawnSync(file, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    timeout: 10 * 60 * 1000,
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
