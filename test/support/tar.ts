const BLOCK = 512;

/** The files of a ustar archive by path, in their order. Throws on what is not one. */
export function filesOfTar(tar: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; tar[at] !== 0;) {
    const header = tar.subarray(at, at + BLOCK);
    const text = (from: number, length: number): string =>
      header.toString('latin1', from, from + length).split('\0', 1)[0] ?? '';
    if (text(257, 6) !== 'ustar' || text(156, 1) !== '0') throw new Error(`no file at ${String(at)}`);
    const size = parseInt(text(124, 12), 8);
    const start = at + BLOCK;
    files.set(text(0, 100), tar.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
