import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'process_role' })
@Index('process_role_entry_idx', ['orgId', 'entryKey'])
@Check('process_role_version_positive', `version > 0`)
export class ProcessRoleEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'process_role_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'project_id', primaryKeyConstraintName: 'process_role_pk' })
  projectId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'process_role_pk' })
  role!: string;

  @PrimaryColumn({ type: 'uuid', name: 'holder_id', primaryKeyConstraintName: 'process_role_pk' })
  holderId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'process_role_pk' })
  version!: number;

  @Column({ type: 'boolean' })
  assigned!: boolean;

  @Column({ type: 'uuid', name: 'changed_by', nullable: true })
  changedBy!: string | null;

  @Column({ type: 'timestamptz', name: 'changed_at' })
  changedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
