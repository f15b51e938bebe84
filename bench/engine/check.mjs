// Authoring calls on 200 modules of the size of ours: the check an officer waits for at every save, and the others.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { atMost } from '../support/report.mjs';
import { median, quantile, times } from '../support/measure.mjs';

const ROOT = join(import.meta.dirname, '../..');
const REGO = join(ROOT, 'rego');
const MODULES = 200;

/** Our own rules over and over in packages of their own, beside the library they share. */
function modules() {
  const read = (path) => ({ path, text: readFileSync(join(REGO, path), 'utf8') });
  const named = readdirSync(REGO, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
  const library = named.filter((name) => /^lib\/.*(?<!_test)\.rego$/.test(name)).map(read);
  const rules = named.filter((name) => /^rules\/.*(?<!_test)\.rego$/.test(name)).map(read);
  const copies = Array.from({ length: MODULES - library.length }, (_, index) => {
    const { path, text } = rules[index % rules.length];
    return {
      path: path.replace('rules/', `rules/copy${index}/`),
      text: text.replace(/^package assay\.rules\.(\w+)/m, `package assay.rules.copy${index}.$1`),
    };
  });
  return [...library, ...copies];
}

export async function authoring({ opa, report, short }) {
  const { OpaToolchain } = await import(pathToFileURL(join(ROOT, 'dist/src/rego/opa/opa.io.js')).href);
  const toolchain = new OpaToolchain({ program: opa, regoFolder: REGO });
  const files = modules();
  const sizeBytes = files.reduce((sum, { text }) => sum + text.length, 0);
  /** As an officer does: one file differs from save to save. */
  const saved = (turn) => files.with(-1, { ...files.at(-1), text: `${files.at(-1).text}\n# ${turn}\n` });
  const calls = {
    check: (turn) => toolchain.check(saved(turn)),
    'check, unchanged': () => toolchain.check(files),
    format: (turn) => toolchain.format(saved(turn)),
    review: (turn) => toolchain.review({ files: saved(turn), packs: [] }),
  };
  report.section(
    `Authoring, ${files.length} modules of ${(sizeBytes / 2 ** 20).toFixed(1)} MiB together (milliseconds)`,
  );
  for (const [name, call] of Object.entries(calls)) {
    const first = await call(-1);
    if (!first.ok) throw new Error(`${name}: ${JSON.stringify(first.problem).slice(0, 500)}`);
    const taken = await times(call, short ? 20 : 100);
    const p95 = quantile(taken, 0.95);
    const target = name === 'check' ? atMost(p95, 300, ' ms at p95') : undefined;
    report.line(name, { p50: median(taken), p95 }, target);
  }
}
