// node scripts/config-table.mjs            writes the table of settings into docs/OPERATING.md
// node scripts/config-table.mjs --check    fails, without writing, when the committed table differs
//
// The settings are those that src/app/platform/config-keys.ts joins and nothing else; it is built first when it changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './prepare.mjs';

const FILE = join(import.meta.dirname, '..', 'docs', 'OPERATING.md');
const BEGIN = '<!-- config -->';
const END = '<!-- /config -->';

await ensureBuilt(join(import.meta.dirname, '..'), { checked: false });
const { CONFIG_KEYS } = await import('../dist/src/app/platform/config-keys.js');

/** Prettier would pad every row to the longest description. */
const unpadded = (table) => `<!-- prettier-ignore-start -->\n\n${table}\n\n<!-- prettier-ignore-end -->`;

/** A bare `<data>` would be read as HTML and vanish, a bare bar as the end of the cell. */
const cell = (text) => (text.includes('<') ? `\`${text}\`` : text).replaceAll('|', '\\|');

function table() {
  const rows = Object.values(CONFIG_KEYS).map(({ name, description, unit, default: byDefault }) =>
    [`\`${name}\``, ...[description, unit, byDefault].map(cell)].join(' | '),
  );
  return ['variable | what it does | unit | default', '--- | --- | --- | ---', ...rows]
    .map((row) => `| ${row} |`)
    .join('\n');
}

/** The document with the table in place of what stands between the two marks. */
function withTable(document) {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/OPERATING.md has no ${BEGIN} … ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${unpadded(table())}\n\n${document.slice(end)}`;
}

const committed = readFileSync(FILE, 'utf8');
const wanted = withTable(committed);
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, wanted);
  console.log(`docs/OPERATING.md: ${Object.keys(CONFIG_KEYS).length} settings`);
} else if (committed !== wanted) {
  console.error('docs/OPERATING.md does not list the settings of src/app/platform/config-keys.ts:');
  console.error('run `npm run build && node scripts/config-table.mjs` and commit it');
  process.exitCode = 1;
}
