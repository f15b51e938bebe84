import { encodePage } from '../model/finding-page.js';
import { withOccurrence, type OrderedFinding } from './finding-order.js';

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
  private texts: string[] = [];
  private counts = new Map<number, number>();
  private lastKey = '';
  private occurrence = 0;

  /** The page that is full, if this finding begins another one. */
  push(finding: OrderedFinding): CutPage | undefined {
    const isSame = finding.key === this.lastKey;
    this.occurrence = isSame ? this.occurrence + 1 : 0;
    this.lastKey = finding.key;
    const full = this.texts.length >= MOST || (this.texts.length >= LEAST && !isSame && begins(finding.key));
    const page = full ? this.end() : undefined;
    this.texts.push(withOccurrence(finding.text, this.occurrence));
    this.counts.set(finding.traits, (this.counts.get(finding.traits) ?? 0) + 1);
    return page;
  }

  /** The last page, if there is one. */
  end(): CutPage | undefined {
    if (this.texts.length === 0) return undefined;
    const page = { bytes: encodePage(this.texts), counts: this.counts };
    this.texts = [];
    this.counts = new Map();
    return page;
  }
}

/** The key ends in the identity's value, which is a hash: `…","<hex>"]`. */
const begins = (key: string): boolean => Number.parseInt(key.slice(-6, -2), 16) % ONE_IN === 0;
