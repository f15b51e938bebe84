import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'scan_source' })
@Check('scan_source_digest_shape', `digest ~ '^sha256:[0-9a-f]{64}$'`)
@Check('scan_source_size', `size_bytes > 0`)
export class ScanSourceEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'scan_source_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'scan_source_pk' })
  digest!: string;

  @Column({ type: 'bigint', name: 'size_bytes' })
  sizeBytes!: string;

  @Column({ type: 'uuid', name: 'uploaded_by' })
  uploadedBy!: string;

  @Column({ type: 'timestamptz', name: 'uploaded_at' })
  uploadedAt!: Date;

  @Column({ type: 'timestamptz', name: 'removed_at', nullable: true })
  removedAt!: Date | null;
}
