const BLOCK = 512;

/**
 * Regular files of an uncompressed POSIX tar archive (ustar), by name without a leading slash; other entries are
 * skipped. For archives our own compiler just wrote: anything malformed throws. Nothing is unpacked to disk, so
 * names cannot escape.
 */
export function readTar(archive: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return files;
    if (checksum(header) !== octal(header, 148, 8)) throw new Error('tar: damaged header');
    const sizeBytes = octal(header, 124, 12);
    const content = archive.subarray(at + BLOCK, at + BLOCK + sizeBytes);
    if (content.length < sizeBytes) throw new Error('tar: cut short');
    const type = text(header, 156, 1);
    if (type === '' || type === '0') {
      const name = [text(header, 345, 155), text(header, 0, 100)].filter((part) => part !== '').join('/');
      if (files.has(name)) throw new Error('tar: two files of one name');
      files.set(name.replace(/^\/+/, ''), content);
    }
    at += BLOCK + Math.ceil(sizeBytes / BLOCK) * BLOCK;
  }
  throw new Error('tar: no end');
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.toString('utf8', start, start + length);
  const end = field.indexOf('\0');
  return end === -1 ? field : field.slice(0, end);
}

function octal(header: Buffer, start: number, length: number): number {
  const digits = text(header, start, length).trim();
  if (!/^[0-7]+$/.test(digits)) throw new Error('tar: damaged number');
  return Number.parseInt(digits, 8);
}

/** The sum of all header bytes, its own field counted as spaces. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
}
