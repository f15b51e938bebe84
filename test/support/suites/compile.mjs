// TypeScript into JavaScript with the settings of the product's build, kept by content.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import { SWC } from '../../../scripts/build.mjs';

const SETTINGS = JSON.stringify(SWC);

/** The JavaScript of a file, from `folder` if it was compiled before. */
export async function compile(folder, path) {
  const source = readFileSync(path, 'utf8');
  const kept = nameIn(folder, path, source);
  if (existsSync(`${kept}.js`)) return readFileSync(`${kept}.js`, 'utf8');
  const { transform } = (await import('@swc/core')).default;
  const options = { ...SWC, filename: path, sourceFileName: path, sourceMaps: true };
  const { code, map } = await transform(source, options);
  mkdirSync(folder, { recursive: true });
  put(`${kept}.map`, map);
  put(`${kept}.js`, code);
  return code;
}

/** Where the source map of a module is, for source-map-support; undefined of what was not compiled here. */
export function sourceMapFile(folder, url) {
  if (!url.startsWith('file:') || !/\.ts(\?|$)/.test(url)) return undefined;
  const path = fileURLToPath(url.replace(/\?.*/, ''));
  const file = `${nameIn(folder, path, readFileSync(path, 'utf8'))}.map`;
  return existsSync(file) ? file : undefined;
}

const nameIn = (folder, path, source) =>
  join(folder, createHash('sha256').update(`${SETTINGS}\0${path}\0${source}`).digest('hex').slice(0, 32));

/** Whole or not at all: processes compile at the same time. */
function put(file, text) {
  const draft = `${file}.${process.pid}.${threadId}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}
