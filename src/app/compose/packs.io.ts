import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseManifest } from '../../policy/manifest.js';
import { answeringFolders, type Pack } from '../../policy/pack.js';
import type { RegoSource } from '../../rego/compiler.port.js';

/** A shipped pack is part of the product: one that cannot be read is a fault of ours, not an outcome. */
export class PackUnreadable extends Error {}

/** Reads `policies/<name>/` with the Rego it consists of: the library, and its rules or the access questions. */
export function readPack(root: string, name: string): Pack {
  const folder = join(root, 'policies', name);
  const manifest = parseManifest(parse(readFileSync(join(folder, 'policy.yaml'), 'utf8')));
  if (!manifest.ok) {
    const mistakes = manifest.problem.errors.map((error) => `${error.path}: ${error.message}`);
    throw new PackUnreadable(`policies/${name}/policy.yaml: ${mistakes.join('; ')}`);
  }
  const dutch = z
    .record(z.string(), z.string())
    .parse(parse(readFileSync(join(folder, 'messages.nl.yaml'), 'utf8')));
  const rules = manifest.value.rules.map((rule) => join('rules', rule.id));
  const own = answeringFolders(manifest.value.entrypoints) ?? rules;
  return { manifest: manifest.value, dutch, files: ['lib', ...own].flatMap((each) => sourcesIn(root, each)) };
}

/** Modules below a folder of rego/, named relative to it; tests are the author's, not the policy's. */
function sourcesIn(root: string, folder: string): RegoSource[] {
  const base = join(root, 'rego');
  return readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.rego') && !entry.name.endsWith('_test.rego'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: relative(base, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }));
}

/** The shared Rego as drafts get it: every module, and the helpers that tests of rules import. Read once. */
export function readLibrary(root: string): readonly RegoSource[] {
  const helpers = 'lib/examples_test.rego';
  const text = readFileSync(join(root, 'rego', ...helpers.split('/')), 'utf8');
  return [...sourcesIn(root, 'lib'), { path: helpers, text }];
}
