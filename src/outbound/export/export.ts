import { canonicalJson, type JsonObject } from '../../kernel/canonical-json.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256, type Digest } from '../../kernel/digest.js';
import type { IdempotencyKey } from '../../kernel/id.js';

/** Which decisions a pack holds. Members that were not given are absent; times are RFC 3339 UTC text. */
export interface ExportQuery {
  /** Decided at or after. */
  readonly from?: string;
  /** Decided before. */
  readonly to?: string;
  /** Artefacts registered under this project. */
  readonly projectId?: string;
  readonly gateId?: string;
  readonly artefactDigest?: Digest;
}

export interface ExportWitness {
  readonly name: string;
  readonly vkey: string;
  readonly url?: string;
}

/**
 * What the pack says of the installation, as it was when the pack was asked for. It stands in the request's entry,
 * so that a later change of a key, a witness or the program does not change what the request asked for.
 */
export interface ExportSettings {
  /** Of the program. */
  readonly generatorVersion: string;
  /** Of the log: its public key in C2SP form, and an instant before which it signed nothing. */
  readonly log: { readonly origin: string; readonly vkey: string; readonly since: string };
  /** SubjectPublicKeyInfo in base64, the current one first. */
  readonly decisionKeys: readonly string[];
  /** SHA-256 of the SubjectPublicKeyInfo that the manifest is to be signed under. */
  readonly exportKey: Digest;
  /** Absent when none is configured. */
  readonly witnesses?: ExportWitnesses | FormerWitnesses;
}

/** The configured policy of witnesses (C2SP tlog-policy). */
export interface ExportWitnesses {
  readonly members: readonly ExportWitness[];
  /** In their order: a member stands before the group. `rule` is `all`, `any` or a number. */
  readonly groups: readonly {
    readonly name: string;
    readonly rule: string;
    readonly members: readonly string[];
  }[];
  /** Name of a member or group; null when nobody has to have cosigned. */
  readonly quorum: string | null;
}

/** As entries before groups were recorded have it: so many of the members. Entries stay as they are. */
export interface FormerWitnesses {
  readonly members: readonly ExportWitness[];
  readonly quorum: number;
}

/** A pack that was asked for. Immutable. */
export interface ExportRequest {
  readonly exportId: string;
  readonly orgId: string;
  readonly query: ExportQuery;
  /** Latest when it was asked for; the pack covers the entries below `size`. */
  readonly checkpoint: { readonly size: number; readonly note: string };
  /** The note that the caller kept from an earlier year. */
  readonly previousCheckpoint: string | null;
  readonly settings: ExportSettings;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  readonly entryKey: IdempotencyKey;
}

/** What is in a pack, as its manifest counts it. */
export interface PackCounts {
  readonly entries: number;
  readonly decisions: number;
  readonly erased: number;
  readonly masked: number;
}

/** A pack that was made: a tar in the blob store of its organisation. Immutable. */
export interface ExportPack {
  readonly exportId: string;
  readonly orgId: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly counts: PackCounts;
  readonly madeAt: Instant;
  readonly entryKey: IdempotencyKey;
}

/** Why a pack was not made. Stable codes; the log has the rest. */
export type ExportFailure =
  /** The worker holds another export key than the request names: ask again. */
  | 'EXPORT_KEY_CHANGED'
  /** What is stored contradicts its checkpoint, its entry or itself: run the verifier. */
  | 'LEDGER_CONTRADICTS'
  /** An outage or a fault of ours; it is tried again. */
  | 'INTERRUPTED';

/** How far the making is. Nothing is judged by it. */
export interface ExportRun {
  readonly state: 'running' | 'failed';
  /** Files. */
  readonly done: number;
  readonly total: number;
  readonly startedAt: Instant;
  readonly updatedAt: Instant;
  readonly failure: ExportFailure | null;
}

/** A request with what came of it. */
export interface ExportRecord {
  readonly request: ExportRequest;
  /** Of the entry that recorded the request. */
  readonly seq: number;
  readonly pack: ExportPack | null;
  readonly run: ExportRun | null;
}

export type ExportState = 'REQUESTED' | 'RUNNING' | 'DONE' | 'FAILED';

export function stateOf({ pack, run }: Pick<ExportRecord, 'pack' | 'run'>): ExportState {
  if (pack) return 'DONE';
  if (!run) return 'REQUESTED';
  return run.state === 'failed' ? 'FAILED' : 'RUNNING';
}

/** Milliseconds until it is done if it goes on as it did; null while nobody can tell. */
export function etaOf({ pack, run }: Pick<ExportRecord, 'pack' | 'run'>): number | null {
  if (pack) return 0;
  if (run?.state !== 'running' || run.done === 0 || run.updatedAt <= run.startedAt) return null;
  return Math.round(((run.updatedAt - run.startedAt) * (run.total - run.done)) / run.done);
}

/** Nothing more will happen to it by itself. What was interrupted is tried again. */
export const isOver = (record: Pick<ExportRecord, 'pack' | 'run'>): boolean =>
  record.pack !== null || (stateOf(record) === 'FAILED' && record.run?.failure !== 'INTERRUPTED');

/** Under which its progress is told (kernel/progress-channel.ts). */
export const topicOf = (exportId: string): string => `export:${exportId}`;

/** What makes two requests under one key the same request. The checkpoint is not: it moves on by itself. */
export const asksForSame = (one: ExportRequest, other: ExportRequest): boolean =>
  canonicalJson(askedOf(one)) === canonicalJson(askedOf(other));

const askedOf = ({ query, previousCheckpoint }: ExportRequest): JsonObject => ({
  query: { ...query },
  previousCheckpoint,
});

export const noteDigest = (note: string): Digest => sha256(note);
