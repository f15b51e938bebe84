import { Check, Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { ExportEntity } from './export.entity.js';

@Entity({ schema: 'assay', name: 'export_pack' })
@Check('export_pack_digest_shape', `digest ~ '^sha256:[0-9a-f]{64}$'`)
@Check('export_pack_not_empty', `size_bytes > 0`)
export class ExportPackEntity {
  @PrimaryColumn({ type: 'uuid', name: 'export_id', primaryKeyConstraintName: 'export_pack_pk' })
  exportId!: string;

  @OneToOne(() => ExportEntity)
  @JoinColumn({ name: 'export_id', foreignKeyConstraintName: 'export_pack_export_fk' })
  export!: ExportEntity;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'text' })
  digest!: string;

  @Column({ type: 'bigint', name: 'size_bytes' })
  sizeBytes!: string;

  @Column({ type: 'jsonb' })
  counts!: object;

  @Column({ type: 'timestamptz', name: 'made_at' })
  madeAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
