// npm run build: compiles src/ and migrations/ into dist/, types checked. Others import `build`, which does
// nothing when the sources are those of the last build. --unchecked skips the types.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

const SOURCES = ['src', 'migrations'];
const SETTINGS = ['scripts/build.mjs', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/**
 * `checked: false` leaves the types to `npm run check` and takes a tenth of the time: for starting and testing.
 * Resolves to false when dist/ was already of these sources.
 */
export async function build(root, { checked = true } = {}) {
  const stampFile = join(root, 'dist', 'build.stamp');
  const stamp = sourcesDigest(root);
  const known = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').split(' ') : [];
  if (known[0] === stamp && (known[1] === 'checked' || !checked)) return false;
  rmSync(stampFile, { force: true });
  await (checked ? compile(root) : transpile(root));
  removeOrphans(root);
  writeFileSync(stampFile, `${stamp} ${checked ? 'checked' : 'unchecked'}`);
  return true;
}

function compile(root) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const child = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error('the build failed: see above'))));
  });
}

/** Compiles a folder that the product does not need, such as test/chaos, to the same place below dist/. */
export const compileFolder = (root, folder) => transpile(root, sourcesIn(root, folder));

/** Settings of the compiler, for tests too (test/support/suites/compile.mjs). */
export const SWC = {
  swcrc: false,
  configFile: false,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: false,
      verbatimModuleSyntax: true,
    },
    keepClassNames: true,
    experimental: { keepImportAttributes: true },
  },
  module: { type: 'es6' },
};

/** File by file. */
async function transpile(root, files = sourcesOf(root)) {
  const { transform } = (await import('@swc/core')).default;
  await Promise.all(
    files.map(async (file) => {
      const target = join(root, 'dist', file.replace(/\.ts$/, '.js'));
      const sourceFileName = relative(dirname(target), join(root, file));
      const options = { ...SWC, filename: file, sourceFileName, sourceMaps: true };
      const { code, map } = await transform(readFileSync(join(root, file), 'utf8'), options);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, `${code}//# sourceMappingURL=${target.slice(dirname(target).length + 1)}.map\n`);
      writeFileSync(`${target}.map`, map);
    }),
  );
}

/** What was compiled from a file that is gone must not be loaded any more. */
function removeOrphans(root) {
  for (const folder of SOURCES.map((name) => join('dist', name)))
    for (const file of filesBelow(join(root, folder)).filter((name) => name.endsWith('.js')))
      if (!existsSync(join(root, folder.slice('dist/'.length), file.replace(/\.js$/, '.ts'))))
        for (const path of [file, `${file}.map`]) rmSync(join(root, folder, path), { force: true });
}

function sourcesDigest(root) {
  const hash = createHash('sha256');
  for (const file of [...SETTINGS, ...sourcesOf(root)])
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const sourcesOf = (root) => SOURCES.flatMap((folder) => sourcesIn(root, folder));

function sourcesIn(root, folder) {
  return filesBelow(join(root, folder))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.endsWith('.d.ts'))
    .sort()
    .map((file) => join(folder, file));
}

function filesBelow(folder) {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const checked = !process.argv.includes('--unchecked');
  const done = await build(join(import.meta.dirname, '..'), { checked }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  if (done === false) console.log('dist/ is up to date');
}
