import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'scan' })
@Index('scan_artefact_idx', ['orgId', 'artefactDigest', 'artId'])
@Index('scan_source_idx', ['orgId', 'sourceDigest'])
@Check(
  'scan_source_is_named',
  `CASE WHEN checkout IS NULL THEN source_digest LIKE 'sha256:%' ELSE source_digest LIKE 'gitCommit:%' END`,
)
export class ScanEntity {
  @PrimaryColumn({ type: 'uuid', name: 'scan_id', primaryKeyConstraintName: 'scan_pk' })
  scanId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'scan_pk' })
  scanner!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text', name: 'art_id' })
  artId!: string;

  @Column({ type: 'text', name: 'artefact_digest' })
  artefactDigest!: string;

  @Column({ type: 'text', name: 'source_digest' })
  sourceDigest!: string;

  @Column({ type: 'text', nullable: true })
  checkout!: string | null;

  @Column({ type: 'uuid', name: 'requested_by' })
  requestedBy!: string;

  @Column({ type: 'timestamptz', name: 'requested_at' })
  requestedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
