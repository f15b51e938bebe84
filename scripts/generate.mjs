// npm run generate           writes src/api/generated.ts from graphql/*.graphql
// npm run generate -- --check    fails, without writing, when the committed file differs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import { parse } from 'graphql';
import { format, resolveConfig } from 'prettier';

const ROOT = join(import.meta.dirname, '..');
const TARGET = join(ROOT, 'src/api/generated.ts');

const HEADER = '// Generated from graphql/*.graphql by `npm run generate`. Do not edit.\n';

/** What each custom scalar is inside a resolver (src/api/scalars.ts parses and serialises them). */
const SCALARS = {
  Digest: '../kernel/digest.js#Digest',
  DateTime: '../kernel/clock.js#Instant',
  JSON: '../kernel/canonical-json.js#JsonValue',
  Long: 'number',
};

async function generated() {
  const folder = join(ROOT, 'graphql');
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  const sdl = files.sort().map((name) => readFileSync(join(folder, name), 'utf8'));
  const text = await codegen({
    filename: TARGET,
    schema: parse(sdl.join('\n')),
    documents: [],
    config: {
      useTypeImports: true,
      enumsAsTypes: true,
      avoidOptionals: { field: true },
      nonOptionalTypename: false,
      strictScalars: true,
      scalars: SCALARS,
    },
    plugins: [{ typescript: {} }],
    pluginMap: { typescript },
  });
  return format(HEADER + text, { ...(await resolveConfig(TARGET)), parser: 'typescript' });
}

const text = await generated();
if (process.argv.includes('--check')) {
  let committed = '';
  try {
    committed = readFileSync(TARGET, 'utf8');
  } catch {
    // absent is different, and reported below
  }
  if (committed !== text) {
    console.error(
      'src/api/generated.ts does not match graphql/*.graphql: run `npm run generate` and commit it',
    );
    process.exit(1);
  }
} else {
  writeFileSync(TARGET, text);
  console.log(`src/api/generated.ts: ${String(text.split('\n').length)} lines`);
}
