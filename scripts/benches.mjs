// npm run bench [-- name …]: every bench in its short mode, one after the other. A bench that does not run to its end
// has failed; one that misses a target says so and has not, since only a quiet machine can meet them. Ends with the
// plain line `N passed, M failed`. Benches are not run by tests, so without this they rot unseen.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const LIMIT_MS = 600_000;
const BENCHES = {
  engine: 'bench/engine/run.mjs',
  ledger: 'bench/ledger/append.mjs',
  pack: 'bench/ledger/pack.mjs',
  evidence: 'bench/evidence/ingest.mjs',
  service: 'bench/service/run.mjs',
};
/** The last line of a report (bench/support/report.mjs). */
const VERDICT = /^(all targets met|missed: .*)$/m;

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0)
  throw new Error(`no such bench: ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);

const tally = { passed: 0, failed: 0 };
for (const name of wanted) {
  const began = performance.now();
  const { status, signal, stdout } = spawnSync(process.execPath, [join(ROOT, BENCHES[name]), '--short'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  console.log(stdout);
  const ranToItsEnd = status === 0 && VERDICT.test(stdout);
  tally[ranToItsEnd ? 'passed' : 'failed'] += 1;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${ranToItsEnd ? 'ok     ' : 'FAILED '} bench ${name} (${seconds} s${ranToItsEnd ? '' : `, ended with ${status ?? signal}`})`,
  );
}
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;
