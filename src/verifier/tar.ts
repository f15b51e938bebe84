import type { PackFile, PackSource, SourceProblem } from './source.port.js';
import { BLOCK, isZero, readHeader } from './ustar.js';

const PIECE_BYTES = 256 * 1024;
const WINDOW_BYTES = 1024 * 1024;

/** The bytes of an archive, wherever they lie: a file, a Blob. */
export interface Archive {
  readonly size: number;
  /** Exactly so many bytes from `at` on, all of them below `size`. Throws when they cannot be read. */
  read(at: number, length: number): Uint8Array | Promise<Uint8Array>;
  close(): void;
}

/** A pack in one uncompressed archive. Headers are read once, contents where they lie; nothing is unpacked. */
export async function openArchive(archive: Archive): Promise<PackSource> {
  const starts = new Map<string, { readonly start: number; readonly size: number }>();
  const files: PackFile[] = [];
  const problem = await indexTar(new Window(archive), (name, start, size) => {
    files.push({ name, size });
    starts.set(name, { start, size });
  });
  const find = (name: string) => {
    const found = starts.get(name);
    if (!found) throw new Error(`${name} is not in the archive`);
    return found;
  };
  return {
    files,
    ordered: true,
    problems: problem ? [problem] : [],
    read: async (name) => {
      const { start, size } = find(name);
      return archive.read(start, size);
    },
    stream: (name) => piecesOf(archive, find(name)),
    close: () => {
      archive.close();
    },
  };
}

/** Walks the headers. Answers the first thing that a plain archive does not have; what came before it was told. */
async function indexTar(
  window: Window,
  tell: (name: string, start: number, size: number) => void,
): Promise<SourceProblem | undefined> {
  let at = 0;
  const malformed = (detail: string, byte = at): SourceProblem => {
    return { code: 'archive-malformed', path: '.', at: `byte ${byte}`, detail };
  };
  for (;;) {
    const block = window.held(at, BLOCK) ?? (await window.read(at, BLOCK));
    if (block?.length !== BLOCK) return malformed('ends without its two empty blocks');
    if (isZero(block)) break;
    const header = readHeader(block);
    if (typeof header === 'number') return malformed('not the header of a file of a pack', at + header);
    const start = at + BLOCK;
    const end = start + header.size;
    const next = Math.ceil(end / BLOCK) * BLOCK;
    if (next > window.size) return malformed(`${header.name} is cut off`, start);
    const padding = window.held(end, next - end) ?? (await window.read(end, next - end));
    if (!padding || !isZero(padding)) return malformed(`bytes behind the end of ${header.name}`, end);
    tell(header.name, start, header.size);
    at = next;
  }
  const end = await window.read(at, 2 * BLOCK);
  if (window.size === at + 2 * BLOCK && end && isZero(end)) return undefined;
  return malformed('not exactly two empty blocks at the end');
}

/** Reads ahead: files of a pack are small and lie one behind the other. */
class Window {
  private bytes: Uint8Array = new Uint8Array();
  private start = 0;
  readonly size: number;

  constructor(private readonly archive: Archive) {
    this.size = archive.size;
  }

  /** What was read already, without waiting; undefined when it was not. */
  held(at: number, length: number): Uint8Array | undefined {
    const from = at - this.start;
    return from >= 0 && from + length <= this.bytes.length
      ? this.bytes.subarray(from, from + length)
      : undefined;
  }

  /** Up to a few blocks; fewer bytes than asked for at the end of the archive, undefined behind it. */
  async read(at: number, length: number): Promise<Uint8Array | undefined> {
    if (at > this.size) return undefined;
    const end = Math.min(at + length, this.size);
    const known = this.held(at, end - at);
    if (known) return known;
    this.bytes = await this.archive.read(at, Math.min(WINDOW_BYTES, this.size - at));
    this.start = at;
    return this.held(at, end - at);
  }
}

async function* piecesOf(
  archive: Archive,
  { start, size }: { readonly start: number; readonly size: number },
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += PIECE_BYTES)
    yield await archive.read(start + at, Math.min(PIECE_BYTES, size - at));
}
