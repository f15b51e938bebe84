// node scripts/migrations-checksums.mjs: adds migrations that migrations/checksums.txt does not list yet.
// A listed migration has run somewhere and is never changed: write another one. Before it is merged, delete its
// line by hand and run this again.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../migrations');
const LIST = join(FOLDER, 'checksums.txt');

const lines = existsSync(LIST) ? readFileSync(LIST, 'utf8').split('\n').filter(Boolean) : [];
const listed = new Map(lines.map((line) => line.split('  ').reverse()));
for (const file of readdirSync(FOLDER)) {
  if (!/^\d{13}-\w+\.ts$/.test(file)) continue;
  const checksum = createHash('sha256')
    .update(readFileSync(join(FOLDER, file)))
    .digest('hex');
  if (!listed.has(file)) {
    listed.set(file, checksum);
    console.log(`added ${file}`);
  } else if (listed.get(file) !== checksum) {
    console.error(`${file} is listed with another checksum: a listed migration is never changed`);
    process.exitCode = 1;
  }
}
const files = [...listed.keys()].sort();
writeFileSync(LIST, files.map((file) => `${listed.get(file)}  ${file}\n`).join(''));
