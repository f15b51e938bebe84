import type { ProcessContext } from '../../kernel/actor.js';
import { toRfc3339, type Instant } from '../../kernel/clock.js';
import type { Digest } from '../../kernel/digest.js';
import { openCheckpoint, type Checkpoint } from '../../ledger/checkpoint.js';
import { originOf, type RecordedContinuation } from '../../ledger/continuation.js';
import { parseVkey, type NoteVerifier } from '../../ledger/signed-note.js';
import type { ExportQuery } from './export.js';
import type { ExportProblem } from './problem.js';

/** What somebody asks for, as it was given. */
export interface RequestExport {
  readonly from?: Instant;
  readonly to?: Instant;
  /** Its slug or its id. */
  readonly projectId?: string;
  readonly gateId?: string;
  readonly artefactDigest?: Digest;
  /** A signed note of this log. */
  readonly previousCheckpoint?: string;
  readonly context?: ProcessContext;
  readonly idempotencyKey: string;
}

type InvalidInput = Extract<ExportProblem, { kind: 'InvalidInput' }>;

/** A note with sixteen signatures has about 3,000 bytes. */
const MAX_NOTE_BYTES = 16_384;
const MAX_KEY_LENGTH = 200;

/** What is wrong with the request by itself; the rest takes a look at the ledger. */
export function faultOf({ from, to, idempotencyKey }: RequestExport): InvalidInput | undefined {
  if (from !== undefined && to !== undefined && from >= to)
    return invalid('to', 'a time after input.from: decisions at `from` count, those at `to` do not');
  if (idempotencyKey === '' || idempotencyKey.length > MAX_KEY_LENGTH)
    return invalid('idempotencyKey', `1 to ${String(MAX_KEY_LENGTH)} characters`);
  return undefined;
}

/**
 * What is wrong with the checkpoint that the caller kept. It must be one of this log or of one that it continues, and
 * of no later size: whether
 * the log grew out of it is proved by the pack itself, offline, because that is the answer the caller wants.
 */
export function faultOfPrevious(
  note: string,
  { log, former }: Signers,
  latest: Checkpoint,
): InvalidInput | undefined {
  const path = 'previousCheckpoint';
  if (Buffer.byteLength(note) > MAX_NOTE_BYTES)
    return invalid(path, `at most ${String(MAX_NOTE_BYTES)} bytes`);
  const origin = originOf(note);
  const continued = origin === log.name ? undefined : former.find((each) => each.formerOrigin === origin);
  const formerKey = continued && parseVkey(continued.formerVkey);
  const key = formerKey?.ok ? formerKey.value : log;
  const opened = openCheckpoint(note, key);
  if (!opened.ok)
    return invalid(path, `a checkpoint signed by ${key.name}, verbatim (${opened.problem.kind})`);
  const most = Math.min(latest.size, continued?.keptSize ?? latest.size);
  if (opened.value.size <= most) return undefined;
  const why = continued
    ? `kept of ${origin}, as entry ${String(continued.seq)} says`
    : 'the size signed last';
  return invalid(path, `a checkpoint of at most ${String(most)} entries, ${why}`);
}

/** Whose checkpoints may be brought. */
interface Signers {
  readonly log: NoteVerifier;
  readonly former: readonly RecordedContinuation[];
}

/** As it is recorded; `projectId` is the project's id by now. */
export const queryOf = (
  { from, to, gateId, artefactDigest }: RequestExport,
  projectId?: string,
): ExportQuery => ({
  ...(from !== undefined && { from: toRfc3339(from) }),
  ...(to !== undefined && { to: toRfc3339(to) }),
  ...(projectId !== undefined && { projectId }),
  ...(gateId !== undefined && { gateId }),
  ...(artefactDigest !== undefined && { artefactDigest }),
});

export const invalid = (field: string, expected: string): InvalidInput => ({
  kind: 'InvalidInput',
  path: `input.${field}`,
  expected,
});
