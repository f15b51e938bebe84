import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MIGRATIONS } from '../../migrations/list.js';

const folder = `${import.meta.dirname}/../../migrations`;
const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'list.ts');
const checksums = new Map(
  readFileSync(`${folder}/checksums.txt`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('  ').reverse() as [string, string]),
);

describe('migrations', () => {
  it('are named <epoch-ms>-VerbNoun.ts', () => {
    expect(files.filter((name) => !/^\d{13}-([A-Z][a-z0-9]+){2,}\.ts$/.test(name))).toEqual([]);
  });

  it('are all in list.ts, oldest first, under the name of their file', () => {
    const named = files.sort().map((name) => name.replace(/^(\d+)-(\w+)\.ts$/, '$2$1'));
    expect(MIGRATIONS.map((migration) => migration.name)).toEqual(named);
  });

  it('are all listed in checksums.txt: node scripts/migrations-checksums.mjs adds a new one', () => {
    expect([...checksums.keys()]).toEqual(files.sort());
  });

  it.each([...checksums])('%s is what it was when it was listed', (file, checksum) => {
    const now = createHash('sha256')
      .update(readFileSync(`${folder}/${file}`))
      .digest('hex');
    expect(now).toBe(checksum);
  });
});
