import pino, { type DestinationStream } from 'pino';

/** Kept while they cannot be written; beyond it lines are dropped. Characters, which is bytes in our logs. */
const KEPT_AT_MOST = 2 ** 20;

export interface LogOutput {
  readonly stream: DestinationStream;
  /** Called when lines are written again after some were dropped, with how many those were. */
  onResumed(tell: (dropped: number) => void): void;
}

/**
 * Standard output for a log. Where it is a file on a disk that is full, lines are kept, then dropped and counted:
 * a log that cannot be written must not end the process, whose answers matter more.
 */
export function logOutput(fileDescriptor = 1): LogOutput {
  const stream = pino.destination({ dest: fileDescriptor, sync: true, maxLength: KEPT_AT_MOST });
  let dropped = 0;
  let tell: (dropped: number) => void = () => undefined;
  stream.on('error', () => undefined); // unheard it would end the process; the line is tried again with the next
  stream.on('drop', () => (dropped += 1));
  stream.on('write', () => {
    if (dropped === 0) return;
    const lost = dropped;
    dropped = 0;
    setImmediate(() => {
      tell(lost);
    });
  });
  return { stream, onResumed: (listener) => (tell = listener) };
}

/** What a disk says that cannot take more, or that fails; and not that a reader has gone. */
const DISK_REFUSES = new Set(['ENOSPC', 'EDQUOT', 'EIO']);

/**
 * The same for `console`, whose streams report a failed write as an error that nobody hears and that ends the process:
 * what cannot be said is left out. A reader that is gone (EPIPE) ends it still.
 */
export function outliveFullOutput(
  streams: readonly NodeJS.EventEmitter[] = [process.stdout, process.stderr],
): void {
  for (const stream of streams)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!DISK_REFUSES.has(error.code ?? '')) throw error;
    });
}
