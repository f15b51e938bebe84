import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ArtefactEntity } from './artefact.entity.js';

@Entity({ schema: 'assay', name: 'artefact_version' })
@Index('artefact_version_digest_idx', ['orgId', 'digest'])
@Check(
  'artefact_version_digest_shape',
  `digest ~ '^(sha256:[0-9a-f]{64}|gitCommit:[0-9a-f]{40}([0-9a-f]{24})?)$'`,
)
export class ArtefactVersionEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'artefact_version_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'art_id', primaryKeyConstraintName: 'artefact_version_pk' })
  artId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'artefact_version_pk' })
  digest!: string;

  @ManyToOne(() => ArtefactEntity)
  @JoinColumn([
    {
      name: 'org_id',
      referencedColumnName: 'orgId',
      foreignKeyConstraintName: 'artefact_version_artefact_fk',
    },
    {
      name: 'art_id',
      referencedColumnName: 'artId',
      foreignKeyConstraintName: 'artefact_version_artefact_fk',
    },
  ])
  artefact!: ArtefactEntity;

  @Column({ type: 'uuid', name: 'author_id', nullable: true })
  authorId!: string | null;

  @Column({ type: 'text', name: 'act_id', nullable: true })
  actId!: string | null;

  @Column({ type: 'text', name: 'case_id', nullable: true })
  caseId!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  agent!: object | null;

  @Column({ type: 'uuid', name: 'registered_by' })
  registeredBy!: string;

  @Column({ type: 'timestamptz', name: 'registered_at' })
  registeredAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
