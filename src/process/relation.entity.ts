import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'artefact_relation' })
@Index('artefact_relation_entry_idx', ['orgId', 'entryKey'])
@Index('artefact_relation_to_idx', ['orgId', 'toArtId', 'toDigest'])
@Check('artefact_relation_relation_known', `relation IN ('derivedFrom', 'shardOf', 'supersedes')`)
@Check('artefact_relation_not_to_itself', `(from_art_id, from_digest) <> (to_art_id, to_digest)`)
export class ArtefactRelationEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'artefact_relation_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'from_art_id', primaryKeyConstraintName: 'artefact_relation_pk' })
  fromArtId!: string;

  @PrimaryColumn({ type: 'text', name: 'from_digest', primaryKeyConstraintName: 'artefact_relation_pk' })
  fromDigest!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'artefact_relation_pk' })
  relation!: string;

  @PrimaryColumn({ type: 'text', name: 'to_art_id', primaryKeyConstraintName: 'artefact_relation_pk' })
  toArtId!: string;

  @PrimaryColumn({ type: 'text', name: 'to_digest', primaryKeyConstraintName: 'artefact_relation_pk' })
  toDigest!: string;

  @Column({ type: 'uuid', name: 'stated_by' })
  statedBy!: string;

  @Column({ type: 'timestamptz', name: 'stated_at' })
  statedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
