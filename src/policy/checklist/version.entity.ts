import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'assay', name: 'checklist_version' })
@Check('checklist_version_digest_shape', `digest ~ '^sha256:[0-9a-f]{64}$'`)
@Check('checklist_version_number', `version > 0`)
@Check('checklist_version_id_shape', `chk_id ~ '^CHK_[A-Z0-9_-]+$'`)
export class ChecklistVersionEntity {
  @PrimaryColumn({ type: 'uuid', name: 'org_id', primaryKeyConstraintName: 'checklist_version_pk' })
  orgId!: string;

  @ManyToOne('OrganisationEntity')
  @JoinColumn({ name: 'org_id', foreignKeyConstraintName: 'checklist_version_org_fk' })
  organisation!: unknown;

  @PrimaryColumn({ type: 'text', name: 'chk_id', primaryKeyConstraintName: 'checklist_version_pk' })
  chkId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'checklist_version_pk' })
  version!: number;

  @Column({ type: 'text' })
  digest!: string;

  @Column({ type: 'text' })
  document!: string;

  @Column({ type: 'timestamptz', name: 'published_at' })
  publishedAt!: Date;

  @Column({ type: 'uuid', name: 'published_by', nullable: true })
  publishedBy!: string | null;

  /** Published by a version of the service that knew no activation: in force until the first one. */
  @Column({ type: 'boolean', name: 'active_when_published', default: false })
  activeWhenPublished!: boolean;

  @Column({ type: 'bytea', name: 'entry_key' })
  entryKey!: Buffer;
}
