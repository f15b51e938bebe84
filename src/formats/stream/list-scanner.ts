import type { JsonSight } from '../../kernel/counted-json.js';
import { scalarEnd, stringEnd, unescaped } from './json-bytes.js';

/**
 * Where the long list of a format lies: keys from the root, `*` for any member of a list, e.g.
 * `['runs', '*', 'results']`. Empty: the whole file is the list.
 */
export type ListPath = readonly string[];

/** One list that was met: which path, and the index behind each `*` of it. */
export interface ListPlace {
  readonly path: ListPath;
  readonly indexes: readonly number[];
}

/** Some members of a list. */
export interface MemberBatch {
  readonly bytes: Uint8Array;
  /** Of the first byte in the file. */
  readonly offset: number;
  readonly sight: JsonSight;
}

export interface ListScanHandler {
  /** A piece of the file as it would be if each long list had its first member only. `offset`: in the file. */
  skeleton(bytes: Uint8Array, offset: number): void;
  /**
   * Whole members with the commas between them, in the order of the file: between brackets, it is a list. The bytes
   * are only valid during the call.
   */
  members(place: ListPlace, batch: MemberBatch): void;
  /** The list is over. Lists are never inside each other. */
  ended?(place: ListPlace): void;
}

/** What the scanner itself refuses; everything else is left to whoever parses the pieces. */
export class ListFault extends Error {
  constructor(
    readonly fault: 'Syntax' | 'MemberTooLarge',
    readonly detail: string,
    readonly offset: number,
  ) {
    super(detail);
  }
}

/** Members are handed on in pieces of about this size: small pieces cost calls, large ones memory. */
const BATCH_BYTES = 256 * 1024;
/** One finding of this size is an attack on memory; the largest known (with all its flows) has some 100 KB. */
export const MEMBER_LIMIT_BYTES = 4 * 1024 * 1024;
/** A longer key names no list. */
const KEY_LENGTH = 256;

const enum Char {
  Quote = 0x22,
  Comma = 0x2c,
  Minus = 0x2d,
  Colon = 0x3a,
  OpenBracket = 0x5b,
  CloseBracket = 0x5d,
  OpenBrace = 0x7b,
  CloseBrace = 0x7d,
}

interface Frame {
  readonly isList: boolean;
  key: string;
  index: number;
}

type ListState = 'first' | 'next' | 'after' | 'inside' | 'scalar';

/**
 * Finds the members of long lists in JSON without reading them: it looks at quotes, brackets and commas, so it
 * is several times as fast as a parser and holds no more than one batch and one member. It does not check JSON:
 * the pieces together are the file, and whoever parses each of them strictly has checked it whole, since
 * between members it takes exactly one comma.
 */
export class ListScanner {
  private held: Buffer = Buffer.alloc(0);
  /** Position in `held` of the next unread byte, and of the first one not yet handed on. */
  private at = 0;
  private from = 0;
  /** Offset of `held` in the file. */
  private offset = 0;

  private depth = 0;
  private readonly stack: Frame[] = [];
  private inString = false;
  private expectsKey = false;
  private keyAt = -1;

  private list: ListPlace | undefined;
  private state: ListState = 'first';
  private nesting = 0;
  private memberAt = 0;
  private hasBatch = false;
  private keys = 0;
  private hasMinus = false;
  private isFirst = true;
  private readonly maxDepth: number;

  constructor(
    private readonly paths: readonly ListPath[],
    private readonly handler: ListScanHandler,
  ) {
    this.maxDepth = Math.max(0, ...paths.map((path) => path.length));
  }

  /** Throws `ListFault`, and what the handler throws. */
  push(chunk: Uint8Array): void {
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const isView = this.held.length === 0;
    this.held = isView ? view : Buffer.concat([this.held, view]);
    while (this.at < this.held.length) {
      if (this.list) this.inList(this.list);
      else this.outside();
    }
    if (!this.list) this.leaveLongKey();
    if (!this.list) this.flushSkeleton(this.keyAt >= 0 ? this.keyAt : this.at);
    else if (this.held.length - this.memberAt > MEMBER_LIMIT_BYTES && this.isInMember())
      throw this.tooLarge();
    this.forget(isView);
  }

  /** What stays held must not be a view of bytes that the caller may use again. */
  private forget(isView: boolean): void {
    const rest = this.held.subarray(this.from);
    this.held = isView ? Buffer.from(rest) : rest;
    this.at -= this.from;
    this.memberAt -= this.from;
    if (this.keyAt >= 0) this.keyAt -= this.from;
    this.offset += this.from;
    this.from = 0;
  }

  private leaveLongKey(): void {
    if (this.keyAt < 0 || this.held.length - this.keyAt <= KEY_LENGTH) return;
    this.keyAt = -1;
    const top = this.stack.at(-1);
    if (top) top.key = '';
  }

  private isInMember(): boolean {
    return this.state === 'inside' || this.state === 'scalar';
  }

  private tooLarge(): ListFault {
    const detail = `a member larger than ${String(MEMBER_LIMIT_BYTES)} bytes`;
    return new ListFault('MemberTooLarge', detail, this.offset + this.memberAt);
  }

  end(): void {
    if (this.list) throw new ListFault('Syntax', 'the end inside a list', this.offset + this.held.length);
    this.flushSkeleton(this.held.length);
  }

  private flushSkeleton(to: number): void {
    const end = Math.min(to, this.held.length);
    if (end > this.from) this.handler.skeleton(this.held.subarray(this.from, end), this.offset + this.from);
    this.from = Math.max(this.from, end);
  }

  /** Follows keys and indexes as deep as paths go; stops where a long list begins. */
  private outside(): void {
    const { held } = this;
    const end = held.length;
    let at = this.at;
    while (at < end) {
      if (this.inString) {
        at = stringEnd(held, at, end);
        if (at >= end) break;
        this.inString = false;
        if (this.keyAt >= 0) this.closeKey(at);
        at += 1;
        continue;
      }
      switch (held[at]) {
        case Char.Quote:
          this.inString = true;
          if (this.expectsKey && this.depth <= this.maxDepth) this.keyAt = at + 1;
          break;
        case Char.OpenBracket:
          if (this.opensList()) {
            this.at = at + 1;
            this.flushSkeleton(this.at);
            return;
          }
          this.open(true);
          break;
        case Char.OpenBrace:
          this.open(false);
          break;
        case Char.CloseBracket:
        case Char.CloseBrace:
          this.close();
          break;
        case Char.Comma:
          this.comma();
          break;
        case Char.Colon:
          this.expectsKey = false;
          break;
        default:
      }
      at += 1;
    }
    this.at = at;
  }

  private open(isList: boolean): void {
    this.depth += 1;
    if (this.depth <= this.maxDepth) this.stack.push({ isList, key: '', index: 0 });
    this.expectsKey = !isList;
  }

  private close(): void {
    if (this.depth <= this.maxDepth) this.stack.pop();
    this.depth = Math.max(0, this.depth - 1);
    this.expectsKey = false;
  }

  private comma(): void {
    if (this.depth > this.maxDepth) return;
    const top = this.stack.at(-1);
    if (!top) return;
    if (top.isList) top.index += 1;
    else this.expectsKey = true;
  }

  /** A key may be written with escapes and still be the key. */
  private closeKey(to: number): void {
    const written = this.held.toString('latin1', this.keyAt, Math.min(to, this.keyAt + KEY_LENGTH));
    this.keyAt = -1;
    const top = this.stack.at(-1);
    if (top) top.key = written.includes('\\') ? unescaped(written) : written;
  }

  /** Whether the list that begins here is a long one; then it is entered. */
  private opensList(): boolean {
    if (this.depth > this.maxDepth) return false;
    const path = this.paths.find(
      (each) =>
        each.length === this.depth &&
        each.every((key, level) => {
          const frame = this.stack[level];
          return frame !== undefined && (frame.isList ? key === '*' : key === frame.key);
        }),
    );
    if (!path) return false;
    this.list = { path, indexes: this.stack.flatMap(({ isList, index }) => (isList ? [index] : [])) };
    this.state = 'first';
    this.hasBatch = false;
    this.isFirst = true;
    return true;
  }

  private inList(list: ListPlace): void {
    const { held } = this;
    const end = held.length;
    while (this.at < end) {
      if (this.state === 'inside' || this.state === 'scalar') {
        this.at = this.state === 'inside' ? this.memberEnd(end) : scalarEnd(held, this.at, end);
        if (this.state === 'inside' ? this.nesting > 0 || this.inString : this.at >= end) return;
        this.closeMember(list);
        continue;
      }
      const code = held[this.at] ?? 0;
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
        this.at += 1;
        continue;
      }
      if (code === Char.CloseBracket && this.state !== 'next') {
        this.closeList(list);
        return;
      }
      if (this.state === 'after') {
        if (code !== Char.Comma) throw this.unexpected('"," or "]"');
        this.state = 'next';
        this.at += 1;
        continue;
      }
      this.openMember(code);
    }
  }

  private openMember(code: number): void {
    if (code === Char.Comma || code === Char.CloseBracket || code === Char.CloseBrace || code === Char.Colon)
      throw this.unexpected('a value');
    this.memberAt = this.at;
    if (!this.hasBatch) {
      this.hasBatch = true;
      this.from = this.at;
    }
    this.nesting = 0;
    this.inString = false;
    const isNested = code === Char.OpenBrace || code === Char.OpenBracket || code === Char.Quote;
    this.state = isNested ? 'inside' : 'scalar';
    if (!isNested) this.hasMinus = true; // perhaps
  }

  /** Just behind the member that is open, or the end of what there is; brackets are only counted. */
  private memberEnd(end: number): number {
    const { held } = this;
    let { at, nesting, inString, keys } = this;
    while (at < end) {
      if (inString) {
        at = stringEnd(held, at, end);
        if (at >= end) break;
        inString = false;
        at += 1;
        if (nesting === 0) break;
        continue;
      }
      const code = held[at];
      at += 1;
      if (code === Char.Quote) inString = true;
      else if (code === Char.Colon) keys += 1;
      else if (code === Char.Minus) this.hasMinus = true;
      else if (code === Char.OpenBrace || code === Char.OpenBracket) nesting += 1;
      else if (code === Char.CloseBrace || code === Char.CloseBracket) {
        nesting -= 1;
        if (nesting === 0) break;
      }
    }
    this.nesting = nesting;
    this.inString = inString;
    this.keys = keys;
    return at;
  }

  private closeMember(list: ListPlace): void {
    this.state = 'after';
    if (this.isFirst)
      this.handler.skeleton(this.held.subarray(this.memberAt, this.at), this.offset + this.memberAt);
    this.isFirst = false;
    if (this.at - this.from >= BATCH_BYTES) this.flushBatch(list);
  }

  private flushBatch(list: ListPlace): void {
    const { keys, hasMinus } = this;
    const bytes = this.held.subarray(this.from, this.at);
    const offset = this.offset + this.from;
    this.handler.members(list, { bytes, offset, sight: { keys, hasMinus } });
    this.from = this.at;
    this.hasBatch = false;
    this.keys = 0;
    this.hasMinus = false;
  }

  private closeList(list: ListPlace): void {
    if (this.hasBatch) {
      const bracket = this.at;
      this.at = this.batchEnd(bracket);
      this.flushBatch(list);
      this.at = bracket;
    }
    this.from = this.at; // the bracket is the skeleton's again
    this.at += 1;
    this.list = undefined;
    this.inString = false;
    this.expectsKey = false;
    this.handler.ended?.(list);
  }

  /** White space behind the last member belongs to nobody. */
  private batchEnd(bracket: number): number {
    let to = bracket;
    while (to > this.from && (this.held[to - 1] ?? 0x20) <= 0x20) to -= 1;
    return to;
  }

  private unexpected(wanted: string): ListFault {
    return new ListFault('Syntax', `expected ${wanted} in a list`, this.offset + this.at);
  }
}
