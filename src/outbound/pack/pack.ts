import type { KeyObject } from 'node:crypto';
import type { Instant } from '../../kernel/clock.js';

/** One file of a pack. */
export interface PackFile {
  /** Relative, `/` between folders, printable ASCII, at most 100 bytes. */
  readonly path: string;
  /** Bytes in all chunks. */
  readonly size: number;
  /** A stream is to be read once and to the end, before the next file is asked for; a list may be read at any time. */
  readonly chunks: AsyncIterable<Buffer> | readonly Buffer[];
}

/** What was asked for; members that were not given are absent. Times are RFC 3339 UTC text. */
export interface PackQuery {
  /** Decided at or after. */
  readonly from?: string;
  /** Decided before. */
  readonly to?: string;
  readonly projectId?: string;
  readonly gateId?: string;
  readonly artefactDigest?: string;
}

/** The entry `export.requested`, and what it fixed. All of it goes into the pack: nothing here may vary between two makings. */
export interface PackRequest {
  readonly seq: number;
  /** When it was recorded (`tsEnd` of the entry). */
  readonly at: Instant;
  /** Pseudonym of who asked. */
  readonly actor: string;
  /** 32 bytes. */
  readonly leafHash: Buffer;
  readonly query: PackQuery;
  /** The signed note, verbatim, with all its cosignatures. */
  readonly checkpoint: string;
  /** The note the asker brought, verbatim. */
  readonly previousCheckpoint?: string;
  /** Version of this program when the request was recorded. */
  readonly generatorVersion: string;
}

export interface PackWitness {
  /** Without white space; not `none`. */
  readonly name: string;
  readonly vkey: string;
  readonly url?: string;
}

/** Who must have cosigned (C2SP tlog-policy). */
export interface PackWitnesses {
  readonly members: readonly PackWitness[];
  /** In their order: a member stands before the group. `rule` is `all`, `any` or a number. */
  readonly groups: readonly {
    readonly name: string;
    readonly rule: string;
    readonly members: readonly string[];
  }[];
  /** Name of a member or group; null when nobody has to have cosigned. */
  readonly quorum: string | null;
}

/** The keys a pack speaks of. Only `export` is private. */
export interface PackKeys {
  readonly log: {
    /** The bare host name under which the log signs. */
    readonly origin: string;
    /** Ed25519. */
    readonly publicKey: KeyObject;
    /** From when on the key was in use: any fixed instant not after the first checkpoint. */
    readonly since: Instant;
  };
  /** P-256 public keys, the current one first: others' tools read only the first. */
  readonly decisions: readonly KeyObject[];
  /** Ed25519 private key; signs the manifest. */
  readonly export: KeyObject;
  /** Absent when none is configured. */
  readonly witnesses?: PackWitnesses;
}

/** Why no pack can be made: what the source says contradicts the checkpoint, the leaves or itself. Always an alarm. */
export class PackRefused extends Error {
  override readonly name = 'PackRefused';

  constructor(
    readonly reason: 'checkpoint' | 'log' | 'decision' | 'source-changed' | 'keys',
    detail: string,
    /** The entry at fault, where there is one. */
    readonly seq?: number,
  ) {
    super(seq === undefined ? detail : `entry ${String(seq)}: ${detail}`);
  }
}

/** A file that is in memory already. */
export function smallFile(path: string, content: string | Buffer): PackFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { path, size: bytes.length, chunks: [bytes] };
}
