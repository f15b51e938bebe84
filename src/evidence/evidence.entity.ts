import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ArtefactVersionEntity } from './artefact-version.entity.js';

@Entity({ schema: 'assay', name: 'evidence' })
@Index('evidence_artefact_idx', ['orgId', 'artefactDigest', 'artId'])
@Index('evidence_stored_idx', ['orgId', 'storedDigest'])
@Index('evidence_received_idx', ['orgId', 'receivedDigest'])
@Check('evidence_stored_shape', `stored_digest ~ '^sha256:[0-9a-f]{64}$'`)
@Check('evidence_received_shape', `received_digest ~ '^sha256:[0-9a-f]{64}$'`)
@Check('evidence_encoding_known', `encoding IN ('gzip', 'deflate', 'br', 'zstd')`)
@Check(
  'evidence_part_whole',
  `num_nulls(part_set, part_number, part_of) = 3 OR (num_nulls(part_set, part_number, part_of) = 0 AND part_number BETWEEN 1 AND part_of)`,
)
@Check('evidence_counts_not_negative', `size_bytes >= 0 AND masked_count >= 0`)
export class EvidenceEntity {
  @PrimaryColumn({ type: 'uuid', name: 'evidence_id', primaryKeyConstraintName: 'evidence_pk' })
  evidenceId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text', name: 'art_id' })
  artId!: string;

  @Column({ type: 'text', name: 'artefact_digest' })
  artefactDigest!: string;

  @ManyToOne(() => ArtefactVersionEntity)
  @JoinColumn([
    { name: 'org_id', referencedColumnName: 'orgId', foreignKeyConstraintName: 'evidence_artefact_fk' },
    { name: 'art_id', referencedColumnName: 'artId', foreignKeyConstraintName: 'evidence_artefact_fk' },
    {
      name: 'artefact_digest',
      referencedColumnName: 'digest',
      foreignKeyConstraintName: 'evidence_artefact_fk',
    },
  ])
  artefactVersion!: ArtefactVersionEntity;

  @Column({ type: 'text', name: 'stored_digest' })
  storedDigest!: string;

  @Column({ type: 'text', name: 'received_digest' })
  receivedDigest!: string;

  @Column({ type: 'bigint', name: 'size_bytes' })
  sizeBytes!: string;

  @Column({ type: 'integer', name: 'masked_count' })
  maskedCount!: number;

  @Column({ type: 'text', name: 'declared_format', nullable: true })
  declaredFormat!: string | null;

  @Column({ type: 'text' })
  source!: string;

  @Column({ type: 'timestamptz', name: 'collected_at' })
  collectedAt!: Date;

  @Column({ type: 'timestamptz', name: 'received_at' })
  receivedAt!: Date;

  @Column({ type: 'uuid', name: 'uploaded_by' })
  uploadedBy!: string;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;

  @Column({ type: 'text', nullable: true })
  encoding!: string | null;

  @Column({ type: 'text', name: 'part_set', nullable: true })
  partSet!: string | null;

  @Column({ type: 'integer', name: 'part_number', nullable: true })
  partNumber!: number | null;

  @Column({ type: 'integer', name: 'part_of', nullable: true })
  partOf!: number | null;

  @Column({ type: 'jsonb', name: 'tool_run', nullable: true })
  toolRun!: object | null;
}
