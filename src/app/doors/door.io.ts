import { loadConfig, type Config } from '../platform/config.js';
import type { Door } from '../platform/keys.io.js';
import { outliveFullOutput } from '../platform/log-output.io.js';

/** A door that is open: what it serves on, and how it lets go. */
export interface OpenDoor {
  /** Only the API has one. */
  readonly url?: string;
  /** Where worker and integrator serve metrics and health, if they do. */
  readonly metricsUrl?: string;
  /** Finishes what is under way, takes nothing new. Called once. */
  close(): Promise<void>;
}

/** What a door tells the process that started it, when it is ready to work. */
export interface ReadyMessage {
  readonly ready: Door;
  readonly url?: string;
}

/** Ends a door that would only end again: a person has to look, as when the integrator refuses to sign. */
export const EXIT_FOR_A_PERSON = 70;

/** Longer than what may be under way, shorter than the patience of a process manager. */
const DRAIN_LIMIT_MS = 10_000;

/**
 * The life of a door process: configuration, open, say so, then wait for the end: SIGTERM, Ctrl-C (unless
 * `npm start` is above, which stops us in order), or the death of `npm start`.
 */
export async function runDoor(door: Door, open: (config: Config) => Promise<OpenDoor>): Promise<void> {
  outliveFullOutput();
  try {
    const opened = await open(loadConfig());
    const supervised = process.send !== undefined;
    let closing: Promise<void> | undefined;
    const end = (): void => {
      closing ??= close(door, opened);
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', supervised ? () => undefined : end);
    process.on('disconnect', end);
    const message: ReadyMessage = { ready: door, ...(opened.url === undefined ? {} : { url: opened.url }) };
    if (supervised) process.send?.(message);
    else console.log(`Assay ${door} is ready${opened.url === undefined ? '' : `: ${opened.url}`}`);
  } catch (error) {
    console.error(error instanceof Error && error.name === 'ConfigInvalid' ? error.message : error);
    process.exit(1);
  }
}

async function close(door: Door, opened: OpenDoor): Promise<void> {
  const late = setTimeout(() => {
    console.error(`Assay ${door} did not finish within ${String(DRAIN_LIMIT_MS / 1000)} s`);
    process.exit(1);
  }, DRAIN_LIMIT_MS);
  try {
    await opened.close();
    clearTimeout(late);
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}
