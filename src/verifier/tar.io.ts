import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { PackFile, PackSource, SourceProblem } from './source.port.js';
import { BLOCK, isZero, readHeader } from './ustar.js';

const PIECE_BYTES = 256 * 1024;
const WINDOW_BYTES = 1024 * 1024;

/** A pack in one uncompressed archive. Headers are read once, contents where they lie; nothing is unpacked. */
export function openTar(path: string): PackSource {
  const file = openSync(path, 'r');
  try {
    return tarSource(file, new Window(file, fstatSync(file).size));
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function tarSource(file: number, window: Window): PackSource {
  const starts = new Map<string, { readonly start: number; readonly size: number }>();
  const files: PackFile[] = [];
  const problems: SourceProblem[] = [];
  const problem = indexTar(window, (name, start, size) => {
    files.push({ name, size });
    starts.set(name, { start, size });
  });
  if (problem) problems.push(problem);
  const find = (name: string) => {
    const found = starts.get(name);
    if (!found) throw new Error(`${name} is not in the archive`);
    return found;
  };
  return {
    files,
    ordered: true,
    problems,
    read: (name) => {
      const { start, size } = find(name);
      const bytes = Buffer.alloc(size);
      readWhole(file, bytes, start);
      return Promise.resolve(bytes);
    },
    stream: (name) => piecesOf(file, find(name)),
    close: () => {
      closeSync(file);
    },
  };
}

/** Walks the headers. Answers the first thing that a plain archive does not have; what came before it was told. */
function indexTar(
  window: Window,
  tell: (name: string, start: number, size: number) => void,
): SourceProblem | undefined {
  let at = 0;
  const malformed = (detail: string, byte = at): SourceProblem => {
    return { code: 'archive-malformed', path: '.', at: `byte ${byte}`, detail };
  };
  for (;;) {
    const block = window.read(at, BLOCK);
    if (block?.length !== BLOCK) return malformed('ends without its two empty blocks');
    if (isZero(block)) break;
    const header = readHeader(block);
    if (typeof header === 'number') return malformed('not the header of a file of a pack', at + header);
    const start = at + BLOCK;
    const end = start + header.size;
    const next = Math.ceil(end / BLOCK) * BLOCK;
    if (next > window.size) return malformed(`${header.name} is cut off`, start);
    const padding = window.read(end, next - end);
    if (!padding || !isZero(padding)) return malformed(`bytes behind the end of ${header.name}`, end);
    tell(header.name, start, header.size);
    at = next;
  }
  const end = window.read(at, 2 * BLOCK);
  if (window.size === at + 2 * BLOCK && end && isZero(end)) return undefined;
  return malformed('not exactly two empty blocks at the end');
}

/** Reads ahead: files of a pack are small and lie one behind the other. */
class Window {
  private readonly held = Buffer.alloc(WINDOW_BYTES);
  private start = 0;
  private end = 0;

  constructor(
    private readonly file: number,
    readonly size: number,
  ) {}

  /** Up to a few blocks; fewer bytes than asked for at the end of the file, undefined behind it. */
  read(at: number, length: number): Uint8Array | undefined {
    if (at > this.size) return undefined;
    if (at < this.start || at + length > this.end) {
      this.start = at;
      this.end = at + readSync(this.file, this.held, 0, WINDOW_BYTES, at);
    }
    return this.held.subarray(at - this.start, Math.min(at + length, this.end) - this.start);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous for browsers
async function* piecesOf(
  file: number,
  { start, size }: { start: number; size: number },
): AsyncGenerator<Uint8Array> {
  const piece = Buffer.alloc(Math.min(size, PIECE_BYTES));
  for (let at = 0; at < size; at += piece.length) {
    const wanted = piece.subarray(0, Math.min(piece.length, size - at));
    readWhole(file, wanted, start + at);
    yield wanted;
  }
}

function readWhole(file: number, into: Buffer, position: number): void {
  for (let done = 0; done < into.length;) {
    const read = readSync(file, into, done, into.length - done, position + done);
    if (read === 0) throw new Error('the archive became shorter while it was read');
    done += read;
  }
}
