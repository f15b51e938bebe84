import type { Instant } from '../kernel/clock.js';
import type { Digest } from '../kernel/digest.js';
import type { RecordTable } from './record-table.js';

/** How an artefact version hangs on another (settled.md, names and identity). */
export type RelationKind = 'derivedFrom' | 'shardOf' | 'supersedes';

/** `from` is derived from, is a shard of, or supersedes `to`. */
export interface Relation {
  readonly orgId: string;
  readonly fromArtId: string;
  readonly fromDigest: Digest;
  readonly relation: RelationKind;
  readonly toArtId: string;
  readonly toDigest: Digest;
  readonly statedBy: string;
  readonly statedAt: Instant;
}

export const ARTEFACT_RELATIONS: RecordTable<Relation> = {
  table: 'artefact_relation',
  columns: {
    orgId: 'uuid',
    fromArtId: 'text',
    fromDigest: 'text',
    relation: 'text',
    toArtId: 'text',
    toDigest: 'text',
    statedBy: 'uuid',
    statedAt: 'instant',
  },
  subject: ({ fromArtId, fromDigest, relation, toArtId, toDigest }) =>
    `relation/${fromArtId}@${fromDigest}/${relation}/${toArtId}@${toDigest}`,
};
