import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeCrypto } from '../../src/verifier/crypto.io.js';
import { openFolder } from '../../src/verifier/folder.io.js';
import { openTar } from '../../src/verifier/tar.io.js';
import { verifyPack } from '../../src/verifier/verify-pack.js';
import { packFolder, packTar } from '../support/pack.js';

describe('a pack as it was made', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'assay-verify-'));
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  it.each([0, 1, 3, 219, 220, 300])(
    'is accepted as a folder and as an archive: %d decisions',
    async (decisions) => {
      const folder = join(root, `pack-${String(decisions)}`);
      const tar = `${folder}.tar`;
      (await import('node:fs')).mkdirSync(folder);
      await packFolder(folder, decisions);
      await packTar(tar, decisions);
      for (const source of [openFolder(folder), await openTar(tar)]) {
        const verdict = await verifyPack(source, nodeCrypto());
        source.close();
        expect(verdict.findings).toEqual([]);
        expect(verdict).toMatchObject({ accepted: true, checked: { decisions } });
      }
    },
  );
});
