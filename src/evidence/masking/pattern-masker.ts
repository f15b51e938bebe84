import { maskOf } from './mask.js';
import {
  ASSIGNMENT,
  AWS_KEY_ID,
  AWS_REACH,
  hasHighEntropy,
  LOOK_AHEAD,
  LOOK_BEHIND,
  looksLikeAwsSecret,
  PRIVATE_KEY_CLASS,
  PRIVATE_KEY_START,
  SPECIFIC_PATTERNS,
  type SecretPattern,
} from './patterns.js';

/** A mask that is already there, so that masking twice changes nothing: the class `secret-token` reads like one. */
const EXISTING_MASK = String.raw`(\[masked:[a-z0-9-]{1,40}:[0-9a-f]{16}\])`;
const MASK = new RegExp(EXISTING_MASK);

/** Work is done in pieces of this size: small pushes would scan the look-ahead again and again. */
const BATCH = 64 * 1024;
/** A secret is hashed up to here; only private keys come near. */
const HASHED_LENGTH = 32 * 1024;
/** A character and its escape, or the marker that ends a private key, are seen whole within this. */
const UNIT_LENGTH = 16;
const END_MARKER_LENGTH = 64;

interface Rule {
  readonly secretClass: string;
  readonly accept: SecretPattern['accept'];
  /** Sticky; matches as much of what follows as belongs to the secret. Undefined: nothing does. */
  readonly tail: RegExp | undefined;
}

const PRIVATE_KEY: Rule = {
  secretClass: PRIVATE_KEY_CLASS,
  accept: undefined,
  tail: /(?:(?!-----END)[A-Za-z0-9+/=\s:,.-]|\\{1,4}[nrt])*/y,
};
const PRIVATE_KEY_END = /-----END[A-Z0-9 ]{0,40}-----/y;
const ALREADY_MASKED: Rule = { secretClass: '', accept: undefined, tail: undefined };

const ruleOf = ({ secretClass, accept, tail }: SecretPattern): Rule => ({
  secretClass,
  accept,
  tail: tail === undefined ? undefined : new RegExp(`(?:${tail})*`, 'y'),
});

/** Earlier ones win where two begin at one place; the guess comes last. */
const RULES: readonly { readonly start: string; readonly rule: Rule }[] = [
  { start: EXISTING_MASK, rule: ALREADY_MASKED },
  { start: PRIVATE_KEY_START, rule: PRIVATE_KEY },
  ...[...SPECIFIC_PATTERNS, ASSIGNMENT].map((pattern) => ({ start: pattern.start, rule: ruleOf(pattern) })),
];

/** To look at one place only. */
const HERE = RULES.filter(({ rule }) => rule.accept !== 'high-entropy').map(({ start, rule }) => ({
  pattern: new RegExp(start, 'y'),
  rule,
}));

interface Match {
  readonly rule: Rule;
  readonly begin: number;
  /** Where the secret itself begins: a name before it stays readable. */
  readonly from: number;
  readonly to: number;
}

/**
 * Masks secrets that can be told by their looks, wherever they stand. What it writes depends on the bytes alone
 * and not on how they were cut into chunks: a match is only looked for where all it could look at is there.
 * Holds at most a batch, the look-ahead and the beginning of one secret.
 */
export class PatternMasker {
  masked = 0;
  /** One search per rule and not one for all: the engine skips through text for a literal, not for thirty. */
  private readonly searches = RULES.map(({ start, rule }) => new Search(start, rule));
  /** Original text; from `at` on it is unread, before it only what a match may look back at. */
  private text = '';
  private at = 0;
  /** Offset of `text` in the whole, and of the last AWS key id in it. */
  private offset = 0;
  private awsKeyIdAt = Number.NEGATIVE_INFINITY;
  /** Whether what stands before `at` became a mask. */
  private wasJustMasked = false;
  /** A secret whose end has not been seen. */
  private open: { readonly rule: Rule; value: string } | undefined;

  constructor(private readonly key: Uint8Array) {}

  push(text: string): string {
    this.text += text;
    return this.text.length - this.at < BATCH ? '' : this.run(false);
  }

  /** The rest. Ready for another text afterwards; `masked` counts on. */
  end(): string {
    const rest = this.run(true);
    this.text = '';
    this.at = 0;
    this.offset = 0;
    this.awsKeyIdAt = Number.NEGATIVE_INFINITY;
    return rest;
  }

  /** The mask of the first secret in a whole text, if there is one. */
  firstIn(text: string): string | undefined {
    const before = this.masked;
    const written = this.push(text) + this.end();
    return this.masked > before ? MASK.exec(written)?.[0] : undefined;
  }

  /** A whole text that is one secret from its first character to its last: its mask. */
  whole(text: string): string | undefined {
    const written = this.push(text) + this.end();
    const mask = MASK.exec(written);
    return mask?.[0] === written ? written : undefined;
  }

  private run(isEnd: boolean): string {
    const isNearKeyId = this.mayBeNearKeyId();
    for (const search of this.searches)
      search.restart(search.rule.accept !== 'near-aws-key-id' || isNearKeyId);
    const limit = isEnd ? this.text.length : this.text.length - LOOK_AHEAD;
    let out = '';
    let justMasked = this.wasJustMasked;
    for (;;) {
      if (this.open) {
        const mask = this.close(isEnd);
        if (mask === undefined) break;
        out += mask;
        justMasked = true;
      }
      if (this.at >= limit) break;
      const match = (justMasked ? this.glued() : undefined) ?? this.next(limit);
      justMasked = false;
      out += this.text.slice(this.at, match?.from ?? limit);
      this.at = match?.to ?? limit;
      if (!match) break;
      const value = this.text.slice(match.from, match.to);
      if (match.rule === ALREADY_MASKED) out += value;
      else this.open = { rule: match.rule, value };
    }
    this.wasJustMasked = justMasked;
    this.forget();
    return out;
  }

  /** Most text is not, and then nothing has to be looked for that counts only there: a quarter of the time. */
  private mayBeNearKeyId(): boolean {
    return this.offset + this.at - this.awsKeyIdAt <= AWS_REACH || AWS_KEY_ID.test(this.text);
  }

  /** The next secret that begins before `limit`. */
  private next(limit: number): Match | undefined {
    let position = this.at;
    for (;;) {
      const match = this.earliest(position, limit);
      if (!match) return undefined;
      // What a name is assigned may be of a kind that is known better.
      const known = match.rule.accept === 'high-entropy' ? this.specificAt(match.from) : undefined;
      if (known ?? this.accepts(match)) return known ?? match;
      position = Math.max(match.from, match.begin + 1);
    }
  }

  private earliest(position: number, limit: number): Match | undefined {
    let earliest: Match | undefined;
    for (const search of this.searches) {
      const match = search.from(position, this.text);
      if (match && match.begin < (earliest?.begin ?? limit)) earliest = match;
    }
    return earliest;
  }

  /** A secret right behind another one: what was masked is no longer the middle of a word. */
  private glued(): Match | undefined {
    const rest = this.text.slice(this.at, this.at + LOOK_AHEAD);
    for (const { pattern, rule } of HERE) {
      pattern.lastIndex = 0;
      const found = pattern.exec(rest);
      const match = found ? matchOf(found, rule, this.at) : undefined;
      if (match && this.accepts(match)) return match;
    }
    return undefined;
  }

  private specificAt(position: number): Match | undefined {
    for (const search of this.searches) {
      const match = search.rule.accept === 'high-entropy' ? undefined : search.from(position, this.text);
      if (match?.begin === position && this.accepts(match)) return match;
    }
    return undefined;
  }

  private accepts({ rule, from, to }: Match): boolean {
    const value = this.text.slice(from, to);
    if (rule.secretClass === 'aws-access-key-id') this.awsKeyIdAt = this.offset + from;
    if (rule.accept === 'high-entropy') return hasHighEntropy(value);
    if (rule.accept !== 'near-aws-key-id') return true;
    const isNear =
      this.offset + from - this.awsKeyIdAt <= AWS_REACH ||
      AWS_KEY_ID.test(this.text.slice(to, to + AWS_REACH));
    return isNear && looksLikeAwsSecret(value);
  }

  /** Takes in what still belongs to the open secret; its mask once it is over, else undefined. */
  private close(isEnd: boolean): string | undefined {
    const open = this.open;
    if (!open) return '';
    const isKey = open.rule === PRIVATE_KEY;
    const seenWhole = isEnd ? this.text.length : this.text.length - (isKey ? END_MARKER_LENGTH : UNIT_LENGTH);
    let to = this.tailFrom(open.rule);
    const isOver = to <= seenWhole;
    if (!isOver && isKey) to = Math.max(this.at, seenWhole); // not into the beginning of an end marker
    if (isOver && isKey) {
      PRIVATE_KEY_END.lastIndex = to;
      to += PRIVATE_KEY_END.exec(this.text)?.[0].length ?? 0;
    }
    if (open.value.length < HASHED_LENGTH) open.value += this.text.slice(this.at, to);
    this.at = to;
    if (!isOver) return undefined;
    this.open = undefined;
    this.masked += 1;
    const whole = open.value.slice(0, HASHED_LENGTH);
    return maskOf(this.key, open.rule.secretClass, isKey ? keyMaterial(whole) : whole);
  }

  private tailFrom({ tail }: Rule): number {
    if (!tail) return this.at;
    tail.lastIndex = this.at;
    return this.at + (tail.exec(this.text)?.[0].length ?? 0);
  }

  private forget(): void {
    const unneeded = Math.max(0, this.at - LOOK_BEHIND);
    this.text = this.text.slice(unneeded);
    this.at -= unneeded;
    this.offset += unneeded;
  }
}

/** Matches of one rule from left to right, each looked for once per batch however often it is asked for. */
class Search {
  private readonly pattern: RegExp;
  private position = 0;
  private found: Match | undefined;
  private isDry = false;

  constructor(
    start: string,
    readonly rule: Rule,
  ) {
    this.pattern = new RegExp(start, 'g');
  }

  /** To be called when the text has changed. `isPossible`: whether any match could count. */
  restart(isPossible: boolean): void {
    this.position = 0;
    this.found = undefined;
    this.isDry = !isPossible;
  }

  /** The first match that begins at `position` or later. Positions only grow, save for a look at one place. */
  from(position: number, text: string): Match | undefined {
    const knows = position >= this.position && (this.isDry || (this.found && this.found.begin >= position));
    if (knows) return this.found;
    this.position = position;
    this.pattern.lastIndex = position;
    const found = this.pattern.exec(text);
    this.isDry = found === null;
    this.found = found ? matchOf(found, this.rule) : undefined;
    return this.found;
  }
}

/** The group ends the match: before it stands a name. */
function matchOf({ index, 0: whole, 1: secret = '' }: RegExpExecArray, rule: Rule, offset = 0): Match {
  const to = offset + index + whole.length;
  return { rule, begin: offset + index, from: to - secret.length, to };
}

/** The same key in a file and in a JSON string is the same key: line ends, real or escaped, do not count. */
const keyMaterial = (value: string): string => value.replace(/\\{1,4}[nrt]|\s/g, '');
