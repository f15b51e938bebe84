/**
 * Writes rego/capabilities.json: what the pinned OPA offers, minus every builtin our host does not have, minus the
 * network. A policy that uses anything else is refused when it is checked, not when it judges.
 * Needs a build (`npm run build`). Usage: node scripts/capabilities.mjs <opa program> [--check]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = join(import.meta.dirname, '..');
const file = join(root, 'rego', 'capabilities.json');

/** The file's text, made with this OPA program. */
export async function capabilitiesText(opa) {
  const { HOST_BUILTINS } = await import('../dist/src/rego/builtins/table.js');
  const { REFUSED_BUILTINS } = await import('../dist/src/rego/builtins/refused.js');
  const { NATIVE_BUILTINS, COMPILER_BUILTINS } = await import('../dist/src/rego/builtins/native-builtins.js');
  const offered = JSON.parse(execFileSync(opa, ['capabilities', '--current'], { encoding: 'utf8', env: {} }));
  const builtins = offered.builtins
    .filter(({ name }) => !REFUSED_BUILTINS.has(name))
    .filter(({ name }) => NATIVE_BUILTINS.has(name) || COMPILER_BUILTINS.has(name) || HOST_BUILTINS.has(name))
    .map(withoutProse);
  const text = JSON.stringify({ ...offered, builtins, allow_net: [] });
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

/** Names and types are what the compiler reads; descriptions would make the file four times as long. */
function withoutProse(value) {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'description' && key !== 'categories');
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutProse(item)]));
}

if (process.argv[1] === import.meta.filename) {
  const [opa = 'opa', mode] = process.argv.slice(2);
  const text = await capabilitiesText(opa);
  if (mode !== '--check') writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error('rego/capabilities.json is stale: run node scripts/capabilities.mjs <opa program>');
    process.exitCode = 1;
  }
}
