// Node's module hooks for suites (runner.mjs), in the thread that Node gives them: TypeScript where it lies, and
// '@jest/globals' of ours.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';

const GLOBALS = new URL('globals.mjs', import.meta.url).href;
let folder;

export function initialize({ compiled }) {
  folder = compiled;
}

export function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: GLOBALS, format: 'module', shortCircuit: true };
  if (/^\.{1,2}\/.*\.js$/.test(specifier)) {
    const url = new URL(specifier.replace(/js$/, 'ts'), context.parentURL);
    if (isTypeScript(url) && existsSync(url)) return { url: url.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  const { protocol, pathname } = new URL(url);
  if (protocol !== 'file:' || !pathname.endsWith('.ts')) return next(url, context);
  const source = await compile(folder, fileURLToPath(url));
  return { source, format: 'module', shortCircuit: true };
}

const isTypeScript = ({ protocol, pathname }) =>
  protocol === 'file:' && pathname.endsWith('.ts') && !pathname.includes('/node_modules/');
