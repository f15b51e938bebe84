import type { CoverageBasis } from '../model/coverage.js';

/** What a Clover file shows of the tool that wrote it. */
export interface CloverSigns {
  /** Attribute `clover` of the root: a version; gcovr writes the time. */
  clover: string | undefined;
  /** Names of its `<class>` elements: how many, and how many are gcovr's invented ones. */
  classes: number;
  inventedClasses: number;
  /** `crap` on a method or `namespace` on a class, which only PHPUnit writes. */
  php: boolean;
  /** Method lines, and those with a `signature`, which OpenClover and PHPUnit's imitation of it write. */
  methods: number;
  signatures: number;
  /** Istanbul calls one number statements, loc and ncloc. */
  oneNumberThrice: boolean;
  readonly extensions: Set<string>;
}

export interface CloverMaker {
  readonly tool: string;
  readonly basis: CoverageBasis;
  /** The types of `<line>` that are counted. */
  readonly counts: readonly string[];
  /** Two entries on one line are two statements, and not one line twice. */
  readonly several: boolean;
}

const JVM = new Set(['java', 'groovy']);
const PHP = new Set(['php', 'inc', 'module', 'phtml']);

const MAKERS: readonly (CloverMaker & { readonly fits: (signs: CloverSigns) => boolean })[] = [
  {
    ...{ tool: 'openclover', basis: 'statement', counts: ['stmt'], several: true },
    fits: (s) =>
      /^\d+\.\d+/.test(s.clover ?? '') &&
      !s.php &&
      s.signatures > 0 &&
      s.signatures === s.methods &&
      within(s, JVM),
  },
  {
    ...{ tool: 'phpunit', basis: 'line', counts: ['stmt'], several: false },
    fits: (s) =>
      within(s, PHP) &&
      ((s.clover === undefined && s.php) || (s.clover !== undefined && s.signatures > 0 && !s.php)),
  },
  {
    ...{ tool: 'gcovr', basis: 'line', counts: ['stmt'], several: false },
    fits: (s) =>
      s.classes > 0 && s.inventedClasses === s.classes && s.methods === 0 && s.clover !== undefined,
  },
  {
    ...{ tool: 'istanbul', basis: 'line', counts: ['stmt', 'cond'], several: false },
    fits: (s) => s.clover === '3.2.0' && s.classes === 0 && s.methods === 0 && !s.php && s.oneNumberThrice,
  },
];

const within = ({ extensions }: CloverSigns, known: ReadonlySet<string>): boolean =>
  extensions.size > 0 && [...extensions].every((extension) => known.has(extension));

/**
 * Whose file it is, hence what its word "statements" means: statements in OpenClover; lines in Istanbul (which always
 * says clover="3.2.0"), PHPUnit and gcovr. Undefined where the file does not show it, or shows two at once.
 */
export function cloverMaker(signs: CloverSigns): CloverMaker | undefined {
  const fitting = MAKERS.filter(({ fits }) => fits(signs));
  return fitting.length === 1 ? fitting[0] : undefined;
}
