/** Bytes of a header, and what every file is padded to (POSIX ustar). */
export const BLOCK = 512;

const NAME = /^[!-~]+$/;
const NAME_BYTES = 100;
const SIZE = { start: 124, end: 135 } as const;
const CHECKSUM = { start: 148, end: 156 } as const;

export interface UstarHeader {
  readonly name: string;
  readonly size: number;
}

/**
 * The one header that a file of this name and size has in a pack: regular, mode 0644, owner 0 without names, time 0,
 * no prefix, no link, no extension.
 */
function headerOf({ name, size }: UstarHeader): Uint8Array {
  const header = new Uint8Array(BLOCK);
  const write = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i += 1) header[at + i] = text.charCodeAt(i);
  };
  write(0, name);
  write(100, '0000644\u0000' + '0000000\u0000' + '0000000\u0000');
  write(SIZE.start, `${size.toString(8).padStart(11, '0')}\u0000` + '00000000000\u0000');
  write(CHECKSUM.start, '        0');
  write(257, 'ustar\u000000');
  write(329, '0000000\u0000' + '0000000\u0000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(CHECKSUM.start, `${sum.toString(8).padStart(6, '0')}\u0000 `);
  return header;
}

/** Reads a header by writing the one there can be and comparing; a number is the first byte that is another. */
export function readHeader(block: Uint8Array): UstarHeader | number {
  const end = block.subarray(0, NAME_BYTES).indexOf(0);
  const name = latin1(block.subarray(0, end < 0 ? NAME_BYTES : end));
  const octal = latin1(block.subarray(SIZE.start, SIZE.end));
  if (!NAME.test(name)) return 0;
  if (!/^[0-7]{11}$/.test(octal)) return SIZE.start;
  const header = { name, size: Number.parseInt(octal, 8) };
  const wrong = headerOf(header).findIndex((byte, i) => byte !== block[i]);
  return wrong < 0 ? header : wrong;
}

export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
