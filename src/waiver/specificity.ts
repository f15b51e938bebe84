import { pathPatternReach } from './path-pattern.js';
import { versionOf, type WaiverSelector } from './selector.js';

/**
 * Narrower scopes first; 0 where neither is. The narrowest waiver that excuses a violation is the one credited with it.
 * Weights add up, so a scope with one more condition is always narrower, and each kind of condition is in the order of
 * how little it can match (docs/AUTHORING.md has the table). Of two that weigh the same, the one whose patterns leave
 * less open: were it otherwise, `src/**` could be credited with what somebody waived for `src/generated/**`.
 */
export function narrowerFirst(a: readonly WaiverSelector[], b: readonly WaiverSelector[]): number {
  const [ours, theirs] = [rankOf(a), rankOf(b)];
  for (const [at, mine] of ours.entries()) {
    const difference = (theirs[at] ?? 0) - mine;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Compared in this order, more is narrower. A scope inside another has no smaller member. */
const rankOf = (selectors: readonly WaiverSelector[]): readonly number[] =>
  [weightOf, segmentsOf, charactersOf, wildcardsOf, followsOf].map((measure) =>
    selectors.reduce((sum, selector) => sum + measure(selector), 0),
  );

function weightOf(selector: WaiverSelector): number {
  switch (selector.type) {
    case 'finding':
      return selector.occurrence === undefined ? 1000 : 1100;
    case 'artefact':
      return selector.digest === undefined ? 100 : 500;
    case 'artefact-pattern':
      return 50;
    case 'component':
      return versionOf(selector.purl) === undefined ? 40 : 80;
    case 'path':
      return { one: 60, folder: 30, tree: 10 }[pathPatternReach(selector.pattern)];
    case 'rule':
      return 4;
    case 'gate':
      return 2;
  }
}

const patternOf = (selector: WaiverSelector): string =>
  selector.type === 'path' || selector.type === 'artefact-pattern' ? selector.pattern : '';

/** How many folders and files a path must at least have. */
const segmentsOf = (selector: WaiverSelector): number =>
  selector.type === 'path' ? selector.pattern.split('/').filter((part) => part !== '**').length : 0;

/** How much of the name is fixed. */
const charactersOf = (selector: WaiverSelector): number => patternOf(selector).replace(/[*/]/g, '').length;

/** In how many places anything may stand; fewer are narrower. */
const wildcardsOf = (selector: WaiverSelector): number => -(patternOf(selector).match(/\*+/g)?.length ?? 0);

/** One that follows a finding into a renamed file is wider than one that does not. */
const followsOf = (selector: WaiverSelector): number =>
  selector.type === 'finding' && selector.content !== undefined ? -1 : 0;
