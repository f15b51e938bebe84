import { failed, ok, type Result } from '../kernel/result.js';
import { decodeBase64 } from './base64.js';
import { HASH_BYTES } from './merkle.js';
import { openNote, signNote, type NoteProblem, type NoteSigner, type NoteVerifier } from './signed-note.js';

/** What a log says of itself (C2SP tlog-checkpoint): at this size, this root. `origin` is a bare host name. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

export type CheckpointProblem =
  | NoteProblem
  | { readonly kind: 'CheckpointMalformed'; readonly detail: string }
  | { readonly kind: 'CheckpointOfOtherLog'; readonly origin: string };

/** Origin, size, root, each on its line. We write no extension lines. */
export const formatCheckpoint = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${String(size)}\n${root.toString('base64')}\n`;

/** The key's name is the origin, always. */
export const signCheckpoint = (checkpoint: Checkpoint, signer: NoteSigner): string => {
  if (signer.name !== checkpoint.origin) throw new TypeError('a checkpoint is signed under its origin');
  return signNote(formatCheckpoint(checkpoint), signer);
};

/** Strict: three lines, decimal size without leading zeros, canonical base64 of 32 bytes. */
export function parseCheckpoint(text: string): Result<Checkpoint, CheckpointProblem> {
  const [origin, decimal, encoded, end, ...extensions] = text.split('\n');
  if (!origin || extensions.length > 0 || end !== '') return malformed('three lines expected');
  const size = /^(0|[1-9]\d{0,15})$/.test(decimal ?? '') ? Number(decimal) : NaN;
  if (!Number.isSafeInteger(size)) return malformed('size is not a plain decimal number');
  const root = decodeBase64(encoded ?? '');
  if (root?.length !== HASH_BYTES) return malformed('root is not 32 bytes of base64');
  return ok({ origin, size, root });
}

/** The checkpoint of a note signed by the log that `log` names; whose signatures, origin and syntax all hold. */
export function openCheckpoint(note: string, log: NoteVerifier): Result<Checkpoint, CheckpointProblem> {
  const opened = openNote(note, [log]);
  if (!opened.ok) return opened;
  const parsed = parseCheckpoint(opened.value.text);
  if (!parsed.ok || parsed.value.origin === log.name) return parsed;
  return failed({ kind: 'CheckpointOfOtherLog', origin: parsed.value.origin });
}

const malformed = (detail: string) => failed({ kind: 'CheckpointMalformed', detail } as const);
