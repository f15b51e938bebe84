import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'process_template' })
@Index('process_template_entry_idx', ['orgId', 'entryKey'])
@Check('process_template_version_positive', `version > 0`)
export class ProcessTemplateEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'process_template_pk' })
  orgId!: string;

  @PrimaryColumn({ type: 'text', name: 'template_id', primaryKeyConstraintName: 'process_template_pk' })
  templateId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'process_template_pk' })
  version!: number;

  @Column({ type: 'jsonb' })
  title!: object;

  @Column({ type: 'jsonb' })
  activities!: object;

  @Column({ type: 'uuid', name: 'published_by', nullable: true })
  publishedBy!: string | null;

  @Column({ type: 'timestamptz', name: 'published_at' })
  publishedAt!: Date;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
