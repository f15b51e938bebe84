/**
 * Glob over repository-relative paths: `*` stands for any characters within one segment, `**` (a whole
 * segment) for any number of segments, none included. Every other character stands for itself, case included.
 */
export function matchesPath(pattern: string, path: string): boolean {
  return wildcardMatch(pattern.split('/'), path.split('/'), (part) => part === '**', matchesSegment);
}

/** Why a pattern cannot be used, or undefined. Whatever could never match a normalised path is refused. */
export function pathPatternFault(pattern: string): string | undefined {
  if (pattern.length === 0 || pattern.length > 1024) return 'a path pattern of 1 to 1024 characters';
  if (/[\\\p{Cc}]/u.test(pattern)) return 'forward slashes and printable characters';
  for (const segment of pattern.split('/')) {
    if (segment === '' || segment === '.' || segment === '..')
      return 'a repository-relative path without leading slash and without empty, . or .. segments';
    if (segment.includes('**') && segment !== '**') return '** as a whole segment';
  }
  return undefined;
}

/** How narrow a pattern is: an exact path, one with `*`, one with `**`. */
export function pathPatternReach(pattern: string): 'one' | 'folder' | 'tree' {
  if (pattern.split('/').includes('**')) return 'tree';
  return pattern.includes('*') ? 'folder' : 'one';
}

/** Glob over the id of an artefact: `*` stands for any of its characters, none included. */
export const matchesArtefact = (pattern: string, artId: string): boolean => matchesSegment(pattern, artId);

const matchesSegment = (pattern: string, segment: string): boolean =>
  pattern.includes('*')
    ? wildcardMatch(Array.from(pattern), Array.from(segment), (character) => character === '*', Object.is)
    : pattern === segment;

/**
 * Greedy matching that only ever returns to the last wildcard: at most |pattern| × |text| steps, so no pattern
 * a person can write makes a decision slow (a regular expression would).
 */
function wildcardMatch(
  pattern: readonly string[],
  text: readonly string[],
  isWildcard: (item: string) => boolean,
  matches: (item: string, against: string) => boolean,
): boolean {
  let at = 0;
  let inText = 0;
  let wildcard = -1;
  let resumeAt = 0;
  while (inText < text.length) {
    const item = pattern[at];
    if (item !== undefined && isWildcard(item)) {
      wildcard = at++;
      resumeAt = inText;
    } else if (item !== undefined && matches(item, text[inText] ?? '')) {
      at++;
      inText++;
    } else if (wildcard >= 0) {
      at = wildcard + 1;
      inText = ++resumeAt;
    } else return false;
  }
  return pattern.slice(at).every(isWildcard);
}
