import type { Exhibits, PackFiles } from './exhibits.js';
import type { OpenPack } from './open-pack.js';

/** One way to tamper with a pack. */
export interface Tampering {
  readonly group: string;
  readonly what: string;
  /** Why no signature or hash of the formats covers it: only our manifest does. Absent when a stranger must refuse. */
  readonly unsigned?: string;
  /** The one stranger that is known to refuse it; where that one is not asked, nobody need. */
  readonly onlyBy?: 'cosign' | 'spicy';
  readonly apply: (pack: OpenPack, exhibits: Exhibits) => void;
}

export const FULL = 'tile/entries/000';
export const PARTIAL = 'tile/entries/001.p/42';
export const LEAVES = 'tile/0/000';
export const LAST_LEAVES = 'tile/0/001.p/42';
export const ABOVE = 'tile/1/000.p/1';
export const entry = (seq: number): string => `entries/${seq}.json`;
export const proof = (seq: number): string => `proofs/${seq}.tlog-proof`;
export const bundle = (seq: number): string => `bundles/${seq}.sigstore.json`;
export const filesOf = (seq: number): string[] => [entry(seq), proof(seq), bundle(seq)];

export const OURS = 'a file of ours: only the manifest covers it';
export const BY_DESIGN = 'not covered by any signature, by design of the format';
export const SAID_TWICE = 'the signed checkpoint in the bundle says it too, and others believe that one only';

type Apply = Tampering['apply'];
/** In a case of a list: cosign alone refuses it. */
export const BY_COSIGN = 'cosign';
/** In a case of a list: spicy alone refuses it. */
export const BY_SPICY = 'spicy';

export const of = (
  group: string,
  ...cases: readonly (readonly [what: string, apply: Apply, why?: string])[]
): Tampering[] =>
  cases.map(([what, apply, why]) => ({
    ...{ group, what, apply },
    ...(why === BY_COSIGN || why === BY_SPICY ? { onlyBy: why } : why !== undefined && { unsigned: why }),
  }));

export const at = <T>(list: readonly T[], index: number): T => {
  const found = list.at(index);
  if (found === undefined) throw new RangeError(`nothing at ${index}`);
  return found;
};
export const swapped = <T>(list: readonly T[], i: number, j: number): T[] =>
  list.map((item, k) => (k === i ? at(list, j) : k === j ? at(list, i) : item));
export const lines = (change: (lines: string[]) => string[]) => (text: string) =>
  `${change(text.trimEnd().split('\n')).join('\n')}\n`;
export const without = <T>(list: readonly T[], index: number): T[] => list.filter((_, i) => i !== index);
export const replace = (pack: OpenPack, path: string, files: PackFiles, from = path): void => {
  const bytes = files.get(from);
  if (!bytes) throw new Error(`${from} is not there`);
  pack.write(path, bytes);
};
/** The base64 digit before the padding with an unused bit set: other text, the same bytes. */
export const unusedBit = (text: string): string => {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return text.replace(
    /(.)(=+\n)$/,
    (_, last: string, padding: string) => digits.charAt(digits.indexOf(last) + 1) + padding,
  );
};
