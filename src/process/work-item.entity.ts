import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'work_item' })
@Index('work_item_entry_idx', ['orgId', 'entryKey'])
@Index('work_item_parent_idx', ['orgId', 'parentId'])
@Index('work_item_project_idx', ['orgId', 'projectId', 'caseId'])
@Check('work_item_version_positive', `version > 0`)
@Check('work_item_kind_known', `kind IN ('project', 'feature', 'story', 'fix')`)
@Check('work_item_status_known', `status IN ('planned', 'active', 'done', 'cancelled')`)
@Check('work_item_estimate_positive', `estimated_minutes > 0`)
@Check('work_item_template_is_whole', `(template_id IS NULL) = (template_version IS NULL)`)
@Check('work_item_not_its_own_parent', `parent_id <> case_id`)
export class WorkItemEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'work_item_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'case_id', primaryKeyConstraintName: 'work_item_pk' })
  caseId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'work_item_pk' })
  version!: number;

  @Column({ type: 'uuid', name: 'project_id' })
  projectId!: string;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'text', name: 'parent_id', nullable: true })
  parentId!: string | null;

  @Column({ type: 'integer', name: 'estimated_minutes', nullable: true })
  estimatedMinutes!: number | null;

  @Column({ type: 'text' })
  status!: string;

  @Column({ type: 'text', name: 'template_id', nullable: true })
  templateId!: string | null;

  @Column({ type: 'integer', name: 'template_version', nullable: true })
  templateVersion!: number | null;

  @Column({ type: 'uuid', name: 'changed_by', nullable: true })
  changedBy!: string | null;

  @Column({ type: 'timestamptz', name: 'changed_at' })
  changedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
