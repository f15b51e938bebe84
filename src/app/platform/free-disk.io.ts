import { statfs } from 'node:fs/promises';
import { Storage } from '../../api/storage.guard.js';

/** An answer holds for so long: a second of writes is far less than any sensible threshold. */
const VALID_MS = 1_000;

/** Free space of the file system of the data folder: blobs, and with the embedded database its tables and log too. */
export class FreeDisk extends Storage {
  private askedAt = -Infinity;
  private answer: Promise<boolean> = Promise.resolve(false);

  /** `minFreeBytes` 0: never low. */
  constructor(
    private readonly folder: string,
    private readonly minFreeBytes: number,
  ) {
    super();
  }

  isLow(): Promise<boolean> {
    if (this.minFreeBytes === 0) return this.answer;
    const now = performance.now();
    if (now - this.askedAt > VALID_MS) {
      this.askedAt = now;
      this.answer = this.ask();
    }
    return this.answer;
  }

  /** What cannot be measured is not called full: the write itself will say so. */
  private async ask(): Promise<boolean> {
    try {
      const { bavail, bsize } = await statfs(this.folder);
      return bavail * bsize < this.minFreeBytes;
    } catch {
      return false;
    }
  }
}
