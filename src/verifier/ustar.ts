/** Bytes of a header, and what every file is padded to (POSIX ustar). */
export const BLOCK = 512;

const NAME = /^[!-~]+$/;
const NAME_BYTES = 100;
const SIZE = { start: 124, end: 135 } as const;
const CHECKSUM = { start: 148, end: 156 } as const;
const SPACE = 0x20;

export interface UstarHeader {
  readonly name: string;
  readonly size: number;
}

/**
 * What a header of a pack has where neither name nor size nor checksum stand: regular file, mode 0644, owner 0 without
 * names, time 0, no prefix, no link, no extension.
 */
const FIXED = fixedBytes();

function fixedBytes(): Uint8Array {
  const header = new Uint8Array(BLOCK);
  const write = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i += 1) header[at + i] = text.charCodeAt(i);
  };
  write(NAME_BYTES, '0000644\u0000' + '0000000\u0000' + '0000000\u0000');
  write(SIZE.end, '\u0000' + '00000000000\u0000');
  write(CHECKSUM.end, '0');
  write(257, 'ustar\u000000');
  write(329, '0000000\u0000' + '0000000\u0000');
  return header;
}

/** Reads a header that leaves no freedom but name and size; a number is the first byte that is another. */
export function readHeader(block: Uint8Array): UstarHeader | number {
  const nul = block.indexOf(0);
  const end = nul < 0 ? NAME_BYTES : Math.min(nul, NAME_BYTES);
  let sum = 0;
  for (let i = 0; i < BLOCK; i += 1) {
    const byte = block[i] ?? 0;
    const inChecksum = i >= CHECKSUM.start && i < CHECKSUM.end;
    sum += inChecksum ? SPACE : byte;
    const isFree = i < end || (i >= SIZE.start && i < SIZE.end) || inChecksum;
    if (!isFree && byte !== FIXED[i]) return i;
  }
  const name = latin1(block.subarray(0, end));
  const octal = latin1(block.subarray(SIZE.start, SIZE.end));
  const checksum = latin1(block.subarray(CHECKSUM.start, CHECKSUM.end));
  if (!NAME.test(name)) return 0;
  if (!/^[0-7]{11}$/.test(octal)) return SIZE.start;
  if (checksum !== `${sum.toString(8).padStart(6, '0')}\u0000 `) return CHECKSUM.start;
  return { name, size: Number.parseInt(octal, 8) };
}

export const isZero = (bytes: Uint8Array): boolean => firstNonZero(bytes) < 0;

function firstNonZero(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i += 1) if (bytes[i] !== 0) return i;
  return -1;
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
