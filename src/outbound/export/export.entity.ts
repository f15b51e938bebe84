import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

@Entity({ schema: 'assay', name: 'export' })
@Unique('export_key_unique', ['orgId', 'entryKey'])
@Index('export_list_idx', { synchronize: false })
@Check('export_checkpoint_not_empty', `checkpoint_size > 0`)
export class ExportEntity {
  @PrimaryColumn({ type: 'uuid', name: 'export_id', primaryKeyConstraintName: 'export_pk' })
  exportId!: string;

  @Column({ type: 'uuid', name: 'org_id' })
  orgId!: string;

  @Column({ type: 'jsonb' })
  query!: object;

  @Column({ type: 'bigint', name: 'checkpoint_size' })
  checkpointSize!: string;

  @Column({ type: 'text', name: 'checkpoint_note' })
  checkpointNote!: string;

  @Column({ type: 'text', name: 'previous_checkpoint', nullable: true })
  previousCheckpoint!: string | null;

  @Column({ type: 'jsonb' })
  settings!: object;

  @Column({ type: 'uuid', name: 'requested_by' })
  requestedBy!: string;

  @Column({ type: 'timestamptz', name: 'requested_at' })
  requestedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
