import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sealEntry } from '../../src/ledger/sealed-entry.js';
import { decisionDraft, MemoryLedger, packInMemory, packWorld } from '../support/pack.js';
import { OpenPack } from './open-pack.js';

/** A full tile, a partial one, and one more level. */
const ENTRIES = 298;
const OLDER = 150;
const FORKED_AT = 44;
const EVERY = 11;

export type PackFiles = ReadonlyMap<string, Buffer>;

/** What the corpus is made from: a pack of 298 entries and 28 decisions, and its relatives. */
export interface Exhibits {
  readonly pack: OpenPack;
  /** Numbers of two of its decisions, one in the full tile and one in the partial; neither in the older pack's gap. */
  readonly one: number;
  readonly other: number;
  /** One that the older pack has too. */
  readonly early: number;
  /** The same log at 150 entries: what the auditor kept. */
  readonly older: PackFiles;
  /** Entry 44 is another; all that follows and every signature is right. Only somebody with the keys can make it. */
  readonly forked: PackFiles;
  /** Another installation under the same name. */
  readonly foreign: PackFiles;
  /** VERIFY.md as it was made: the auditor knows the commands. */
  readonly guide: string;
  readonly kept: { readonly vkey: string; readonly checkpoint: string; readonly exportKey: string };
}

export async function makeExhibits(folder: string): Promise<Exhibits> {
  const world = packWorld();
  const [ledger, fork] = [new MemoryLedger(world), new MemoryLedger(world)];
  let older: PackFiles = new Map();
  let kept = '';
  for (let n = 0; n < ENTRIES; n += 1) {
    const sealed = { ...sealEntry(decisionDraft(n), world.ledger, new Map()), selected: n % EVERY === 0 };
    ledger.appendSealed(sealed);
    const changed = n === FORKED_AT && sealEntry(decisionDraft(ENTRIES + n), world.ledger, new Map());
    fork.appendSealed({ ...sealed, ...changed });
    if (ledger.size === OLDER) [kept, older] = [ledger.checkpoint(), await packInMemory(ledger, world)];
  }
  const files = await packInMemory(ledger, world, { previousCheckpoint: kept });
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return {
    pack: new OpenPack(folder),
    one: 3 * EVERY,
    other: 26 * EVERY,
    early: FORKED_AT,
    older,
    forked: await packInMemory(fork, world, { previousCheckpoint: kept }),
    foreign: await foreignPack(),
    guide: String(files.get('VERIFY.md')),
    kept: {
      vkey: String(files.get('checkpoint.vkey')),
      checkpoint: kept,
      exportKey: String(files.get('export.pub')),
    },
  };
}

async function foreignPack(): Promise<PackFiles> {
  const world = packWorld('foreign');
  const ledger = new MemoryLedger(world);
  for (let n = 0; n < ENTRIES; n += 1) {
    const sealed = sealEntry(decisionDraft(n), world.ledger, new Map());
    ledger.appendSealed({ ...sealed, selected: n % EVERY === 0 });
  }
  return packInMemory(ledger, world);
}
