import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import type { ArchiveFault, UnpackLimits } from './unpack-rules.js';
import { unpack, type Unpacked } from './unpack.io.js';
import type { Result } from '../../kernel/result.js';

const MIB = 2 ** 20;
const LIMITS: UnpackLimits = {
  entries: 50,
  totalBytes: 100 * MIB,
  fileBytes: 90 * MIB,
  depth: 8,
  ratio: 100,
};
const folder = mkdtempSync(join(tmpdir(), 'assay-unpack-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
async function unpacked(
  archive: Buffer,
): Promise<{ target: string; result: Result<Unpacked, ArchiveFault> }> {
  count += 1;
  const file = join(folder, `${String(count)}.archive`);
  writeFileSync(file, archive);
  const target = mkdtempSync(join(folder, 'tree-'));
  return { target, result: await unpack(file, target, LIMITS) };
}

const faultOf = async (archive: Buffer): Promise<ArchiveFault | string> => {
  const { target, result } = await unpacked(archive);
  // Whatever it is, nothing may be beside the target.
  expect(readdirSync(folder).filter((name) => !/^(?:tree-\w+|\d+\.archive)$/.test(name))).toEqual([]);
  return result.ok ? `unpacked ${readdirSync(target).join()}` : result.problem;
};

type Member = Partial<Header> & { readonly name: string } & { readonly text?: string };

async function tar(...members: readonly Member[]): Promise<Buffer> {
  const archive = pack();
  for (const { text, ...header } of members) archive.entry(header, text ?? '');
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface ZipMember {
  readonly name: string | Buffer;
  readonly text?: string | Buffer;
  /** Unix mode with its type bits. */
  readonly mode?: number;
  readonly flags?: number;
  /** What the directory says of the size, where it lies. */
  readonly claimed?: number;
}

/** A zip as its specification has it (APPNOTE 6.3), deflated; nothing checks what is asked for. */
function zip(...members: readonly ZipMember[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, text = '', mode = 0o100644, flags = 0x800, claimed } of members) {
    const fileName = Buffer.from(name as string);
    const raw = Buffer.from(text as string);
    const packed = deflateRawSync(raw);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimed ?? raw.length, 18);
    common.writeUInt16LE(fileName.length, 22);
    const head = Buffer.concat([Buffer.from('PK\x03\x04'), common, fileName, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const madeBy = Buffer.from([20, 3]);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, common, tail, fileName]));
    local.push(head);
    offset += head.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

const GOOD = { name: 'a/b.txt', text: 'beta' };

describe('unpacking', () => {
  it.each([
    ['tar', (bytes: Buffer) => bytes],
    ['tar.gz', (bytes: Buffer) => gzipSync(bytes)],
  ])('makes the files and folders of a %s', async (_, packed) => {
    const { target, result } = await unpacked(
      packed(
        await tar(
          { name: './', type: 'directory' },
          { name: './a/', type: 'directory', mode: 0o700 },
          GOOD,
          { name: 'run.sh', text: '#!', mode: 0o6755 },
          { name: 'c', type: 'link', linkname: 'a/b.txt' },
          { name: 'a/up', type: 'symlink', linkname: '../run.sh' },
        ),
      ),
    );
    expect(result).toEqual({ ok: true, value: { files: 3, links: 1 } });
    expect(readFileSync(join(target, 'a/b.txt'), 'utf8')).toBe('beta');
    expect(readFileSync(join(target, 'c'), 'utf8')).toBe('beta');
    expect(statSync(join(target, 'run.sh')).mode & 0o7777).toBe(0o755);
    expect(readdirSync(join(target, 'a'))).toEqual(['b.txt']);
  });

  it('makes the files and folders of a zip', async () => {
    const { target, result } = await unpacked(
      zip({ name: 'a/', mode: 0o040755 }, GOOD, { name: 'ln', text: 'a/b.txt', mode: 0o120777 }),
    );
    expect(result).toEqual({ ok: true, value: { files: 1, links: 1 } });
    expect(readFileSync(join(target, 'a/b.txt'), 'utf8')).toBe('beta');
  });

  it('takes names of every script, and long ones', async () => {
    const names = ['größe/中文.py', `${'n'.repeat(200)}/x`];
    expect(await faultOf(await tar(...names.map((name) => ({ name, text: 'x' }))))).toMatch(/^unpacked /);
  });
});

describe('an archive is refused', () => {
  it.each<[string, Member, ArchiveFault['kind']]>([
    ['climbs out', { name: '../evil', text: 'x' }, 'outside'],
    ['climbs out from within', { name: 'a/../../evil', text: 'x' }, 'outside'],
    ['goes up, even if it stays inside', { name: 'a/../b', text: 'x' }, 'outside'],
    ['is absolute', { name: '/etc/cron.d/evil', text: 'x' }, 'absolute-path'],
    ['has a drive', { name: 'C:/evil', text: 'x' }, 'absolute-path'],
    ['has a backslash', { name: 'a\\..\\..\\evil', text: 'x' }, 'bad-name'],
    ['has a control character', { name: 'a\u001b[31m', text: 'x' }, 'bad-name'],
    ['is too long', { name: 'n'.repeat(256), text: 'x' }, 'bad-name'],
    ['is too deep', { name: 'd/'.repeat(9) + 'x', text: 'x' }, 'too-deep'],
    ['is a link out', { name: 'z', type: 'symlink', linkname: '../../etc/passwd' }, 'outside'],
    ['is an absolute link', { name: 'z', type: 'symlink', linkname: '/etc/passwd' }, 'outside'],
    ['is a hard link out', { name: 'z', type: 'link', linkname: '../secret' }, 'outside'],
    ['is an absolute hard link', { name: 'z', type: 'link', linkname: '/etc/shadow' }, 'absolute-path'],
    ['is a hard link to nothing', { name: 'z', type: 'link', linkname: 'b' }, 'dangling-link'],
    ['is a device', { name: 'a', type: 'block-device', devmajor: 8, devminor: 0 }, 'special-file'],
    ['is a character device', { name: 'a', type: 'character-device' }, 'special-file'],
    ['is a pipe', { name: 'a', type: 'fifo' }, 'special-file'],
  ])('when a name in a tar %s', async (_, member, kind) => {
    expect(await faultOf(await tar(GOOD, member))).toMatchObject({ kind });
  });

  it.each<[string, ZipMember, ArchiveFault['kind']]>([
    ['climbs out', { name: '../evil' }, 'outside'],
    ['is absolute', { name: '/etc/evil' }, 'absolute-path'],
    ['has a drive', { name: 'C:/evil' }, 'absolute-path'],
    ['has a backslash', { name: '..\\evil' }, 'bad-name'],
    ['is a link out', { name: 'z', text: '../../etc/passwd', mode: 0o120777 }, 'outside'],
    ['is an absolute link', { name: 'z', text: '/etc/passwd', mode: 0o120777 }, 'outside'],
    ['is a device', { name: 'a', mode: 0o060644 }, 'special-file'],
    ['is a socket', { name: 'a', mode: 0o140644 }, 'special-file'],
    ['is encrypted', { name: 'a', flags: 0x801 }, 'encrypted'],
  ])('when a name in a zip %s', async (_, member, kind) => {
    expect(await faultOf(zip(GOOD, member))).toMatchObject({ kind });
  });

  it('when a file is put where a link was', async () => {
    const through = [{ name: 'a', type: 'symlink', linkname: 'b' } as const, { name: 'a/evil', text: 'x' }];
    expect(
      await faultOf(await tar(GOOD, ...through.map((one) => ({ ...one, name: `z${one.name}` })))),
    ).toMatchObject({
      kind: 'name-twice',
    });
  });

  it('when two entries have one name', async () => {
    expect(await faultOf(await tar(GOOD, GOOD))).toMatchObject({ kind: 'name-twice', name: 'a/b.txt' });
    expect(await faultOf(zip(GOOD, { ...GOOD, name: './a/b.txt' }))).toMatchObject({ kind: 'name-twice' });
    expect(await faultOf(await tar({ name: 'a', text: 'x' }, { name: 'a/b', text: 'x' }))).toMatchObject({
      kind: 'name-twice',
    });
  });

  it('when it unpacks to far more than it is', async () => {
    const zeros = Buffer.alloc(80 * MIB).toString('latin1');
    const packed = gzipSync(await tar({ name: 'zeros', text: zeros }));
    expect(packed.length).toBeLessThan(MIB);
    expect(await faultOf(packed)).toEqual({ kind: 'bomb', limit: 100 });
    expect(await faultOf(zip({ name: 'zeros', text: zeros }))).toEqual({ kind: 'bomb', limit: 100 });
  });

  it('when a zip lies about the size of a file', async () => {
    expect(await faultOf(zip({ name: 'liar', text: 'x'.repeat(5000), claimed: 10 }))).toMatchObject({
      kind: 'malformed',
    });
  });

  it('when it holds too much: entries, one file, or all together', async () => {
    const many = Array.from({ length: 51 }, (_, index) => ({ name: `f${String(index)}`, text: 'x' }));
    expect(await faultOf(await tar(...many))).toEqual({ kind: 'too-many-entries', limit: 50 });
    const noise = (mib: number): string => 'x'.repeat(mib * MIB);
    expect(await faultOf(await tar({ name: 'big', text: noise(91) }))).toMatchObject({
      kind: 'file-too-large',
    });
    const halves = ['one', 'two'].map((name) => ({ name, text: noise(60) }));
    expect(await faultOf(await tar(...halves))).toEqual({ kind: 'too-large', limit: 100 * MIB });
  });

  it('when its headers are longer than any name can need', async () => {
    const pax = { comment: 'c'.repeat(20 * MIB) };
    expect(await faultOf(await tar({ ...GOOD, pax }))).toMatchObject({ kind: 'malformed' });
  });

  it('when it is nothing, cut off, or something else', async () => {
    const whole = await tar({ name: 'a', text: 'x'.repeat(100_000) });
    expect(await faultOf(await tar({ name: 'only/', type: 'directory' }))).toEqual({ kind: 'empty' });
    expect(await faultOf(zip())).toEqual({ kind: 'empty' });
    expect(await faultOf(Buffer.from('no archive'))).toEqual({ kind: 'unknown-format' });
    expect(await faultOf(Buffer.alloc(0))).toEqual({ kind: 'unknown-format' });
    expect(await faultOf(whole.subarray(0, 50_000))).toMatchObject({ kind: 'malformed' });
    expect(await faultOf(gzipSync(whole).subarray(0, 100))).toMatchObject({ kind: 'malformed' });
    expect(await faultOf(gzipSync(Buffer.from('not a tar at all')))).toMatchObject({ kind: 'malformed' });
    expect(await faultOf(zip(GOOD).subarray(0, -10))).toMatchObject({ kind: 'malformed' });
  });
});
