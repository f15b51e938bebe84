import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { failed, type Result } from '../../kernel/result.js';
import { readPack } from '../compose/packs.io.js';
import { parseSetup, type SetupInvalid, type SetupMistake } from './parse-setup.js';
import type { Setup } from './setup.js';

/** A mistake with the line of the file where it stands, counted from 1. */
export interface PlacedMistake extends SetupMistake {
  readonly line: number;
}
export type SetupFileInvalid = Omit<SetupInvalid, 'mistakes'> & {
  readonly mistakes: readonly PlacedMistake[];
};

/** Reads a setup and checks all of it, without a database. Throws when the file cannot be read. */
export function readSetup(file: string, root: string): Result<Setup, SetupFileInvalid> {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false });
  const line = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  if (document.errors.length > 0)
    return invalid(document.errors.map(({ message, pos }) => ({ path: [], message, line: line(pos[0]) })));
  const parsed = parseSetup(document.toJS(), shippedPacks(root));
  if (parsed.ok) return parsed;
  return invalid(
    parsed.problem.mistakes.map((mistake) => ({ ...mistake, line: line(offsetOf(document, mistake.path)) })),
  );
}

const invalid = (mistakes: readonly PlacedMistake[]): Result<Setup, SetupFileInvalid> =>
  failed({ kind: 'SetupInvalid', mistakes });

/** Where the named part begins; of a part that is missing, where the one around it does. */
function offsetOf(document: Document, path: SetupMistake['path']): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: readonly number[] } | undefined;
    if (node?.range) return node.range[0] ?? 0;
  }
  return document.contents?.range?.[0] ?? 0;
}

const shippedPacks = (root: string) =>
  new Map(
    readdirSync(join(root, 'policies'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => [name, readPack(root, name).manifest] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
