// node scripts/formats-table.mjs            writes docs/evidence-formats.md and docs/schemas/
// node scripts/formats-table.mjs --check    fails, without writing, when what is committed differs
//
// Formats are those of src/formats/registry.ts, in words of test/golden/evidence/tables/formats.yaml. The other tables of
// that folder are golden: every row is read by a test, and printed here. A room adds its rows by adding a table there.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format as prettify } from 'prettier';
import { parse } from 'yaml';
import { z } from 'zod';
import { ensureBuilt } from './prepare.mjs';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs', 'evidence-formats.md');
const TABLES = join(ROOT, 'test', 'golden', 'evidence', 'tables');

await ensureBuilt(ROOT, { checked: false });
const { READERS, SIGNS } = await import('../dist/src/formats/registry.js');

/** Prettier would pad every row to the longest cell; hence its marks, around all tables. */
const INTRODUCTION = `# Evidence formats

What is read, how it is told, and what comes out, case by case. Written by \`node scripts/formats-table.mjs\` from the
readers and from the golden tables of \`test/golden/evidence/tables\`; every row of those is a test.

Formats of ours, those whose name begins with \`assay.\`, have a JSON Schema in [schemas/](schemas/).

The format is detected from the content, never from a name. Where the signs of several formats fit, nothing is guessed:
the uploader says which it is, and a declaration that the content belies is an error. Only COMPLETE can lead to a pass.

<!-- prettier-ignore-start -->

| state | means |
| --- | --- |
| COMPLETE | the tool finished, and all of its report was understood |
| INCOMPLETE | the tool, or its report, says that something is missing |
| ERROR | the tool did not run, or the report cannot be read |
| NOT_MEASURED | nothing was measured, which is not success |
| UNKNOWN | it can be read, but nobody knows what it means |
`;

const yaml = (file) => parse(readFileSync(join(TABLES, file), 'utf8'));

/** A bar would end the cell, a line end the row. */
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells) => `| ${cells.map(cell).join(' | ')} |`;
const table = (heading, rows) => [row(...heading), row(...heading.map(() => '---')), ...rows].join('\n');

function formats() {
  const words = yaml('formats.yaml');
  const read = Map.groupBy
    ? Map.groupBy(READERS, ({ format }) => format)
    : new Map(READERS.map(({ format }) => [format, READERS.filter((reader) => reader.format === format)]));
  const wordless = [...read.keys()].filter((format) => !(format in words));
  const readerless = Object.keys(words).filter((format) => !read.has(format));
  if (wordless.length + readerless.length > 0)
    throw new Error(
      `tables/formats.yaml and the readers differ: no words for [${wordless}], no reader for [${readerless}]`,
    );
  const rows = [...read]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([format, readers]) => {
      const { name, sign, reads } = words[format];
      const distinct = (values) => [...new Set(values)].sort().join(', ');
      const kinds = distinct(readers.flatMap((reader) => reader.kinds)) || 'those of the report inside';
      return row(`\`${format}\``, name, kinds, distinct(readers.map(({ syntax }) => syntax)), sign, reads);
    });
  const unread = [...new Set(SIGNS.map(({ format }) => format))].filter((format) => !read.has(format)).sort();
  return [
    `## Formats\n\n${read.size} formats are read.\n`,
    table(['format', 'what it is', 'speaks to', 'syntax', 'sign', 'what is read'], rows),
    `\nTold apart and refused by name: ${unread.map((format) => `\`${format}\``).join(', ') || 'none'}.\n`,
  ].join('\n');
}

/** What a row expects, shortest first: `COMPLETE 3/4 line`, then the reasons. */
function outcome({ state, counts, basis, reasons = [], ...rest }) {
  const numbers = counts === undefined ? '' : counts.join('/');
  const more = Object.entries(rest).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return {
    result: [state, numbers, basis, ...more].filter(Boolean).join(' '),
    reasons: reasons.map((code) => `\`${code}\``).join(', '),
  };
}

/** The comment a table begins with. */
const aboutOf = (file) =>
  (readFileSync(join(TABLES, file), 'utf8').match(/^(?:# .*\n)+/)?.[0] ?? '')
    .replace(/^# /gm, '')
    .replaceAll('\n', ' ')
    .trim();

function golden(file) {
  const variants = yaml(file);
  const title = file.replace(/\.yaml$/, '');
  const formats = new Set(variants.map(({ format }) => format)).size;
  const count = variants.reduce((sum, { cases }) => sum + cases.length, 0);
  const parts = variants.map(({ variant, format, cases }) => {
    const rows = cases.map(({ name, why, expect }) => {
      const { result, reasons } = outcome(expect);
      return row(name, result, reasons, why);
    });
    return `### ${variant} (\`${format}\`)\n\n${table(['case', 'result', 'reasons', 'why'], rows)}\n`;
  });
  return [
    `## Golden table: ${title}\n\n${variants.length} variants of ${formats} formats, ${count} cases. ${aboutOf(file)}\n`,
    ...parts,
  ].join('\n');
}

/** Reports of others, read in place: a line each. */
function samples(file) {
  const rows = yaml(file);
  const title = file.replace(/\.samples\.yaml$/, '');
  const cells = rows.map((each) => {
    const { format, state = 'COMPLETE', reason, declaredFormat, distinct, ...numbers } = each.expect;
    const said = declaredFormat === undefined ? '' : 'as declared';
    const result = [state, said, ...Object.entries(numbers).map(numbered)].filter(Boolean).join('; ');
    const more = distinct === undefined ? '' : `; ${distinct} distinct`;
    return row(
      `\`${each.file}\``,
      `\`${format ?? title}\``,
      result + more,
      reason ? `\`${reason}\`` : '',
      each.shows ?? '',
    );
  });
  return [
    `## Golden table: ${title}, real reports\n\n${rows.length} reports. ${aboutOf(file)}\n`,
    `${table(['report', 'format', 'result', 'reason', 'shows'], cells)}\n`,
  ].join('\n');
}

/** `open { high: 2 }` as people say it. */
function numbered([what, value]) {
  if (what === 'levels') return `error, warning, note, none: ${value.join(', ')}`;
  if (Array.isArray(value)) return `${what}: ${value.join(', ') || 'none'}`;
  if (typeof value !== 'object') return `${what}: ${value}`;
  const counts = Object.entries(value).map(([severity, count]) => `${count} ${severity}`);
  return counts.length > 0 ? counts.join(', ') : 'nothing found';
}

const all = readdirSync(TABLES).sort();
const sampleFiles = all.filter((file) => file.endsWith('.samples.yaml'));
const goldenFiles = all.filter(
  (file) => file.endsWith('.yaml') && file !== 'formats.yaml' && !sampleFiles.includes(file),
);
const tables = [formats(), ...goldenFiles.map(golden), ...sampleFiles.map(samples)].join('\n');
const wanted = `${INTRODUCTION}\n${tables}\n<!-- prettier-ignore-end -->\n`;

/** Our own formats, as JSON Schema for whoever writes them. */
const OWN = {
  'assay.acceptance-1': (await import('../dist/src/formats/people/acceptance.js')).acceptanceFile,
  'assay.attestation-1': (await import('../dist/src/formats/people/attestation.js')).attestationFile,
  'assay.agent-run-1': (await import('../dist/src/formats/people/agent-run.js')).agentRunFile,
  'assay.expected-files-1': (await import('../dist/src/formats/source/expected-files.js')).expectedFilesFile,
};

const pages = { [PAGE]: wanted };
for (const [name, shape] of Object.entries(OWN))
  pages[join(ROOT, 'docs', 'schemas', `${name}.schema.json`)] = await prettify(
    JSON.stringify({ title: name.replace(/-1$/, '/1'), ...z.toJSONSchema(shape, { io: 'input' }) }),
    { parser: 'json', printWidth: 110 },
  );

if (!process.argv.includes('--check')) {
  mkdirSync(join(ROOT, 'docs', 'schemas'), { recursive: true });
  for (const [file, text] of Object.entries(pages)) writeFileSync(file, text);
  console.log(
    `docs/evidence-formats.md: ${goldenFiles.length + sampleFiles.length} golden tables; docs/schemas: ${Object.keys(OWN).length}`,
  );
} else {
  const stale = Object.entries(pages).filter(
    ([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text,
  );
  for (const [file] of stale)
    console.error(`${file.slice(ROOT.length + 1)} differs from the readers and golden tables`);
  if (stale.length > 0) {
    console.error('run `npm run build && node scripts/formats-table.mjs` and commit it');
    process.exitCode = 1;
  }
}
