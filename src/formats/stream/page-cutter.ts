import { PAGE_END, PAGE_START } from '../model/finding-page.js';
import { WITHOUT_OCCURRENCE, type SortedFinding } from './finding-order.js';

/** A page that is ready to be stored. */
export interface CutPage {
  readonly bytes: Buffer;
  /** Findings per combination of traits, by the number that `OrderedFinding` gives it. */
  readonly counts: ReadonlyMap<number, number>;
}

/** Fewer would make blobs of a few KB, more would make every change expensive. */
const LEAST = 256;
const MOST = 2048;
/** One finding in so many begins a page, by its identity: pages have about LEAST + this many. */
const ONE_IN = 256;

/**
 * Cuts findings in order into pages. Where a page begins is decided by the finding that stands there and not by
 * a count, so that what is added or removed changes the page it is in and, at most, the next: pages beyond are
 * those of the last time. Gives equal findings their occurrences.
 */
export class PageCutter {
  private readonly page = new PageBytes();
  private findings = 0;
  private counts = new Map<number, number>();
  private lastKey = '';
  private occurrence = 0;

  /** The page that is full, if this finding begins another one. */
  push(finding: SortedFinding): CutPage | undefined {
    const isSame = finding.key === this.lastKey;
    this.occurrence = isSame ? this.occurrence + 1 : 0;
    this.lastKey = finding.key;
    const full = this.findings >= MOST || (this.findings >= LEAST && !isSame && begins(finding.key));
    const page = full ? this.end() : undefined;
    this.page.add(finding, this.occurrence);
    this.findings += 1;
    this.counts.set(finding.traits, (this.counts.get(finding.traits) ?? 0) + 1);
    return page;
  }

  /** The last page, if there is one. */
  end(): CutPage | undefined {
    if (this.findings === 0) return undefined;
    const page = { bytes: this.page.take(), counts: this.counts };
    this.findings = 0;
    this.counts = new Map();
    return page;
  }
}

/** A page as it grows: bytes are copied in once and out once, and never become text. */
class PageBytes {
  private buffer = Buffer.allocUnsafeSlow(64 * 1024);
  private used = 0;

  add({ bytes, from, to }: SortedFinding, occurrence: number): void {
    this.makeRoom(to - from + 64);
    this.ascii(this.used === 0 ? PAGE_START : ',');
    if (occurrence === 0) {
      this.copy(bytes, from, to);
      return;
    }
    const end = bytes.indexOf(WITHOUT_OCCURRENCE, from) + WITHOUT_OCCURRENCE.length;
    this.copy(bytes, from, end - 1);
    this.ascii(String(occurrence));
    this.copy(bytes, end, to);
  }

  /** In memory of their own, which may be handed over. */
  take(): Buffer {
    this.makeRoom(64);
    this.ascii(PAGE_END);
    const page = Buffer.allocUnsafeSlow(this.used);
    this.buffer.copy(page, 0, 0, this.used);
    this.used = 0;
    return page;
  }

  private copy(bytes: Buffer, from: number, to: number): void {
    this.used += bytes.copy(this.buffer, this.used, from, to);
  }

  private ascii(text: string): void {
    this.used += this.buffer.write(text, this.used, 'latin1');
  }

  private makeRoom(bytes: number): void {
    const needed = this.used + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * needed);
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}

/** The key ends in the identity's value, which is a hash: `…","<hex>"]`. */
const begins = (key: string): boolean => Number.parseInt(key.slice(-6, -2), 16) % ONE_IN === 0;
