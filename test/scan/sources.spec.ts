import { afterAll, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalSources } from '../../src/scan/local-sources.io.js';
import { sourceArchivesContract } from '../support/sources.contract.js';

const folder = mkdtempSync(join(tmpdir(), 'assay-sources-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

sourceArchivesContract('a local disk', () => Promise.resolve(new LocalSources(folder)));

it('leaves no draft of what was kept, discarded or broke off', () => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => name.includes('incoming'))).toEqual([]);
});
