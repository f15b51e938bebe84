import { TILE_WIDTH } from './tree.js';

/** Names of the files of format 1 (docs/AUDITING.md). */
export const MANIFEST = 'manifest.intoto.json';
export const PREVIOUS = 'previous-checkpoint';
export const REQUIRED = [
  ...[
    'VERIFY.md',
    'checkpoint',
    'checkpoint.vkey',
    'decision.pub',
    'decisions.csv',
    'decisions.jsonl',
    'export.pub',
  ],
  ...[MANIFEST, 'oscal-ar.json', 'policy.tlog', 'summary.html', 'trusted_root.json'],
] as const;

export const entryName = (seq: number): string => `entries/${seq}.json`;
export const bundleName = (seq: number): string => `bundles/${seq}.sigstore.json`;
export const proofName = (seq: number): string => `proofs/${seq}.tlog-proof`;

const CONTINUATION = /^continuations\/(\d+)\.jsonl$/;
const DECISION = /^(?:entries\/(\d+)\.json|bundles\/(\d+)\.sigstore\.json|proofs\/(\d+)\.tlog-proof)$/;
const TILE = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** The number in the name of a decision's file; undefined for other names and for leading zeros. */
export const seqOf = (name: string): number | undefined => numberIn(DECISION, name);

/** The same of the file of a continuation. */
export const continuationSeqOf = (name: string): number | undefined => numberIn(CONTINUATION, name);

function numberIn(form: RegExp, name: string): number | undefined {
  const [, ...groups]: (string | undefined)[] = form.exec(name) ?? [];
  const digits = groups.find((group) => group !== undefined);
  if (digits === undefined) return undefined;
  const seq = Number(digits);
  return Number.isSafeInteger(seq) && String(seq) === digits ? seq : undefined;
}

export interface TileName {
  /** `entries` is cut as level 0 is. */
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/** `tile/0/x001/067.p/8`: C2SP tlog-tiles. */
export function tileName({ level, index, width }: TileName): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Undefined unless `tileName` of the answer is the name again. */
export function parseTileName(name: string): TileName | undefined {
  const [, level = '', path = '', partial] = TILE.exec(name) ?? [];
  const tile: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: Number(path.replace(/[x/]/g, '')),
    width: partial === undefined ? TILE_WIDTH : Number(partial),
  };
  return Number.isSafeInteger(tile.index) && tileName(tile) === name ? tile : undefined;
}

/** In this order, which is that of their making, files come in an archive; tiles and decisions between them. */
const HEAD = [
  ...[
    'checkpoint',
    'checkpoint.vkey',
    'policy.tlog',
    'trusted_root.json',
    'decision.pub',
    'export.pub',
    PREVIOUS,
  ],
];
const TABLES = ['decisions.csv', 'decisions.jsonl', 'oscal-ar.json', 'summary.html', 'VERIFY.md', MANIFEST];

/** Where a file stands in an archive: compared number by number. Tiles come as they are completed, partial ones last. */
function placeOf(name: string): readonly [part: number, place: number, within: number] {
  const tile = parseTileName(name);
  if (tile) {
    const level = tile.level === 'entries' ? -1 : tile.level;
    const full = tile.width === TILE_WIDTH;
    return [1, full ? (tile.index + 1) * TILE_WIDTH ** (Math.max(level, 0) + 1) : Infinity, level];
  }
  const continuation = continuationSeqOf(name);
  if (continuation !== undefined) return [2, continuation, 0];
  const seq = seqOf(name);
  if (seq !== undefined)
    return [3, seq, ['entries/', 'bundles/', 'proofs/'].findIndex((kind) => name.startsWith(kind))];
  return HEAD.includes(name) ? [0, HEAD.indexOf(name), 0] : [4, TABLES.indexOf(name), 0];
}

/** Whether `name` may stand in an archive somewhere behind `before`. */
export function comesAfter(before: string, name: string): boolean {
  const [a, b] = [placeOf(before), placeOf(name)];
  const differing = a.findIndex((place, i) => place !== b[i]);
  return differing >= 0 && (a[differing] ?? 0) < (b[differing] ?? 0);
}

/** How many hashes `level` holds in a tree of `size` leaves. */
export const slotsAt = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** The tile with that index, as wide as a tree of `size` makes it; a width of 0 or less is none. */
export function tileAt(level: TileName['level'], index: number, size: number): TileName {
  const slots = slotsAt(level === 'entries' ? 0 : level, size);
  return { level, index, width: Math.min(TILE_WIDTH, slots - index * TILE_WIDTH) };
}
