// npm run test:strangers             tools that others wrote judge our packs, whole and tampered with
// npm run test:strangers -- --long   cosign too, packs of up to 10,000 decisions, more bits, proofs up to 1,024
//                        -- --table  as --long, and writes the table in docs/AUDITING.md
//
// The tools come from the registries of Go and npm and stay in .assay/strangers. Exit status 3 when one of them
// cannot be had: then nothing was tested that the name promises.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { obtainStrangers } from './strangers/obtain.mjs';

const ROOT = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { long: { type: 'boolean' }, table: { type: 'boolean' } } });
const long = values.long === true || values.table === true;

const tools = await obtainStrangers({ root: ROOT, dataDir: '.assay', log: console.log, cosign: long });
const missing = Object.entries(tools).filter(
  ([name, tool]) => 'missing' in tool && (long || name !== 'cosign'),
);
for (const [name, { missing: why }] of missing) console.error(`${name} cannot be had: ${why}`);
if (missing.length > 0) process.exit(3);

await build(ROOT, { checked: false }); // jest's setup starts a server from dist/
const jest = ['--experimental-vm-modules', '--no-warnings', join('node_modules', 'jest', 'bin', 'jest.js')];
const { status } = spawnSync(process.execPath, [...jest, 'test/strangers', '--verbose', '--runInBand'], {
  cwd: ROOT,
  stdio: 'inherit',
  env: {
    ...process.env,
    ...(long && { ASSAY_STRANGERS: 'long' }),
    ...(values.table && { ASSAY_STRANGERS_TABLE: 'write' }),
  },
});
process.exitCode = status ?? 1;
