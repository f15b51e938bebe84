import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeCrypto } from '../../src/verifier/crypto.io.js';
import { openFolder } from '../../src/verifier/folder.io.js';
import type { PackSource } from '../../src/verifier/source.port.js';
import { openTar } from '../../src/verifier/tar.io.js';
import type { Verdict } from '../../src/verifier/verdict.js';
import { verifyPack } from '../../src/verifier/verify-pack.js';
import { ustar } from '../../src/outbound/pack/ustar.js';
import { packFiles } from '../../src/outbound/pack/pack-files.js';
import { drained, packRequest } from '../support/pack.js';
import { changed, flipped, numbers, sample, type Files, type Sample } from './kit.js';

const LONG = process.env['ASSAY_LONG'] === '1';
const BLOCK = 512;

let root = '';
let given: Sample;
let tar: Buffer;
/** Header, content and padding of each file, in order. */
let members: Buffer[];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'assay-archive-'));
  given = await sample(2);
  tar = await drained(ustar(packFiles(given.ledger, packRequest(given.ledger), given.world.keys)));
  members = [];
  for (let at = 0; tar[at] !== 0;) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    members.push(tar.subarray(at, end));
    at = end;
  }
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

async function judged(source: PackSource): Promise<Verdict> {
  try {
    return await verifyPack(source, nodeCrypto(), given.pins);
  } finally {
    source.close();
  }
}

function judgeTar(bytes: Uint8Array): Promise<Verdict> {
  const path = join(root, 'pack.tar');
  writeFileSync(path, bytes);
  return openTar(path).then(judged);
}

const END = Buffer.alloc(2 * BLOCK);

describe('a pack as an archive', () => {
  it('is accepted as it was made', async () => {
    expect(await judgeTar(tar)).toMatchObject({ accepted: true, findings: [] });
    expect(Buffer.concat([...members, END]).equals(tar)).toBe(true);
  });

  it('is refused with any bit of a header, of padding or of the end flipped', async () => {
    const random = numbers(5);
    const bits: number[] = [];
    let at = 0;
    for (const member of members) {
      const size = Number.parseInt(member.toString('latin1', 124, 135), 8);
      const frame = [
        ...Array(BLOCK).keys(),
        ...Array.from({ length: member.length - BLOCK - size }, (_, i) => BLOCK + size + i),
      ];
      for (const byte of frame) for (let bit = 0; bit < 8; bit += 1) bits.push((at + byte) * 8 + bit);
      at += member.length;
    }
    for (let bit = at * 8; bit < tar.length * 8; bit += 1) bits.push(bit);
    const chosen = LONG ? bits : Array.from({ length: 400 }, () => bits[random(bits.length)] ?? 0);
    const missed: number[] = [];
    for (const bit of chosen) if ((await judgeTar(flipped(tar, bit))).accepted) missed.push(bit);
    console.log(`${String(chosen.length - missed.length)} of ${String(chosen.length)} refused (seed 5)`);
    expect(missed).toEqual([]);
  }, 3_600_000);

  it('is refused when cut at any block, or with anything behind its end', async () => {
    for (let end = 0; end < tar.length; end += BLOCK * (LONG ? 1 : 7)) {
      expect({ end, accepted: (await judgeTar(tar.subarray(0, end))).accepted }).toEqual({
        end,
        accepted: false,
      });
    }
    for (const tail of [Buffer.alloc(1), Buffer.alloc(BLOCK), Buffer.from('x'), tar]) {
      expect((await judgeTar(Buffer.concat([tar, tail]))).findings[0]?.code).toBe('archive-malformed');
    }
    expect((await judgeTar(tar.subarray(0, -BLOCK))).findings[0]?.code).toBe('archive-malformed');
  }, 600_000);

  it('is refused with two neighbours swapped, one twice, or one left out', async () => {
    for (const [i, member] of members.entries()) {
      const variants = [members.toSpliced(i, 0, member), members.toSpliced(i, 1)];
      const next = members[i + 1];
      if (next) variants.push(members.with(i, next).with(i + 1, member));
      for (const variant of variants) {
        const { accepted, findings } = await judgeTar(Buffer.concat([...variant, END]));
        expect({ i, accepted }).toEqual({ i, accepted: false });
        expect(findings[0]?.code).toMatch(/^(archive-malformed|file-missing)$/);
      }
    }
  });
});

describe('a pack as a folder', () => {
  const folderOf = (files: Files): string => {
    const folder = mkdtempSync(join(root, 'folder-'));
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return folder;
  };

  it('is refused with a link in place of a file, or an empty folder', async () => {
    const linked = folderOf(changed(given.files, 'checkpoint', undefined));
    symlinkSync(join(folderOf(given.files), 'checkpoint'), join(linked, 'checkpoint'));
    expect((await judged(openFolder(linked))).findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['file-kind', 'file-missing']),
    );
    const roomy = folderOf(given.files);
    mkdirSync(join(roomy, 'more', 'nothing'), { recursive: true });
    expect((await judged(openFolder(roomy))).findings).toEqual([
      { code: 'file-kind', path: 'more/nothing', detail: 'an empty folder' },
    ]);
  });

  it('is refused with a file too large for its kind, without reading it', async () => {
    const folder = folderOf(changed(given.files, 'proofs/1.tlog-proof', Buffer.alloc(1 << 20)));
    expect((await judged(openFolder(folder))).findings).toContainEqual(
      expect.objectContaining({ code: 'file-size', path: 'proofs/1.tlog-proof' }),
    );
  });
});
