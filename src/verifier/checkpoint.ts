import { fromBase64, HASH_BYTES } from './bytes.js';
import type { Crypto } from './crypto.port.js';
import { Refusal, shown, type Code } from './finding.js';
import { isBy, parseNote, verifyLine, type Note, type Vkey } from './note.js';

/** What a log says of itself (C2SP tlog-checkpoint): at this size, this root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** The whole signed note, as it is in the file. */
  readonly note: string;
  readonly parsed: Note;
}

/** Syntax only. Three lines, no extension; decimal size without leading zeros; canonical base64 of 32 bytes. */
export function parseCheckpoint(note: string, path: string): Checkpoint {
  const parsed = parseNote(note, path);
  const [origin = '', decimal = '', encoded = '', end, ...more] = parsed.text.split('\n');
  const refuse = (line: number, detail: string) =>
    new Refusal('checkpoint-malformed', path, detail, `line ${line}`);
  if (!/^[^\s+]+$/u.test(origin)) throw refuse(1, 'not an origin');
  const size = /^(0|[1-9]\d{0,15})$/.test(decimal) ? Number(decimal) : NaN;
  if (!Number.isSafeInteger(size)) throw refuse(2, 'not a decimal size without leading zeros');
  const root = fromBase64(encoded);
  if (root?.length !== HASH_BYTES) throw refuse(3, 'not canonical base64 of 32 bytes');
  if (end !== '' || more.length > 0) throw refuse(4, 'a line beside origin, size and root');
  return { origin, size, root, note, parsed };
}

/** Which codes to refuse with: the pack's checkpoint and an earlier one mean different things. */
export interface SignedBy {
  readonly key: Vkey;
  readonly origin: Code;
  readonly signature: Code;
}

/** Origin and the one signature of the log. Lines of others are left to the caller. */
export async function requireLogSignature(
  crypto: Crypto,
  { origin, parsed }: Checkpoint,
  by: SignedBy,
  path: string,
): Promise<void> {
  const { key } = by;
  if (origin !== key.name) {
    throw new Refusal(
      by.origin,
      path,
      `of ${shown(origin)}, the key is that of ${shown(key.name)}`,
      'line 1',
    );
  }
  const mine = parsed.lines.filter((line) => isBy(line, key));
  const [line, ...again] = mine;
  if (!line) throw new Refusal(by.signature, path, `no signature of ${shown(key.name)} with this key`);
  if (again.length > 0) throw new Refusal(by.signature, path, 'signed twice by the log');
  if (!(await verifyLine(crypto, parsed.text, line, key))) {
    throw new Refusal(by.signature, path, `the signature of ${shown(key.name)} does not verify`);
  }
}
