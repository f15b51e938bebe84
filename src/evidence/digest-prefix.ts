/** Fewer hex digits than this name too much (settled.md, API). */
const MIN_HEX = 8;

/**
 * The texts with which a digest may begin that somebody abbreviated, as `sha256:9f86d081` or `9f86d081`; none
 * when it is too short or no digest. Lower-case hex only, like every digest.
 */
export function digestPrefixes(text: string, algorithms: readonly string[]): readonly string[] {
  const [, algorithm, hex] = /^(?:([A-Za-z0-9]+):)?([0-9a-f]+)$/.exec(text) ?? [];
  if (hex === undefined || hex.length < MIN_HEX) return [];
  return algorithms
    .filter((known) => algorithm === undefined || known === algorithm)
    .map((known) => `${known}:${hex}`);
}
