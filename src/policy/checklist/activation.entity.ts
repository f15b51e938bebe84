import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { ChecklistVersionEntity } from './version.entity.js';

@Entity({ schema: 'assay', name: 'checklist_activation' })
@Unique('checklist_activation_key_unique', ['orgId', 'entryKey'])
@Check('checklist_activation_number', `activation >= 1`)
export class ChecklistActivationEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'checklist_activation_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'chk_id', primaryKeyConstraintName: 'checklist_activation_pk' })
  chkId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'checklist_activation_pk' })
  activation!: number;

  @Column({ type: 'integer' })
  version!: number;

  @ManyToOne(() => ChecklistVersionEntity)
  @JoinColumn([
    {
      name: 'org_id',
      referencedColumnName: 'orgId',
      foreignKeyConstraintName: 'checklist_activation_version_fk',
    },
    {
      name: 'chk_id',
      referencedColumnName: 'chkId',
      foreignKeyConstraintName: 'checklist_activation_version_fk',
    },
    {
      name: 'version',
      referencedColumnName: 'version',
      foreignKeyConstraintName: 'checklist_activation_version_fk',
    },
  ])
  checklist!: ChecklistVersionEntity;

  @Column({ type: 'integer', name: 'previous_version', nullable: true })
  previousVersion!: number | null;

  @Column({ type: 'timestamptz', name: 'activated_at' })
  activatedAt!: Date;

  @Column({ type: 'uuid', name: 'activated_by', nullable: true })
  activatedBy!: string | null;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
