/** Being asked to stop, from the moment this is made until the process ends. */
export interface StopSignals {
  /** Resolves to what was received first. */
  readonly asked: Promise<string>;
  isAsked(): boolean;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C may arrive twice: from the terminal and from npm, which passes it on. */
const SAME_KEYSTROKE_MS = 500;

/** The first signal asks; a later one is impatience, and `force` is called. */
export function listenForStop(force: () => void): StopSignals {
  let askedAt: number | undefined;
  const asked = new Promise<string>((resolve) => {
    for (const signal of SIGNALS)
      process.on(signal, () => {
        if (askedAt === undefined) {
          askedAt = performance.now();
          resolve(signal);
        } else if (performance.now() - askedAt > SAME_KEYSTROKE_MS) force();
      });
  });
  return { asked, isAsked: () => askedAt !== undefined };
}
