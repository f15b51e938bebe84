import { matchesArtefact, matchesPath, pathPatternReach } from './path-pattern.js';
import { namesComponent, type WaiverSelector } from './selector.js';

/** How the scope of one waiver lies to another's: `wider` excuses whatever the other does, and perhaps more. */
export type ScopeRelation = 'same' | 'wider' | 'narrower' | 'overlapping';

/** `apart`: nothing can be in both. `unclear`: only the repository could tell. */
type Lies = 'same' | 'wider' | 'narrower' | 'apart' | 'unclear';
type Scope = readonly WaiverSelector[];
type Of<T extends WaiverSelector['type']> = Extract<WaiverSelector, { readonly type: T }>;

/**
 * How scope `a` lies to scope `b`; undefined where nothing can be in both. Where two patterns cannot be compared
 * without knowing the repository, they are said to overlap: whoever asks had better look.
 */
export function scopeRelation(a: Scope, b: Scope): ScopeRelation | undefined {
  const lies = [
    lie(a, b, 'gate', (one, other) => one.gateId === other.gateId),
    lie(a, b, 'rule', (one, other) => one.ruleId === other.ruleId),
    lie(
      a,
      b,
      'finding',
      (one, other) =>
        one.scheme === other.scheme &&
        one.value === other.value &&
        (one.occurrence === undefined || one.occurrence === other.occurrence),
    ),
    lie(
      a,
      b,
      'artefact',
      (one, other) => one.artId === other.artId && (one.digest === undefined || one.digest === other.digest),
    ),
    lie(a, b, 'component', (one, other) => namesComponent(one.purl, other.purl)),
    liePatterns(a, b, 'path', {
      isLiteral: (pattern) => pathPatternReach(pattern) === 'one',
      matches: matchesPath,
    }),
    liePatterns(a, b, 'artefact-pattern', {
      isLiteral: (pattern) => !pattern.includes('*'),
      matches: matchesArtefact,
    }),
    lieAcross(a, b),
  ];
  if (lies.includes('apart')) return undefined;
  const kinds = new Set(lies.filter((each) => each !== 'same'));
  if (kinds.size === 0) return 'same';
  if (kinds.size === 1 && kinds.has('wider')) return 'wider';
  return kinds.size === 1 && kinds.has('narrower') ? 'narrower' : 'overlapping';
}

const of = <T extends WaiverSelector['type']>(scope: Scope, type: T): Of<T> | undefined =>
  scope.find((each): each is Of<T> => each.type === type);

/** By one kind of condition; a scope without it is the wider one. */
function lie<T extends WaiverSelector['type']>(
  a: Scope,
  b: Scope,
  type: T,
  covers: (one: Of<T>, other: Of<T>) => boolean,
): Lies {
  const [one, other] = [of(a, type), of(b, type)];
  if (!one || !other) return one ? 'narrower' : other ? 'wider' : 'same';
  const [there, back] = [covers(one, other), covers(other, one)];
  if (there && back) return 'same';
  return there ? 'wider' : back ? 'narrower' : 'apart';
}

interface Glob {
  readonly isLiteral: (pattern: string) => boolean;
  readonly matches: (pattern: string, text: string) => boolean;
}

function liePatterns(
  a: Scope,
  b: Scope,
  type: 'path' | 'artefact-pattern',
  { isLiteral, matches }: Glob,
): Lies {
  const [one, other] = [of(a, type)?.pattern, of(b, type)?.pattern];
  if (one === undefined || other === undefined) return lie(a, b, type, () => false);
  if (one === other) return 'same';
  if (isLiteral(other)) return matches(one, other) ? 'wider' : 'apart';
  if (isLiteral(one)) return matches(other, one) ? 'narrower' : 'apart';
  return 'unclear';
}

/** An artefact here and a family of artefacts there: beside `lie`, which takes them for different conditions. */
function lieAcross(a: Scope, b: Scope): Lies {
  const apart = (one: Scope, other: Scope): boolean => {
    const [artId, pattern] = [of(one, 'artefact')?.artId, of(other, 'artefact-pattern')?.pattern];
    return artId !== undefined && pattern !== undefined && !matchesArtefact(pattern, artId);
  };
  return apart(a, b) || apart(b, a) ? 'apart' : 'same';
}
