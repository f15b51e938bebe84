import { closeSync, existsSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { PREFIX_BYTES, type Acknowledged, type SeenCheckpoint } from './history.js';

/** Microseconds of the machine's monotonic clock: the same for all processes, and nobody sets it back. */
export const monotonicUs = (): number => Number(process.hrtime.bigint() / 1_000n);

export type HistoryEvent =
  | { readonly type: 'sent'; readonly key: Buffer; readonly name: string; readonly at: number }
  | { readonly type: 'acknowledged'; readonly ack: Acknowledged }
  | { readonly type: 'seen'; readonly checkpoint: SeenCheckpoint };

const HEX = 'hex';
const NONE = '-';
const CHUNK_BYTES = 2 ** 20;

/**
 * One writer's history, a line per event, handed to the kernel before the request is sent, so that it survives the
 * SIGKILL of the writer. One by one, each call writes; in groups, whoever sends waits for `written`, and a thousand
 * requests are one write. An answer that is lost with the process was not heard: it is asked for again.
 */
export class HistoryFile {
  readonly #file: number;
  #lines: string[] = [];
  #written: Promise<void> | undefined;

  constructor(
    path: string,
    private readonly inGroups = false,
  ) {
    this.#file = openSync(path, 'a', 0o600);
    this.#lines.push(''); // a line that our killed predecessor left half written ends here
    this.#flush();
  }

  /** `name` is what the key and the request were made from. */
  sent(key: Buffer, name: string): number {
    const at = monotonicUs();
    this.#write(`s ${key.toString(HEX)} ${name} ${at}`);
    return at;
  }

  acknowledged(ack: Omit<Acknowledged, 'ackedAt'>): void {
    const { key, seq, content, leafHash, sentAt } = ack;
    const digests = `${content?.toString(HEX, 0, PREFIX_BYTES) ?? NONE} ${leafHash?.toString(HEX) ?? NONE}`;
    this.#write(`a ${key.toString(HEX)} ${seq ?? NONE} ${digests} ${sentAt} ${monotonicUs()}`);
  }

  seen({ size, root, place }: SeenCheckpoint): void {
    this.#write(`c ${size} ${root.toString(HEX)} ${place}`);
  }

  /** Resolves when everything until now is with the kernel. */
  written(): Promise<void> {
    return this.#written ?? Promise.resolve();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #write(line: string): void {
    this.#lines.push(line);
    if (!this.inGroups) this.#flush();
    else
      this.#written ??= new Promise((resolve) => {
        setImmediate(() => {
          this.#flush();
          resolve();
        });
      });
  }

  #flush(): void {
    this.#written = undefined;
    if (this.#lines.length === 0) return;
    const bytes = Buffer.from(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
  }
}

/** The events of one file in the order in which they were written. A last line that was cut off is left out. */
export function* readHistory(path: string): Generator<HistoryEvent> {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  try {
    let rest = '';
    for (let length = 0; (length = readSync(file, chunk)) > 0;) {
      const lines = (rest + chunk.toString('latin1', 0, length)).split('\n'); // all of it is ASCII
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = parseEvent(line);
        if (event) yield event;
      }
    }
  } finally {
    closeSync(file);
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
  const fields = line.split(' ');
  const [letter, a = '', b = '', c = '', d = '', e = '', f = ''] = fields;
  if (letter !== 's' && letter !== 'a' && letter !== 'c') return undefined;
  if (fields.length !== FIELDS[letter]) return undefined;
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
