/**
 * The last signed checkpoint, kept in a second place: another volume, an object store. A database that was
 * restored from a backup, or a stand-by that lagged, cannot forget what this place remembers.
 */
export interface CheckpointCopy {
  /** The note as last stored; undefined when there has never been one. */
  read(): Promise<string | undefined>;
  /**
   * Replaces `expected` by `next`, durably and wholly or not at all. False, and nothing changed, when the stored
   * note is not `expected`: somebody else signs for this log.
   */
  replace(expected: string | undefined, next: string): Promise<boolean>;
}
