import { closeSync, createReadStream, existsSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Acknowledged, SeenCheckpoint } from './check-history.js';

/** Microseconds of the machine's monotonic clock: the same for all processes, and nobody sets it back. */
export const monotonicUs = (): number => Number(process.hrtime.bigint() / 1_000n);

export type HistoryEvent =
  | { readonly type: 'sent'; readonly key: Buffer; readonly name: string; readonly at: number }
  | { readonly type: 'acknowledged'; readonly ack: Acknowledged }
  | { readonly type: 'seen'; readonly checkpoint: SeenCheckpoint };

const HEX = 'hex';
const NONE = '-';

/**
 * One writer's history, a line per event. Each line is handed to the kernel before the call returns, so that it
 * survives the SIGKILL of the writer: what was sent is known before it was sent.
 */
export class HistoryFile {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a', 0o600);
    writeSync(this.#file, '\n'); // a line that our killed predecessor left half written ends here
  }

  /** `name` is what the key and the request were made from. */
  sent(key: Buffer, name: string): number {
    const at = monotonicUs();
    this.#write(['s', key.toString(HEX), name, at]);
    return at;
  }

  acknowledged(ack: Omit<Acknowledged, 'ackedAt'>): void {
    const { key, seq, content, leafHash, sentAt } = ack;
    this.#write([
      'a',
      key.toString(HEX),
      seq ?? NONE,
      content?.toString(HEX) ?? NONE,
      leafHash?.toString(HEX) ?? NONE,
      sentAt,
      monotonicUs(),
    ]);
  }

  seen({ size, root, place }: SeenCheckpoint): void {
    this.#write(['c', size, root.toString(HEX), place]);
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(fields: readonly (string | number)[]): void {
    writeSync(this.#file, `${fields.join(' ')}\n`);
  }
}

/** The events of one file in the order in which they were written. A last line that was cut off is left out. */
export async function* readHistory(path: string): AsyncGenerator<HistoryEvent> {
  if (!existsSync(path)) return;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const event = parseEvent(line);
    if (event) yield event;
  }
}

/** What a writer that was killed had sent and not yet been answered, with the time of the first send. */
export function unanswered(path: string): ReadonlyMap<string, number> {
  const open = new Map<string, { name: string; at: number }>();
  for (const line of tailOf(path).split('\n').slice(0, -1)) {
    const event = parseEvent(line);
    if (event?.type === 'sent') open.set(event.key.toString(HEX), event);
    else if (event?.type === 'acknowledged') open.delete(event.ack.key.toString(HEX));
  }
  return new Map([...open.values()].map(({ name, at }) => [name, at]));
}

const TAIL_BYTES = 8 * 2 ** 20; // far more than what is under way at once

function tailOf(path: string): string {
  if (!existsSync(path)) return '';
  const length = Math.min(TAIL_BYTES, statSync(path).size);
  const bytes = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, length, statSync(path).size - length);
  } finally {
    closeSync(file);
  }
  return bytes.toString();
}

const FIELDS = { s: 4, a: 7, c: 4 } as const;

function parseEvent(line: string): HistoryEvent | undefined {
  const [letter, a = '', b = '', c = '', d = '', e = '', f = ''] = line.split(' ');
  if (letter !== 's' && letter !== 'a' && letter !== 'c') return undefined;
  if (line.split(' ').length !== FIELDS[letter]) return undefined;
  if (letter === 's') return { type: 'sent', key: Buffer.from(a, HEX), name: b, at: Number(c) };
  if (letter === 'c')
    return { type: 'seen', checkpoint: { size: Number(a), root: Buffer.from(b, HEX), place: c } };
  return {
    type: 'acknowledged',
    ack: {
      key: Buffer.from(a, HEX),
      ...(b === NONE ? {} : { seq: Number(b) }),
      ...(c === NONE ? {} : { content: Buffer.from(c, HEX) }),
      ...(d === NONE ? {} : { leafHash: Buffer.from(d, HEX) }),
      sentAt: Number(e),
      ackedAt: Number(f),
    },
  };
}
