import { failed, ok, type Result } from '../kernel/result.js';
import type { TreeState, UnintegratedEntry } from './integrator.store.js';
import { hashLeaf } from './merkle.js';
import { partialTiles, type Tile } from './tile.js';
import { TileEdge } from './tile-edge.js';

/** Why a tree cannot grow: what is stored is not what was stored. Nobody may sign until it is understood. */
export type IntegrationProblem =
  | { readonly kind: 'SequenceBroken'; readonly expected: number; readonly found: number }
  | { readonly kind: 'LeafChanged'; readonly seq: number }
  | { readonly kind: 'TreeDamaged'; readonly size: number; readonly detail: string };

export interface Growth {
  readonly state: TreeState;
  /** Tiles that the new size has and the old one had not. */
  readonly tiles: readonly Tile[];
}

/** Grows the tree of `state`, whose edge tiles are `edgeTiles`, by `entries`. Trusts no hash it can recompute. */
export function integrate(
  state: TreeState,
  edgeTiles: readonly Tile[],
  entries: readonly UnintegratedEntry[],
): Result<Growth, IntegrationProblem> {
  const { size } = state;
  if (edgeTiles.length !== partialTiles(size).length) {
    return failed({ kind: 'TreeDamaged', size, detail: 'a tile of the right edge is missing' });
  }
  const edge = TileEdge.of(size, edgeTiles);
  if (!edge.root().equals(state.root)) {
    return failed({ kind: 'TreeDamaged', size, detail: 'the right edge does not make the recorded root' });
  }
  const tiles: Tile[] = [];
  for (const { seq, leaf, leafHash } of entries) {
    if (seq !== edge.size) return failed({ kind: 'SequenceBroken', expected: edge.size, found: seq });
    const hash = hashLeaf(Buffer.from(leaf));
    if (!hash.equals(leafHash)) return failed({ kind: 'LeafChanged', seq });
    tiles.push(...edge.append(hash));
  }
  const isNew = (tile: Tile): boolean =>
    !edgeTiles.some(
      (old) => old.level === tile.level && old.index === tile.index && old.width === tile.width,
    );
  return ok({
    state: { size: edge.size, root: edge.root() },
    tiles: [...tiles, ...edge.partial().filter(isNew)],
  });
}
